import t from 'tap'
import { codes, openWorld, say, writing } from './world.js'

t.test('provider settings may use variables, locals and the data of other providers', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'ada@x.org' })
  const planned = await world.plan(`
    variable "scheme" { default = "mem" }
    locals { endpoint = "\${var.scheme}://\${data.mem_people.all.emails[0]}" }
    provider "mem" {}
    provider "mem" {
      alias    = "second"
      endpoint = local.endpoint
    }
    data "mem_people" "all" {}
    resource "mem_person" "bob" {
      provider = mem.second
      email    = "bob@x.org"
    }`)
  t.strictSame(planned.errors, [])
  t.strictSame(world.at('mem://ada@x.org').requests, ['FIND mem_person bob@x.org'])
})

t.test('provider settings that reach a resource are an error before anything is asked', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(`
    locals { id = mem_person.jane.id }
    provider "mem" {}
    provider "mem" {
      alias    = "second"
      endpoint = "mem://\${local.id}"
    }
    resource "mem_person" "jane" { email = "jane@x.org" }
    resource "mem_person" "bob" {
      provider = mem.second
      email    = "bob@x.org"
    }`)
  t.match(say(planned.errors), /mem\.second.*mem_person\.jane/s)
  t.strictSame(planned.requests, [])
})

const at = (endpoint: string, more = '') => `
  provider "mem" { endpoint = "${endpoint}" }
  resource "mem_person" "jane" { email = "jane@x.org" }
  ${more}`

t.test('a state of another endpoint is refused, and the way out is named', async (t) => {
  const world = openWorld(t)
  await world.given(at('mem://one'))
  const planned = await world.plan(at('mem://two'))
  t.strictSame(codes(planned.errors), ['engine/other-endpoint'])
  t.match(say(planned.errors), /mem_person\.jane is recorded at mem:\/\/one.*mem:\/\/two.*--rebind/s)
})

t.test('--rebind drops the ids and finds the objects by their natural keys', async (t) => {
  const world = openWorld(t)
  await world.given(at('mem://one'))
  const second = world.at('mem://two')
  second.put('mem_config', { person_id: '99' })
  const id = second.put('mem_person', { email: 'jane@x.org' })
  const planned = await world.plan(at('mem://two'), { rebind: true })
  t.strictSame(planned.changes, ['adopt mem_person.jane'])
  await world.given(at('mem://two'), { rebind: true })
  t.match(await world.row('mem_person.jane'), { id, endpoint: 'mem://two' })
  t.strictSame((await world.plan(at('mem://two'))).changes, [])
  t.ok(world.service.get('person-1'), 'the object at the old endpoint stays')
})

t.test(
  '--rebind creates what the other endpoint does not have, and leaves nothing of the old record',
  async (t) => {
    const world = openWorld(t)
    await world.given(at('mem://one'))
    world.at('mem://two').put('mem_mount', { path: 'so that ids differ' })
    const applied = await world.apply(at('mem://two'), { rebind: true })
    t.strictSame(applied.results, ['create mem_person.jane: done'])
    t.strictSame([...(await world.state()).rows.keys()], ['mem_person.jane'])
    t.equal((await world.row('mem_person.jane'))?.id, 'person-2')
    t.strictSame((await world.plan(at('mem://two'))).changes, [])
  },
)

t.test(
  '--rebind forgets what is not declared any more: its id names nothing at the other endpoint',
  async (t) => {
    const world = openWorld(t)
    await world.given(at('mem://one', 'resource "mem_person" "bob" { email = "bob@x.org" }'))
    world.at('mem://two').put('mem_person', { email: 'jane@x.org' })
    const applied = await world.apply(at('mem://two'), { rebind: true })
    t.strictSame(applied.changes, ['adopt mem_person.jane', 'forget mem_person.bob'])
    t.strictSame(writing(world.at('mem://two').requests), [])
    t.strictSame([...(await world.state()).rows.keys()], ['mem_person.jane'])
  },
)
