import t from 'tap'
import { codes, openWorld, say, writing } from './world.js'

const disk = (region: string, more = '') => `
  resource "mem_disk" "d" {
    name   = "d"
    region = "${region}"
    ${more}
  }`
const link = (more = '') => `
  resource "mem_s3_link" "l" {
    name = "l"
    to   = mem_disk.d.id
    ${more}
  }`

t.test('a replacement deletes, creates, and then updates what depends on it', async (t) => {
  const world = openWorld(t)
  await world.given(disk('eu') + link())
  const started: string[] = []
  const applied = await world.apply(disk('us') + link(), {
    progress(event) {
      if (event.kind === 'operation-start') started.push(`${event.verb} ${event.address} ${event.id ?? ''}`)
    },
  })
  t.strictSame(
    started,
    ['delete mem_disk.d disk-1', 'create mem_disk.d ', 'update mem_s3_link.l s3_link-2'],
    'a new object is not announced with the id of the old one',
  )
  t.strictSame(applied.changes, ['replace mem_disk.d: region', 'update mem_s3_link.l: to'])
  t.strictSame(writing(applied.requests), [
    'DELETE mem_disk disk-1',
    'POST mem_disk d',
    'PUT mem_s3_link s3_link-2',
  ])
  t.match(applied.applied?.counts, { add: 1, destroy: 1, change: 1 })
})

t.test(
  'a create that fails after its delete leaves no record, and is a create in the next plan',
  async (t) => {
    const world = openWorld(t)
    await world.given(disk('eu') + link())
    world.service.on('POST mem_disk', 'refuse')
    const applied = await world.apply(disk('us') + link())
    t.strictSame(applied.results, [
      'delete mem_disk.d: done',
      'create mem_disk.d: failed',
      'update mem_s3_link.l: skipped because of mem_disk.d',
    ])
    t.strictSame((await world.plan(disk('us') + link())).changes, [
      'create mem_disk.d',
      'update mem_s3_link.l: to',
    ])
  },
)

t.test('--replace replaces what nothing else would', async (t) => {
  const world = openWorld(t)
  await world.given(disk('eu'))
  const planned = await world.plan(disk('eu'), { replace: ['mem_disk.d'] })
  t.strictSame(planned.changes, ['replace mem_disk.d'])
  t.equal(planned.change('mem_disk.d').reason, 'replace-requested')
})

t.test('--replace takes an instance as a shell leaves it, and refuses what names nothing', async (t) => {
  const world = openWorld(t)
  const hcl = `
    resource "mem_disk" "d" {
      for_each = toset(["a", "b"])
      name     = each.key
    }`
  await world.given(hcl)
  t.strictSame((await world.plan(hcl, { replace: ['mem_disk.d[a]'] })).changes, ['replace mem_disk.d["a"]'])
  t.strictSame((await world.plan(hcl, { replace: ['mem_disk.d'] })).changes, [
    'replace mem_disk.d["a"]',
    'replace mem_disk.d["b"]',
  ])
  const wrong = await world.plan(hcl, { replace: ['mem_disk.e'] })
  t.strictSame(codes(wrong.errors), ['engine/unknown-address'])
  t.match(say(wrong.errors), /--replace=mem_disk\.e.*mem_disk\.d/)
})

const beside = (region: string, more = '') => `
  resource "mem_disk" "d" {
    name   = "in-${region}"
    region = "${region}"
    lifecycle { create_before_destroy = true }
    ${more}
  }`

t.test('with create_before_destroy the old object goes after the writes of what depends on it', async (t) => {
  const world = openWorld(t)
  await world.given(beside('eu') + link())
  const applied = await world.apply(beside('us') + link())
  t.strictSame(writing(applied.requests), [
    'POST mem_disk in-us',
    'PUT mem_s3_link s3_link-2',
    'DELETE mem_disk disk-1',
  ])
  t.strictSame((await world.plan(beside('us') + link())).changes, [])
})

t.test('create_before_destroy needs another key', async (t) => {
  const world = openWorld(t)
  const hcl = (region: string) => disk(region, 'lifecycle { create_before_destroy = true }')
  await world.given(hcl('eu'))
  const planned = await world.plan(hcl('us'))
  t.strictSame(codes(planned.errors), ['engine/same-key'])
  t.match(say(planned.errors), /mem_disk\.d.*its natural key, d,/)
})

t.test(
  'create_before_destroy spreads to what is replaced with it, and an error names who spread it',
  async (t) => {
    const world = openWorld(t)
    const hcl = (region: string, name: string) => `
    resource "mem_disk" "base" {
      name   = "${name}"
      region = "${region}"
    }
    resource "mem_disk" "top" {
      name   = "top-${region}"
      region = "behind \${mem_disk.base.id}"
      lifecycle { create_before_destroy = true }
    }`
    await world.given(hcl('eu', 'base-eu'))
    const refused = await world.plan(hcl('us', 'base-eu'))
    t.strictSame(codes(refused.errors), ['engine/same-key'])
    t.match(say(refused.errors), /mem_disk\.base.*mem_disk\.top, which depends on it/)
    const applied = await world.apply(hcl('us', 'base-us'))
    t.strictSame(applied.errors, [])
    t.ok(applied.change('mem_disk.base').createBeforeDestroy)
    t.strictSame(writing(applied.requests), [
      'POST mem_disk base-us',
      'POST mem_disk top-us',
      'DELETE mem_disk disk-2',
      'DELETE mem_disk disk-1',
    ])
  },
)

t.test('a key that waits for apply is checked there, before the create', async (t) => {
  const world = openWorld(t)
  const hcl = (role: string) => `
    resource "mem_config" "c" {
      person_id = "7"
      role      = "${role}"
    }
    resource "mem_disk" "d" {
      name   = mem_config.c.active_role_id == null ? "none" : "same"
      region = "${role}"
      lifecycle { create_before_destroy = true }
    }`
  await world.given(hcl('one'))
  const applied = await world.apply(hcl('two'))
  t.strictSame(applied.results, [
    'update mem_config.c: done',
    'create mem_disk.d: failed',
    'delete mem_disk.d: skipped because of mem_disk.d',
  ])
  t.strictSame(codes(applied.errors), ['engine/same-key'])
  t.strictSame(
    writing(applied.requests).filter((r) => r.includes('disk')),
    [],
  )
})

t.test('a key that waits for apply is looked for there before the old object goes', async (t) => {
  const world = openWorld(t)
  const hcl = (role: string) => `
    resource "mem_config" "c" {
      person_id = "7"
      role      = "${role}"
    }
    resource "mem_disk" "d" {
      name   = "of-\${mem_config.c.active_role_id}"
      region = "${role}"
    }`
  await world.given(hcl('one'))
  world.service.insert('mem_disk', { name: 'of-role-5', region: 'two' })
  const applied = await world.apply(hcl('two'))
  t.match(applied.changes, [/^update mem_config/, /^replace mem_disk/])
  t.strictSame(applied.results, [
    'update mem_config.c: done',
    'delete mem_disk.d: failed',
    'create mem_disk.d: skipped because of mem_disk.d',
  ])
  t.strictSame(codes(applied.errors), ['engine/exists-plan-again'])
  t.match((await world.plan(hcl('two'))).changes, [/^adopt mem_disk\.d/, 'delete mem_disk.d (deposed)'])
})

t.test('an old object whose delete failed stays in the records, and the next plan deletes it', async (t) => {
  const world = openWorld(t)
  await world.given(beside('eu'))
  world.service.on('DELETE mem_disk', 'refuse')
  const applied = await world.apply(beside('us'))
  t.strictSame(applied.results, ['create mem_disk.d: done', 'delete mem_disk.d: failed'])
  const state = await world.state()
  t.strictSame([...state.rows.values()].map((row) => [row.id, row.deposedKey !== undefined]).sort(), [
    ['disk-1', true],
    ['disk-2', false],
  ])
  const planned = await world.plan(beside('us'))
  t.strictSame(planned.changes, ['delete mem_disk.d (deposed)'])
  await world.given(beside('us'))
  t.strictSame(writing(world.service.requests).slice(-1), ['DELETE mem_disk disk-1'])
  t.equal((await world.state()).rows.size, 1)
})

t.test('a deposed object that is wanted again under its address is taken back', async (t) => {
  const world = openWorld(t)
  await world.given(beside('eu'))
  world.service.on('DELETE mem_disk', 'refuse')
  await world.apply(beside('us'))
  world.service.remove('disk-2')
  const hcl = beside('eu')
  const applied = await world.apply(hcl)
  t.strictSame(applied.changes, ['move mem_disk.d from mem_disk.d'])
  t.strictSame(applied.errors, [])
  const rows = [...(await world.state()).rows.values()]
  t.match(rows, [{ id: 'disk-1', address: 'mem_disk.d' }])
  t.equal(rows.length, 1)
  t.strictSame((await world.plan(hcl)).changes, [])
})
