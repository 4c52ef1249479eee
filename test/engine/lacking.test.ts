import t from 'tap'
import { codes, openWorld, say, writing } from './world.js'

const disk = (region: string, name = 'd') => `
  resource "mem_disk" "d" {
    name   = "${name}"
    region = "${region}"
  }`

t.test('an object is not replaced by one that the service could not make', async (t) => {
  const world = openWorld(t)
  await world.given(disk('eu'))
  const applied = await world.apply(disk('nowhere'))
  t.strictSame(codes(applied.errors), ['engine/lacking'])
  t.match(
    say(applied.errors),
    /There is no region nowhere\. What is there would have gone first\..*Take another/,
  )
  t.match(applied.errors[0]?.span?.start.line, 4, 'at the attribute')
  t.strictSame(writing(applied.requests), [], 'the old one is there still')
})

t.test('one that is to be created is refused in the plan too, and with it what depends on it', async (t) => {
  const world = openWorld(t)
  const link = 'resource "mem_s3_link" "l" {\n  name = "l"\n  to = mem_disk.d.id\n}'
  const planned = await world.plan(`${disk('nowhere')}\n${link}`)
  t.strictSame(codes(planned.errors), ['engine/lacking'])
  t.notMatch(say(planned.errors), /would have gone/)
})

t.test('what many instances lack is told once', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(`
    resource "mem_disk" "d" {
      count  = 12
      name   = "d\${count.index}"
      region = "nowhere"
    }`)
  t.strictSame(codes(planned.errors), ['engine/lacking'])
})

t.test('an object that is there needs nothing more', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_disk', { name: 'd', region: 'nowhere' })
  const adopting = await world.plan(disk('nowhere'))
  t.strictSame(adopting.changes, ['adopt mem_disk.d'])
  t.notOk(adopting.requests.includes('GET region nowhere'))
})

t.test('a service that cannot be asked is told as any other failure', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(disk('silent'))
  t.strictSame(codes(planned.errors), ['engine/service'])
  t.match(say(planned.errors), /looking for the region silent/)
})

t.test('two types that share one space of names do not declare the same one', async (t) => {
  const world = openWorld(t)
  const one = (type: string) => `resource "mem_${type}_link" "l" {\n  name = "n"\n}\n`
  const planned = await world.plan(one('s3') + one('db'))
  t.strictSame(codes(planned.errors), ['engine/duplicate-name'])
  t.match(say(planned.errors), /mem_s3_link\.l and mem_db_link\.l both declare link n/)
  await world.given(one('s3'))
  t.strictSame(codes((await world.plan(one('s3') + one('db'))).errors), ['engine/duplicate-name'])
  t.strictSame((await world.plan(one('db'))).errors, [], 'the one goes before the other comes')
})
