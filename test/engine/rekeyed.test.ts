import t from 'tap'
import type { Diagnostic } from '../../src/core/diagnostic.js'
import { addPerson, call, list } from '../fixtures/test-plane.js'
import { openPlaneWorld } from './plane-world.js'
import { applyUntil, codes, openWorld, say, type World, writing } from './world.js'

/*
 * An address that is to have an object with another natural key, where that object is there already: at another address, or
 * at nobody's.
 */

const head = 'provider "trifacta" { endpoint = "embedded" }'
/** Persons by key, as `{ b = "a" }`: the account a@x.com at the address p["b"]. */
const people = (keys: Readonly<Record<string, string>>, more = '') => `${head}
  locals { people = { ${Object.entries(keys)
    .map(([key, name]) => `${key} = "${name}"`)
    .join(', ')} } }
  resource "trifacta_person" "p" {
    for_each = local.people
    email    = "\${each.value}@x.com"
    ${more}
  }`
const configs = `
  resource "trifacta_aws_config" "c" {
    for_each            = local.people
    person_id           = trifacta_person.p[each.key].id
    credential_provider = "temporary"
    role                = "arn:aws:iam::123456789012:role/\${each.value}"
    default_bucket      = "acme"
  }`
const p = (key: string) => `trifacta_person.p["${key}"]`

/** Carries out the commands that errors give. */
async function doAsTold(world: World, hcl: string, errors: readonly Diagnostic[]): Promise<void> {
  const [, ...moves] = say(errors).split('rolecall state mv ')
  for (const move of moves) {
    const [from = '', to = ''] = [...move.matchAll(/'([^']*)'/g)].map((match) => match[1])
    await world.open(hcl, (workspace) => workspace.stateMove(from, to, {}))
  }
}

t.test('a swap of two keys is an error that says how to rename the addresses', async (t) => {
  const { world, requests } = await openPlaneWorld(t)
  await world.given(people({ a: 'a', b: 'b' }))
  const swapped = people({ a: 'b', b: 'a' })
  const before = requests.length
  const applied = await world.apply(swapped)
  t.strictSame(codes(applied.errors), ['engine/swapped-keys'])
  t.match(say(applied.errors), /p\["a"\] declares b@x\.com, trifacta_person\.p\["b"\] declares a@x\.com/)
  t.strictSame(writing(requests.slice(before)), [])
  await doAsTold(world, swapped, applied.errors)
  t.strictSame((await world.plan(swapped)).changes, [], 'and doing what it says is enough')
})

t.test('so is a ring of three, with what depends on them', async (t) => {
  const { world } = await openPlaneWorld(t)
  await world.given(people({ a: 'a', b: 'b', c: 'c' }) + configs)
  const planned = await world.plan(people({ a: 'b', b: 'c', c: 'a' }) + configs)
  t.strictSame(codes(planned.errors), ['engine/swapped-keys'])
  t.equal(say(planned.errors).split('rolecall state mv').length - 1, 8)
  const ring = people({ a: 'b', b: 'c', c: 'a' }) + configs
  await doAsTold(world, ring, planned.errors)
  const renamed = await world.plan(ring)
  t.strictSame(renamed.errors, [])
  t.strictSame(renamed.changes, [], 'the configurations go along, and nothing is left to do')
})

t.test('keys that shift move the accounts, one after the other, and nobody is disabled', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await world.given(people({ a: 'a', b: 'b' }))
  const shifted = people({ b: 'a', c: 'b' })
  const applied = await world.apply(shifted)
  t.strictSame([...applied.changes].sort(), [
    `move ${p('b')} from ${p('a')}`,
    `move ${p('c')} from ${p('b')}`,
  ])
  t.strictSame(applied.results, [`move ${p('c')}: done`, `move ${p('b')}: done`])
  t.strictSame(writing(applied.requests), [])
  t.strictSame([...(await world.state()).rows.keys()].sort(), [p('b'), p('c')])
  t.strictSame((await world.plan(shifted)).changes, [])
  t.notOk((await list(plane, '/people')).some((person) => person.isDisabled))
})

t.test('an account that gets a new address by a chain leaves room for a new one at its end', async (t) => {
  const { world } = await openPlaneWorld(t)
  await world.given(people({ a: 'a', b: 'b' }))
  const next = people({ a: 'new', b: 'a', c: 'b' })
  const applied = await world.apply(next)
  t.strictSame(applied.errors, [])
  t.strictSame([...applied.changes].sort(), [
    `create ${p('a')}`,
    `move ${p('b')} from ${p('a')}`,
    `move ${p('c')} from ${p('b')}`,
  ])
  t.strictSame((await world.plan(next)).changes, [])
})

t.test(
  'configurations whose keys shift with those of their persons are kept if they are renamed first',
  async (t) => {
    const { world } = await openPlaneWorld(t)
    await world.given(people({ a: 'a', b: 'b' }) + configs)
    const shifted = people({ b: 'a', c: 'b' }) + configs
    const c = (key: string) => `trifacta_aws_config.c["${key}"]`
    await world.open(shifted, (workspace) => workspace.stateMove(c('b'), c('c'), {}))
    await world.open(shifted, (workspace) => workspace.stateMove(c('a'), c('b'), {}))
    const applied = await world.apply(shifted)
    t.strictSame(applied.errors, [])
    t.strictSame([...applied.changes].sort(), [
      `move ${p('b')} from ${p('a')}`,
      `move ${p('c')} from ${p('b')}`,
    ])
    t.strictSame(writing(applied.requests), [])
    t.strictSame((await world.plan(shifted)).changes, [])
  },
)

t.test('a target brings along who takes the account that its address gives up', async (t) => {
  const { world } = await openPlaneWorld(t)
  await world.given(people({ a: 'a', b: 'b' }))
  const shifted = people({ b: 'a', c: 'b' })
  const applied = await world.apply(shifted, { targets: [p('b')] })
  t.strictSame(applied.errors, [])
  t.strictSame(writing(applied.requests), [])
  t.strictSame((await world.plan(shifted)).changes, [])
})

for (const more of ['', 'lifecycle { create_before_destroy = true }']) {
  t.test(
    `another e-mail address that has an account: it is adopted, the old one goes; ${more}`,
    async (t) => {
      const { world, plane } = await openPlaneWorld(t)
      await world.given(people({ a: 'a' }, more) + configs)
      await addPerson(plane, 'b@x.com')
      const next = people({ a: 'b' }, more) + configs
      const applied = await world.apply(next)
      t.strictSame(applied.errors, [])
      t.strictSame(applied.changes, [
        `adopt ${p('a')}`,
        'update trifacta_aws_config.c["a"]: person_id, role, active_role_id',
        `delete ${p('a')} (deposed)`,
      ])
      t.match(applied.plan?.changes.at(-1), {
        destroys: 'disable',
        reason: 'displaced',
        consequences: [{ text: 'a@x.com can no longer sign in: the account is disabled.' }],
      })
      t.match(applied.plan?.counts, { adopt: 1, add: 0, change: 1, destroy: 1 })
      t.match(applied.applied?.counts, applied.plan?.counts ?? {}, 'the end counts as the plan does')
      t.strictSame(applied.results, [
        `adopt ${p('a')}: done`,
        'update trifacta_aws_config.c["a"]: done',
        `delete ${p('a')}: done`,
      ])
      t.strictSame((await list(plane, '/people')).map((one) => `${one.email} ${one.isDisabled}`).sort(), [
        'a@x.com true',
        'admin@localhost false',
        'b@x.com false',
      ])
      t.strictSame((await world.plan(next)).changes, [])
    },
  )
}

t.test('an old account that was taken over itself is only forgotten', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await addPerson(plane, 'a@x.com')
  await addPerson(plane, 'b@x.com')
  await world.given(people({ a: 'a' }))
  const applied = await world.apply(people({ a: 'b' }))
  t.strictSame(applied.changes, [`adopt ${p('a')}`, `forget ${p('a')} (deposed)`])
  t.strictSame(writing(applied.requests), [])
  t.strictSame([...(await world.state()).rows.keys()], [p('a')])
  t.strictSame((await world.plan(people({ a: 'b' }))).changes, [])
})

t.test('an old account that could not be disabled is so by the next apply', async (t) => {
  let refuses = true
  const { world, plane } = await openPlaneWorld(t, {
    intercept: async (request, next) =>
      refuses && request.method === 'PATCH' ? new Response('{}', { status: 403 }) : next(request),
  })
  await world.given(people({ a: 'a' }))
  refuses = false
  await addPerson(plane, 'b@x.com')
  refuses = true
  const applied = await world.apply(people({ a: 'b' }))
  t.strictSame(applied.results, [`adopt ${p('a')}: done`, `delete ${p('a')}: failed`])
  refuses = false
  const again = await world.apply(people({ a: 'b' }))
  t.strictSame(again.changes, [`delete ${p('a')} (deposed)`])
  t.strictSame((await world.plan(people({ a: 'b' }))).changes, [])
})

t.test(
  'an old account that could not be disabled is taken back where the address is again its own',
  async (t) => {
    let refuses = true
    const { world, plane } = await openPlaneWorld(t, {
      intercept: async (request, next) =>
        refuses && request.method === 'PATCH' ? new Response('{}', { status: 403 }) : next(request),
    })
    await world.given(people({ a: 'a' }))
    await addPerson(plane, 'b@x.com')
    await world.apply(people({ a: 'b' }))
    refuses = false
    const back = await world.apply(people({ a: 'a' }))
    t.strictSame(back.errors, [])
    t.strictSame(back.changes, [`move ${p('a')} from ${p('a')}`, `forget ${p('a')} (deposed)`])
    t.strictSame(
      [...(await world.state()).rows.values()].map((row) => row.naturalKey),
      ['a@x.com'],
    )
    t.strictSame((await world.plan(people({ a: 'a' }))).changes, [])
  },
)

t.test('a run that is cut off anywhere on the way is finished by the next one', async (t) => {
  const disks = (names: Readonly<Record<string, string>>, owner: string) => `
    resource "mem_disk" "d" {
      for_each = { ${Object.entries(names)
        .map(([key, name]) => `${key} = "${name}"`)
        .join(', ')} }
      name     = each.value
      owner    = "${owner}"
    }
    resource "mem_s3_link" "l" {
      name = "l"
      to   = mem_disk.d["a"].id
    }`
  for (let cut = 1; ; cut++) {
    const world = openWorld(t)
    await world.given(disks({ a: 'a', b: 'b' }, 'one'))
    const id = world.service.insert('mem_disk', { name: 'new' })
    const next = disks({ a: 'new', c: 'b' }, 'two')
    const whole = await applyUntil(cut, world, next)
    if (whole) {
      t.ok(cut > 10, `${cut - 1} places`)
      return
    }
    t.strictSame((await world.apply(next)).errors, [])
    t.strictSame((await world.plan(next)).changes, [], `cut ${cut}`)
    t.strictSame(
      world.service.all('mem_disk').map(([there, { name, owner }]) => `${there} ${name} ${owner}`),
      ['disk-2 b two', `${id} new two`],
    )
    t.match(world.service.all('mem_s3_link'), [[/./, { to: id }]])
    t.equal((await world.state()).rows.size, 3)
  }
})

t.test('prevent_destroy protects the object that an address would give up', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  const more = 'lifecycle { prevent_destroy = true }'
  await world.given(people({ a: 'a' }, more))
  await addPerson(plane, 'b@x.com')
  t.strictSame(codes((await world.plan(people({ a: 'b' }, more))).errors), ['engine/prevent-destroy'])
})

t.test('a disabled account with the new address is taken over with a warning', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await world.given(people({ a: 'a' }))
  const id = await addPerson(plane, 'b@x.com')
  await call(plane, 'PATCH', `/people/${id}`, { isDisabled: true })
  const planned = await world.plan(people({ a: 'b' }))
  t.strictSame(planned.changes, [`adopt ${p('a')}`, `delete ${p('a')} (deposed)`])
  t.strictSame(codes(planned.warnings), ['engine/adopts-disabled'])
})

t.test('what was planned as new is never taken over in apply, however equal it is', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await world.given(people({ a: 'a' }))
  for (const disabled of [false, true]) {
    const name = disabled ? 'off' : 'on'
    const applied = await world.apply(people({ a: 'a', b: name }), {
      async confirm() {
        const id = await addPerson(plane, `${name}@x.com`)
        await call(plane, 'PATCH', `/people/${id}`, { name: `${name}@x.com`, isDisabled: disabled })
        return true
      },
    })
    t.strictSame(applied.results, [`create ${p('b')}: failed`])
    t.match(say(applied.errors), /there is an account with this address already.*plan again/)
    t.equal(await world.row(p('b')), undefined)
  }
})

t.test('an account that would only be disabled cannot be replaced by one with its address', async (t) => {
  const { world } = await openPlaneWorld(t)
  await world.given(people({ a: 'a' }))
  const refused = await world.plan(people({ a: 'a' }), { replace: [p('a')] })
  t.strictSame(codes(refused.errors), ['engine/replace-keeps-object'])
  t.match(say(refused.errors), /only disables it.*on_destroy = "delete"/)
  const gone = 'on_destroy = "delete"'
  const applied = await world.apply(people({ a: 'a' }, gone), { replace: [p('a')] })
  t.strictSame(applied.results, [`delete ${p('a')}: done`, `create ${p('a')}: done`])
})

const aliased = (first: string, second: string) => `${head}
  provider "trifacta" {
    alias    = "other"
    endpoint = "embedded"
  }
  ${first}
  ${second}`
const person = (name: string, email: string, more = '') => `
  resource "trifacta_person" "${name}" {
    email = "${email}@x.com"
    ${more}
  }`

t.test('accounts pass from one alias of a service to another', async (t) => {
  const { world } = await openPlaneWorld(t)
  const other = 'provider = trifacta.other'
  await world.given(aliased(person('one', 'a', other), person('two', 'b')))
  const next = aliased(person('one', 'new', other), person('two', 'a'))
  const applied = await world.apply(next)
  t.strictSame(applied.errors, [])
  t.strictSame([...applied.changes].sort(), [
    'create trifacta_person.one',
    'delete trifacta_person.two (deposed)',
    'move trifacta_person.two from trifacta_person.one',
  ])
  t.strictSame((await world.plan(next)).changes, [])
  const twice = await world.plan(aliased(person('one', 'c', other), person('two', 'c')))
  t.strictSame(codes(twice.errors), ['engine/duplicate-key'])
})

t.test('a move that replaces the object as well makes room for it first', async (t) => {
  const disk = (name: string, of: string, region: string, more = '') => `
    resource "mem_disk" "${name}" {
      name   = "${of}"
      region = "${region}"
      ${more}
    }`
  const world = openWorld(t)
  await world.given(disk('one', 'x', 'eu') + disk('two', 'y', 'eu'))
  const applied = await world.apply(disk('two', 'x', 'us'))
  t.strictSame(applied.errors, [])
  t.strictSame(applied.changes, [
    'replace mem_disk.two from mem_disk.one: region',
    'delete mem_disk.two (deposed)',
  ])
  t.strictSame([...(await world.state()).rows.keys()], ['mem_disk.two'])
  t.strictSame((await world.plan(disk('two', 'x', 'us'))).changes, [])
})

t.test('what lives in an object that gives way goes with it', async (t) => {
  const world = openWorld(t)
  const mounts = (path: string) => `
    resource "mem_mount" "m" { path = "${path}" }
    resource "mem_mount_role" "r" {
      mount = mem_mount.m.path
      name  = "ci"
    }`
  await world.given(mounts('a'))
  world.service.insert('mem_mount', { path: 'b' })
  const applied = await world.apply(mounts('b'))
  t.strictSame(applied.errors, [])
  t.match(applied.changes, ['adopt mem_mount.m', /mem_mount_role\.r/, 'delete mem_mount.m (deposed)'])
  t.strictSame((await world.plan(mounts('b'))).changes, [])
  t.strictSame([...(await world.state()).rows.keys()].sort(), ['mem_mount.m', 'mem_mount_role.r'])
})
