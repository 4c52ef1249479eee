import t from 'tap'
import { openWorld } from './world.js'

const jane = (more = '') => `
  resource "mem_person" "jane" {
    email = "jane@x.org"
    ${more}
  }`

t.test(
  'what only the record knows of the configuration is recorded by apply, and is no change',
  async (t) => {
    const world = openWorld(t)
    await world.given(`${jane()}
    resource "mem_mount" "m" { path = "aws" }`)
    const hcl = `${jane('on_destroy = "keep"\nlifecycle { prevent_destroy = true }')}
    resource "mem_mount" "m" {
      path       = "aws"
      depends_on = [mem_person.jane]
    }`
    t.strictSame((await world.plan(hcl)).changes, [])
    const applied = await world.apply(hcl)
    t.strictSame(applied.results, [])
    t.match(applied.applied?.counts, { change: 0, add: 0 })
    t.match(await world.row('mem_person.jane'), { onDestroy: 'keep', preventDestroy: true })
    t.strictSame((await world.row('mem_mount.m'))?.dependsOn, ['mem_person.jane'])
  },
)

t.test('an apply that finds nothing to record appends only its opening and its end', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  const before = world.writes()
  await world.given(jane())
  t.equal(world.writes() - before, 2)
})

t.test('someone else’s change that is undone leaves the record as it should be', async (t) => {
  const world = openWorld(t)
  await world.given(jane('name = "Jane"'))
  world.service.change('person-1', { name: 'Theirs' })
  await world.given(jane('name = "Jane"'))
  t.strictSame((await world.drift(jane('name = "Jane"'))).drift, [])
  t.equal(world.service.get('person-1')?.name, 'Jane')
})

t.test('someone else’s change of what is not declared is recorded by the next apply', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.change('person-1', { name: 'Theirs' })
  t.strictSame((await world.drift(jane())).drift, ['changed mem_person.jane: name'])
  await world.given(jane())
  t.equal((await world.row('mem_person.jane'))?.attributes.name, 'Theirs')
  t.strictSame((await world.drift(jane())).drift, [])
})

t.test('the state holds no secret, only whether it is the same', async (t) => {
  const world = openWorld(t)
  const hcl = `${jane('password = env("SECRET")\nhint = "in clear"')}
    output "it" {
      value     = env("SECRET")
      sensitive = true
    }`
  await world.given(hcl)
  const { rows, outputs } = await world.state()
  t.notMatch(JSON.stringify([...rows.values(), outputs]), /s3cret/)
  t.equal(rows.get('mem_person.jane')?.inputs.hint, 'in clear', 'what is only never read back is kept')
  t.strictSame((await world.plan(hcl)).changes, [])
})

t.test('a write-only value that is not declared any more is cleared in the record', async (t) => {
  const world = openWorld(t)
  await world.given(jane('hint = "h"'))
  t.strictSame((await world.plan(jane())).changes, ['update mem_person.jane: hint'])
  await world.given(jane())
  t.strictSame((await world.plan(jane())).changes, [])
})

t.test('a value that the configuration marks as sensitive is kept as a fingerprint', async (t) => {
  const world = openWorld(t)
  const hcl = (name: string) => jane(`name = sensitive("${name}")`)
  await world.given(hcl('Jane'))
  t.notMatch(JSON.stringify([...(await world.state()).rows.values()]), /Jane"/)
  t.strictSame((await world.plan(hcl('Jane'))).changes, [])
  const planned = await world.plan(hcl('Janet'))
  t.strictSame(planned.changes, ['update mem_person.jane: name'])
  t.notMatch(JSON.stringify(planned.saved), /Jane/)
})

t.test('--refresh-only records what is there and changes nothing', async (t) => {
  const world = openWorld(t)
  const hcl = `${jane('name = "Jane"')}
    resource "mem_mount" "m" { path = "aws" }`
  await world.given(hcl)
  world.service.change('person-1', { name: 'Theirs' })
  const id = (await world.row('mem_mount.m'))?.id ?? ''
  world.service.remove(id)
  const planned = await world.plan(hcl, { mode: 'refresh-only' })
  t.strictSame(planned.changes, [])
  t.equal(planned.plan?.drift.length, 2)
  const applied = await world.apply(hcl, { mode: 'refresh-only' })
  t.strictSame(applied.results, [])
  t.strictSame(
    applied.requests.filter((r) => !r.startsWith('GET')),
    [],
  )
  t.equal((await world.row('mem_person.jane'))?.attributes.name, 'Theirs')
  t.equal(await world.row('mem_mount.m'), undefined)
  t.strictSame((await world.plan(hcl)).changes, ['update mem_person.jane: name', 'create mem_mount.m'])
})

t.test('--refresh-only leaves what is not declared any more where it is', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  const applied = await world.apply('provider "mem" {}', { mode: 'refresh-only' })
  t.strictSame(applied.changes, [])
  t.ok(await world.row('mem_person.jane'))
})
