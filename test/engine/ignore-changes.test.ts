import t from 'tap'
import { codes, fieldsOf, openWorld, writing } from './world.js'

const jane = (ignored: string, more = '', email = 'jane@x.org') => `
  resource "mem_person" "jane" {
    email = "${email}"
    ${more}
    lifecycle { ignore_changes = ${ignored} }
  }`

t.test(
  'what is ignored stays as the service has it, whatever the configuration or the record says',
  async (t) => {
    const world = openWorld(t)
    await world.given(jane('[name]', 'name = "Jane"'))
    t.strictSame((await world.plan(jane('[name]', 'name = "Janet"'))).changes, [])
    world.service.change('person-1', { name: 'Theirs' })
    t.strictSame((await world.plan(jane('[name]', 'name = "Janet"'))).changes, [])
  },
)

t.test('it is not sent with other changes either', async (t) => {
  const world = openWorld(t)
  await world.given(jane('[name]', 'name = "Jane"'))
  world.service.change('person-1', { name: 'Theirs' })
  const hcl = jane('[name]', 'name = "Janet"\nnote = "new"')
  const applied = await world.apply(hcl)
  t.strictSame(applied.changes, ['update mem_person.jane: note'])
  t.match(world.service.get('person-1'), { name: 'Theirs', note: 'new' })
})

t.test('a create takes everything from the configuration', async (t) => {
  const world = openWorld(t)
  await world.given(jane('all', 'name = "Jane"'))
  t.match(world.service.get('person-1'), { name: 'Jane', email: 'jane@x.org' })
})

t.test('references see what is there, not what is declared and ignored', async (t) => {
  const world = openWorld(t)
  const hcl = (name: string) => `${jane('[name]', `name = "${name}"`)}
    output "name" { value = mem_person.jane.name }`
  await world.given(hcl('Jane'))
  const planned = await world.plan(hcl('Janet'))
  t.equal(planned.plan?.outputs[0]?.after, 'Jane')
})

t.test('a secret that is ignored keeps its recorded fingerprint and is not sent', async (t) => {
  const world = openWorld(t)
  await world.given(jane('[password]', 'password = env("SECRET")'))
  const changed = jane('[password]', 'password = env("OTHER_SECRET")\nnote = "new"')
  const applied = await world.apply(changed)
  t.strictSame(fieldsOf(applied.change('mem_person.jane')), ['note: null -> "new"'])
  t.equal(world.service.get('person-1')?.password, 's3cret')
  const back = jane('[note]', 'password = env("SECRET")\nnote = "new"')
  t.strictSame((await world.plan(back)).changes, [], 'the record is of the secret that is there')
})

t.test('it rules at adoption too', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'jane@x.org', name: 'Theirs', password: 'theirs' })
  const hcl = jane('[name, password]', 'name = "Jane"\npassword = env("SECRET")')
  const applied = await world.apply(hcl)
  t.strictSame(applied.changes, ['adopt mem_person.jane'])
  t.strictSame(writing(applied.requests), [])
  t.strictSame((await world.plan(hcl)).changes, [])
})

t.test('a difference in an immutable attribute that is ignored is no conflict', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_disk', { name: 'd', region: 'us' })
  const planned = await world.plan(`
    resource "mem_disk" "d" {
      name   = "d"
      region = "eu"
      lifecycle { ignore_changes = [region] }
    }`)
  t.strictSame(planned.changes, ['adopt mem_disk.d'])
})

t.test('a key that is ignored is the recorded one while the record exists', async (t) => {
  const world = openWorld(t)
  await world.given(jane('[email]'))
  const renamed = jane('[email]', '', 'janet@x.org')
  t.strictSame((await world.plan(renamed)).changes, [])
  world.service.remove('person-1')
  const again = await world.plan(renamed)
  t.strictSame(again.requests, ['GET mem_person person-1', 'FIND mem_person jane@x.org'])
  t.strictSame(again.changes, ['create mem_person.jane'])
  await world.given(renamed)
  t.equal(world.service.all('mem_person')[0]?.[1].email, 'jane@x.org')
})

t.test('without a record it is that of the configuration', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(jane('[email]', '', 'janet@x.org'))
  t.strictSame(planned.requests, ['FIND mem_person janet@x.org'])
})

t.test('a change that waits for apply is ignored as well', async (t) => {
  const world = openWorld(t)
  const hcl = (role: string) => `
    resource "mem_config" "c" {
      person_id = "7"
      role      = "${role}"
    }
    resource "mem_disk" "d" {
      name   = "d"
      region = mem_config.c.active_role_id
      lifecycle { ignore_changes = [region] }
    }`
  await world.given(hcl('one'))
  const planned = await world.plan(hcl('two'))
  t.strictSame(planned.changes, ['update mem_config.c: role, active_role_id'])
  world.service.on('PUT mem_config', 'refuse')
  const applied = await world.apply(hcl('two'))
  t.strictSame(codes(applied.errors), ['engine/service'], 'also when it will never be known')
})
