import t from 'tap'
import type { ControlPlane } from '../../src/server/control-plane.js'
import { addPerson, call, list } from '../fixtures/test-plane.js'
import { openPlaneWorld } from './plane-world.js'
import { applyUntil, codes, say, writing } from './world.js'

/*
 * What has a reference in its natural key goes along when the object that it refers to moves to another address, before it is
 * looked for by its own key: a configuration with its person, and a role with its configuration.
 */

/** Persons by key, as `{ b = "a" }`: the account a@x.com at the address p["b"], each with a configuration. */
type Keys = Readonly<Record<string, string>>

const people = (keys: Keys) => `
  provider "trifacta" { endpoint = "embedded" }
  locals { people = { ${Object.entries(keys)
    .map(([key, name]) => `${key} = "${name}"`)
    .join(', ')} } }
  resource "trifacta_person" "p" {
    for_each = local.people
    email    = "\${each.value}@x.com"
  }`
const configs = (bucket = 'acme') => `
  resource "trifacta_aws_config" "c" {
    for_each            = local.people
    person_id           = trifacta_person.p[each.key].id
    credential_provider = "temporary"
    role                = "arn:aws:iam::123456789012:role/\${each.value}"
    default_bucket      = "${bucket}"
  }`
const roles = `
  resource "trifacta_aws_role" "r" {
    for_each      = local.people
    aws_config_id = trifacta_aws_config.c[each.key].id
    role          = "arn:aws:iam::123456789012:role/second-\${each.value}"
  }`
const p = (key: string) => `trifacta_person.p["${key}"]`
const c = (key: string) => `trifacta_aws_config.c["${key}"]`
const r = (key: string) => `trifacta_aws_role.r["${key}"]`

/** By the name of its person, the id of each configuration. */
async function configIds(plane: ControlPlane): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const { email, awsConfig } of await list(plane, '/people'))
    if (awsConfig !== null) found[String(email).replace('@x.com', '')] = (awsConfig as { id: unknown }).id
  return found
}

t.test('configurations whose keys shift with those of their persons move, and nothing is sent', async (t) => {
  const { world } = await openPlaneWorld(t)
  await world.given(people({ a: 'a', b: 'b' }) + configs())
  const shifted = people({ b: 'a', c: 'b' }) + configs()
  const applied = await world.apply(shifted)
  t.strictSame(applied.errors, [])
  t.strictSame([...applied.changes].sort(), [
    `move ${c('b')} from ${c('a')}`,
    `move ${c('c')} from ${c('b')}`,
    `move ${p('b')} from ${p('a')}`,
    `move ${p('c')} from ${p('b')}`,
  ])
  t.strictSame(writing(applied.requests), [])
  t.strictSame((await world.row(c('b')))?.dependsOn, [p('b')])
  t.strictSame((await world.plan(shifted)).changes, [])
})

t.test('so do the roles on top of them, which follow their configurations', async (t) => {
  const { world } = await openPlaneWorld(t)
  await world.given(people({ a: 'a', b: 'b' }) + configs() + roles)
  const shifted = people({ b: 'a', c: 'b' }) + configs() + roles
  const applied = await world.apply(shifted)
  t.strictSame(applied.errors, [])
  t.strictSame(applied.changes.filter((change) => change.includes('role')).sort(), [
    `move ${r('b')} from ${r('a')}`,
    `move ${r('c')} from ${r('b')}`,
  ])
  t.strictSame(writing(applied.requests), [])
  t.strictSame((await world.plan(shifted)).changes, [])
})

t.test('what changes in them beside the key is an update that shows where they come from', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await world.given(people({ a: 'a', b: 'b' }) + configs())
  const before = await configIds(plane)
  const shifted = people({ b: 'a', c: 'b' }) + configs('other')
  const applied = await world.apply(shifted)
  t.strictSame(applied.errors, [])
  t.strictSame(applied.changes.filter((change) => change.includes('config')).sort(), [
    `update ${c('b')} from ${c('a')}: default_bucket`,
    `update ${c('c')} from ${c('b')}: default_bucket`,
  ])
  t.strictSame(writing(applied.requests).length, 2)
  t.strictSame(await configIds(plane), before)
  t.strictSame((await world.plan(shifted)).changes, [])
})

t.test('a new person at the beginning of a chain gets a configuration of its own', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await world.given(people({ a: 'a', b: 'b' }) + configs() + roles)
  const before = await configIds(plane)
  const next = people({ a: 'new', b: 'a', c: 'b' }) + configs() + roles
  const applied = await world.apply(next)
  t.strictSame(applied.errors, [])
  t.strictSame([...applied.changes].sort(), [
    `create ${c('a')}`,
    `create ${r('a')}`,
    `create ${p('a')}`,
    `move ${c('b')} from ${c('a')}`,
    `move ${c('c')} from ${c('b')}`,
    `move ${r('b')} from ${r('a')}`,
    `move ${r('c')} from ${r('b')}`,
    `move ${p('b')} from ${p('a')}`,
    `move ${p('c')} from ${p('b')}`,
  ])
  t.match(await configIds(plane), before)
  t.strictSame((await world.plan(next)).changes, [])
})

t.test('from count to for_each they move with their persons', async (t) => {
  const { world } = await openPlaneWorld(t)
  const counted = `
    provider "trifacta" { endpoint = "embedded" }
    locals { names = ["a", "b"] }
    resource "trifacta_person" "p" {
      count = length(local.names)
      email = "\${local.names[count.index]}@x.com"
    }
    resource "trifacta_aws_config" "c" {
      count               = length(local.names)
      person_id           = trifacta_person.p[count.index].id
      credential_provider = "temporary"
      role                = "arn:aws:iam::123456789012:role/\${local.names[count.index]}"
      default_bucket      = "acme"
    }`
  await world.given(counted)
  const keyed = people({ a: 'a', b: 'b' }) + configs()
  const applied = await world.apply(keyed)
  t.strictSame(applied.errors, [])
  t.strictSame([...applied.changes].sort(), [
    `move ${c('a')} from trifacta_aws_config.c[0]`,
    `move ${c('b')} from trifacta_aws_config.c[1]`,
    `move ${p('a')} from trifacta_person.p[0]`,
    `move ${p('b')} from trifacta_person.p[1]`,
  ])
  t.strictSame(writing(applied.requests), [])
  const fewer = counted.replace('["a", "b"]', '["b"]')
  const back = await world.apply(fewer)
  t.strictSame(back.errors, [])
  t.strictSame(back.changes.slice(0, 2), [
    `move trifacta_person.p[0] from ${p('b')}`,
    `move trifacta_aws_config.c[0] from ${c('b')}`,
  ])
  t.strictSame((await world.plan(fewer)).changes, [])
})

t.test('removing a person from the middle of a count moves what the ones behind have', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  const counted = (names: string) => `
    provider "trifacta" { endpoint = "embedded" }
    locals { names = [${names}] }
    resource "trifacta_person" "p" {
      count = length(local.names)
      email = "\${local.names[count.index]}@x.com"
    }
    resource "trifacta_aws_config" "c" {
      count               = length(local.names)
      person_id           = trifacta_person.p[count.index].id
      credential_provider = "temporary"
      role                = "arn:aws:iam::123456789012:role/\${local.names[count.index]}"
      default_bucket      = "acme"
    }`
  await world.given(counted('"a", "b", "c"'))
  const before = await configIds(plane)
  const applied = await world.apply(counted('"a", "c"'))
  t.strictSame(applied.errors, [])
  t.strictSame([...applied.changes].sort(), [
    'delete trifacta_aws_config.c[1] (deposed)',
    'delete trifacta_person.p[1] (deposed)',
    'move trifacta_aws_config.c[1] from trifacta_aws_config.c[2]',
    'move trifacta_person.p[1] from trifacta_person.p[2]',
  ])
  t.strictSame(await configIds(plane), { a: before.a, c: before.c })
  t.strictSame((await world.plan(counted('"a", "c"'))).changes, [])
})

t.test('a configuration that nobody wants is changed to belong to whom its address names now', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  const one = (key: string) => `
  resource "trifacta_aws_config" "c" {
    for_each            = toset(["${key}"])
    person_id           = trifacta_person.p[each.key].id
    credential_provider = "temporary"
    role                = "arn:aws:iam::123456789012:role/one"
    default_bucket      = "acme"
  }`
  await world.given(people({ a: 'a', b: 'b' }) + one('b'))
  const before = await configIds(plane)
  const shifted = people({ b: 'a', c: 'b' }) + one('b')
  const applied = await world.apply(shifted)
  t.strictSame(applied.errors, [])
  t.match(
    applied.changes.filter((change) => change.includes('config')),
    [/^update trifacta_aws_config\.c\["b"\]: person_id/],
  )
  t.strictSame(await configIds(plane), { a: before.b })
  t.strictSame((await world.plan(shifted)).changes, [])
})

t.test(
  'a person that is given another configuration on purpose, and has not moved, keeps to the text',
  async (t) => {
    const { world } = await openPlaneWorld(t)
    const config = (key: string) => `
  resource "trifacta_aws_config" "one" {
    person_id           = trifacta_person.p["${key}"].id
    credential_provider = "temporary"
    role                = "arn:aws:iam::123456789012:role/one"
    default_bucket      = "acme"
  }`
    await world.given(people({ a: 'a', b: 'b' }) + config('a'))
    const planned = await world.plan(people({ a: 'a', b: 'b' }) + config('b'))
    t.match(planned.changes, [/^update trifacta_aws_config\.one: person_id/])
  },
)

t.test('a target brings along the configuration that its address gives up', async (t) => {
  const { world } = await openPlaneWorld(t)
  await world.given(people({ a: 'a', b: 'b' }) + configs())
  const shifted = people({ b: 'a', c: 'b' }) + configs()
  const applied = await world.apply(shifted, { targets: [c('b')] })
  t.strictSame(applied.errors, [])
  t.strictSame(writing(applied.requests), [])
  t.strictSame((await world.plan(shifted)).changes, [])
})

t.test('what an address was given by a person that is adopted follows the person who moved', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await world.given(people({ a: 'a' }) + configs())
  const before = await configIds(plane)
  await addPerson(plane, 'there@x.com')
  const next = people({ a: 'there', b: 'a' }) + configs()
  const applied = await world.apply(next)
  t.strictSame(applied.errors, [])
  t.strictSame([...applied.changes].sort(), [
    `adopt ${p('a')}`,
    `create ${c('a')}`,
    `move ${c('b')} from ${c('a')}`,
    `move ${p('b')} from ${p('a')}`,
  ])
  t.match(await configIds(plane), before)
  t.strictSame((await world.plan(next)).changes, [])
})

t.test(
  'a shift that is cut off anywhere is finished by the next run, and nobody loses anything',
  async (t) => {
    const start = people({ a: 'a', b: 'b' }) + configs()
    const next = people({ b: 'a', c: 'b' }) + configs('other')
    for (let cut = 1; ; cut++) {
      const { world, plane, requests } = await openPlaneWorld(t)
      await world.given(start)
      const before = await configIds(plane)
      const first = requests.length
      const whole = await applyUntil(cut, world, next)
      if (whole) {
        t.ok(cut > 5, `${cut - 1} places`)
        return
      }
      t.strictSame((await world.apply(next)).errors, [], `cut ${cut}`)
      t.strictSame((await world.plan(next)).changes, [], `cut ${cut}`)
      t.strictSame(await configIds(plane), before, `cut ${cut}`)
      t.notOk(
        requests.slice(first).find((one) => one.startsWith('DELETE ')),
        `cut ${cut}`,
      )
    }
  },
)

t.test('configurations follow persons that were renamed before, by hand or by a target', async (t) => {
  const shifted = people({ b: 'a', c: 'b' }) + configs()
  for (const targets of [[p('b'), p('c')], []]) {
    const { world } = await openPlaneWorld(t)
    await world.given(people({ a: 'a', b: 'b' }) + configs())
    if (targets.length > 0) await world.given(shifted, { targets })
    else
      await world.open(shifted, async (workspace) => {
        await workspace.stateMove(p('b'), p('c'), {})
        await workspace.stateMove(p('a'), p('b'), {})
      })
    const applied = await world.apply(shifted)
    t.strictSame(applied.errors, [])
    t.strictSame([...applied.changes].sort(), [
      `move ${c('b')} from ${c('a')}`,
      `move ${c('c')} from ${c('b')}`,
    ])
    t.strictSame(writing(applied.requests), [])
  }
})

t.test('configurations that swap their persons are told how to swap their addresses instead', async (t) => {
  const { world } = await openPlaneWorld(t)
  const crossed = configs().replace('p[each.key].id', 'p[each.key == "a" ? "b" : "a"].id')
  await world.given(people({ a: 'a', b: 'b' }) + configs())
  const planned = await world.plan(people({ a: 'a', b: 'b' }) + crossed)
  t.strictSame(codes(planned.errors), ['engine/swapped-keys'])
  t.match(say(planned.errors), /rolecall state mv 'trifacta_aws_config\.c\["a"\]'/)
})

t.test('a person that gets the configuration of another address has that one taken over', async (t) => {
  const { world, plane, requests } = await openPlaneWorld(t)
  const one = (key: string) => `
  resource "trifacta_aws_config" "one" {
    person_id           = trifacta_person.p["${key}"].id
    credential_provider = "temporary"
    role                = "arn:aws:iam::123456789012:role/one"
    default_bucket      = "acme"
  }`
  const two = one('b').replace('"one"', '"two"')
  await world.given(people({ a: 'a', b: 'b' }) + one('a') + two)
  const before = await configIds(plane)
  const first = requests.length
  const applied = await world.apply(people({ a: 'a', b: 'b' }) + one('b'))
  t.strictSame(applied.errors, [])
  t.strictSame(applied.changes, [
    'move trifacta_aws_config.one from trifacta_aws_config.two',
    'delete trifacta_aws_config.one (deposed)',
  ])
  t.strictSame(await configIds(plane), { b: before.b })
  const touched = writing(requests.slice(first)).filter((one) => one.endsWith(`Configs/${before.b}`))
  t.strictSame(touched, [], 'b is never without')
})

/** Every way to give some of the keys one of the names each. */
function* mappings(keys: readonly string[], names: readonly string[]): Generator<Keys> {
  const [key, ...rest] = keys
  if (key === undefined) yield {}
  else {
    yield* mappings(rest, names)
    for (const name of names)
      for (const more of mappings(
        rest,
        names.filter((n) => n !== name),
      ))
        yield { [key]: name, ...more }
  }
}

/** Whether addresses want each other's objects, all round. */
function isRing(keys: Keys): boolean {
  return Object.keys(keys).some((start) => {
    let key = keys[start]
    for (let steps = 0; key !== undefined && key !== start && steps < 3; steps++) key = keys[key]
    return key === start && keys[start] !== start
  })
}

t.test('whatever keys shift where, who is declared before and after keeps the configuration', async (t) => {
  const { world, plane, requests } = await openPlaneWorld(t)
  const start = { a: 'a', b: 'b' }
  let ends = 0
  for (const end of mappings(['a', 'b', 'c'], ['a', 'b'])) {
    const name = JSON.stringify(end)
    for (const { id, email } of await list(plane, '/people'))
      if (email !== 'admin@localhost') await call(plane, 'PATCH', `/people/${id}`, { isDisabled: false })
    await world.given(people(start) + configs(), { allowDeletes: 9 })
    const before = await configIds(plane)
    const first = requests.length
    const applied = await world.apply(people(end) + configs(), { allowDeletes: 9 })
    if (isRing(end)) {
      t.strictSame(codes(applied.errors), ['engine/swapped-keys'], name)
      t.strictSame(writing(requests.slice(first)), [], name)
      continue
    }
    ends++
    t.strictSame(say(applied.errors), '', name)
    const after = await configIds(plane)
    for (const stays of Object.values(end)) {
      t.equal(after[stays], before[stays], `${name}: ${stays} keeps the configuration`)
      const touched = new RegExp(`^(PUT|PATCH|DELETE) .*/awsConfigs/${before[stays]}$`)
      t.notOk(
        requests.slice(first).find((one) => touched.test(one)),
        `${name}: nothing is sent about ${stays}`,
      )
    }
    t.strictSame((await world.plan(people(end) + configs())).changes, [], name)
  }
  t.equal(ends, 12)
})
