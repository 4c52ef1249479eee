import t from 'tap'
import { fieldsOf, openWorld } from './world.js'

const head = `
variable "hush" {
  type      = string
  sensitive = true
  default   = "a hush"
}
`
const jane = `${head}
resource "mem_person" "jane" {
  email = "jane@x.org"
  name  = "Jane, \${var.hush}"
}
resource "mem_config" "jane" {
  person_id = mem_person.jane.id
  tags      = ["known", var.hush]
}`

t.test(
  'a sensitive value of an attribute that is no secret is sent as it is, and recorded sealed',
  async (t) => {
    const world = openWorld(t)
    await world.given(jane)
    t.match(world.service.all('mem_person'), [[String, { name: 'Jane, a hush' }]])
    t.match(world.service.all('mem_config'), [[String, { tags: ['a hush', 'known'] }]])
    const text = JSON.stringify([...(await world.state()).rows])
    t.notMatch(text, /a hush/)
    t.match((await world.row('mem_person.jane'))?.inputs.name, { $secret: /^[0-9a-f]{16}$/ })
    t.strictSame((await world.plan(jane)).changes, [], 'it is compared too')
  },
)

t.test('it stays sealed in the plan of its end, and when its configuration is gone', async (t) => {
  const world = openWorld(t)
  await world.given(jane)
  const other = `${head} resource "mem_person" "ada" { email = "ada@x.org" }`
  for (const planned of [await world.plan(jane, { mode: 'destroy' }), await world.plan(other)]) {
    t.strictSame(planned.errors, [])
    t.equal(planned.changes.filter((change) => change.startsWith('delete')).length, 2)
    t.notMatch(JSON.stringify(planned.saved), /a hush/)
  }
})

t.test('a change of it shows that it changes, and nothing else', async (t) => {
  const world = openWorld(t)
  await world.given(jane)
  const planned = await world.plan(jane.replace('a hush', 'another'))
  t.match(fieldsOf(planned.change('mem_person.jane')), ['name: *** -> ***'])
  t.notMatch(JSON.stringify(planned.saved), /a hush|another/)
})

t.test('a create that was killed is found again, and stays sealed', async (t) => {
  const world = openWorld(t)
  world.service.on('POST mem_person', () => {
    throw new Error('killed')
  })
  await t.rejects(world.apply(jane), /killed/)
  t.equal((await world.state()).open.size, 1)
  await world.given(jane)
  t.notMatch(JSON.stringify([...(await world.state()).rows]), /a hush/)
  t.strictSame((await world.plan(jane)).changes, [])
})
