import t from 'tap'
import { openWorld, say, writing } from './world.js'

/*
 * Objects whose natural key can be changed, declared by for_each or count: where the keys of the instances shift, the objects
 * are not renamed into each other, but move.
 */

type Keys = Readonly<Record<string, string>>

/** Persons by key, each with a configuration: the e-mail address of a person can be changed here. */
const people = (keys: Keys) => `
  locals { people = { ${Object.entries(keys)
    .map(([key, name]) => `${key} = "${name}"`)
    .join(', ')} } }
  resource "mem_person" "p" {
    for_each = local.people
    email    = "\${each.value}@x.org"
  }
  resource "mem_config" "c" {
    for_each  = local.people
    person_id = mem_person.p[each.key].id
    bucket    = each.value
  }`
const p = (key: string) => `mem_person.p["${key}"]`
const c = (key: string) => `mem_config.c["${key}"]`

const counted = (...names: readonly string[]) => `
  locals { names = ${JSON.stringify(names)} }
  resource "mem_person" "p" {
    count = length(local.names)
    email = "\${local.names[count.index]}@x.org"
  }`

t.test('keys that shift move the objects, with what refers to them, and nothing is sent', async (t) => {
  const world = openWorld(t)
  await world.given(people({ a: 'a', b: 'b' }))
  const shifted = people({ b: 'a', c: 'b' })
  const applied = await world.apply(shifted)
  t.strictSame(applied.errors, [])
  t.strictSame([...applied.changes].sort(), [
    `move ${c('b')} from ${c('a')}`,
    `move ${c('c')} from ${c('b')}`,
    `move ${p('b')} from ${p('a')}`,
    `move ${p('c')} from ${p('b')}`,
  ])
  t.strictSame(writing(applied.requests), [])
  t.strictSame((await world.plan(shifted)).changes, [])
})

t.test('what is taken out of the front of a count is what goes', async (t) => {
  const world = openWorld(t)
  await world.given(counted('a', 'b', 'c'))
  const applied = await world.apply(counted('b', 'c'))
  t.strictSame(applied.errors, [])
  t.strictSame(writing(applied.requests), ['DELETE mem_person person-1'])
  t.strictSame((await world.plan(counted('b', 'c'))).changes, [])
})

t.test('what is put in front of a count is what is made', async (t) => {
  const world = openWorld(t)
  await world.given(counted('b', 'c'))
  const applied = await world.apply(counted('a', 'b', 'c'))
  t.strictSame(applied.errors, [])
  t.strictSame(applied.changes, [
    'create mem_person.p[0]',
    'move mem_person.p[1] from mem_person.p[0]',
    'move mem_person.p[2] from mem_person.p[1]',
  ])
  t.strictSame(writing(applied.requests), ['POST mem_person a@x.org'])
  t.strictSame((await world.plan(counted('a', 'b', 'c'))).changes, [])
})

t.test(
  'another name at an address is a new name for its object, as long as nobody else is concerned',
  async (t) => {
    const world = openWorld(t)
    await world.given(counted('a', 'b'))
    world.service.insert('mem_person', { email: 'there@x.org' })
    t.strictSame((await world.plan(counted('a', 'new'))).changes, ['update mem_person.p[1]: email'])
    t.strictSame(
      (await world.plan(counted('a', 'there'))).changes,
      ['update mem_person.p[1]: email'],
      'an object that nobody declared is not taken over for it',
    )
  },
)

t.test(
  'objects that instances of one block have swapped are an error that says how to rename them',
  async (t) => {
    const world = openWorld(t)
    await world.given(people({ a: 'a', b: 'b' }))
    const planned = await world.plan(people({ a: 'b', b: 'a' }))
    t.match(say(planned.errors), /engine\/swapped-keys.*rolecall state mv 'mem_person\.p\["a"\]'/s)
  },
)

/** Every way to give some of the keys one of the names each. */
function* mappings(keys: readonly string[], names: readonly string[]): Generator<Keys> {
  const [key, ...rest] = keys
  if (key === undefined) {
    yield {}
    return
  }
  yield* mappings(rest, names)
  for (const name of names) {
    const others = names.filter((other) => other !== name)
    for (const more of mappings(rest, others)) yield { [key]: name, ...more }
  }
}

t.test('whatever keys shift where, what is declared before and after is not touched', async (t) => {
  const start = { a: 'a', b: 'b', c: 'c' }
  let swapped = 0
  for (const end of mappings(Object.keys(start), ['a', 'b', 'c', 'new'])) {
    const what = JSON.stringify(end)
    const world = openWorld(t)
    await world.given(people(start))
    const ids = new Map<unknown, string>()
    for (const [id, { email }] of world.service.all('mem_person')) ids.set(email, id)
    const applied = await world.apply(people(end))
    if (/swapped-keys/.test(say(applied.errors))) {
      swapped++
      t.strictSame(writing(applied.requests), [], what)
      continue
    }
    t.strictSame(say(applied.errors), '', what)
    for (const name of Object.values(end).filter((one) => one !== 'new')) {
      const id = ids.get(`${name}@x.org`)
      const there = world.service.all('mem_person').find(([, { email }]) => email === `${name}@x.org`)
      t.equal(there?.[0], id, `${what}: ${name} is the same object`)
      t.notOk(writing(applied.requests).includes(`PUT mem_person ${id}`), `${what}: ${name} is left alone`)
    }
    t.strictSame((await world.plan(people(end))).changes, [], what)
  }
  t.equal(swapped, 11)
})
