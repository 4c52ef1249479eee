import t from 'tap'
import { fieldsOf, openWorld, say, writing } from './world.js'

t.test(
  'what the service sets stays known through an update, so that nothing else seems to change',
  async (t) => {
    const world = openWorld(t)
    const hcl = (name: string) => `
    resource "mem_person" "jane" {
      email = "jane@x.org"
      name  = "${name}"
    }
    resource "mem_config" "jane" {
      person_id = mem_person.jane.id
      bucket    = mem_person.jane.code
    }`
    await world.given(hcl('Jane'))
    const planned = await world.plan(hcl('Janet'))
    t.strictSame(planned.changes, ['update mem_person.jane: name'])
  },
)

t.test('an attribute that follows another is known after apply exactly when that one changes', async (t) => {
  const world = openWorld(t)
  const hcl = (role: string, bucket: string) => `
    resource "mem_person" "jane" { email = "jane@x.org" }
    resource "mem_config" "jane" {
      person_id = mem_person.jane.id
      role      = "${role}"
      bucket    = "${bucket}"
    }
    output "active" { value = mem_config.jane.active_role_id }`
  await world.given(hcl('one', 'b'))
  const other = await world.plan(hcl('two', 'b'))
  t.strictSame(fieldsOf(other.change('mem_config.jane')), [
    'role: "one" -> "two"',
    'active_role_id: "role-3" -> ?',
  ])
  t.equal(other.plan?.outputs[0]?.action, 'update')
  const same = await world.plan(hcl('one', 'other'))
  t.strictSame(fieldsOf(same.change('mem_config.jane')), ['bucket: "b" -> "other"'])
  t.equal(same.plan?.outputs[0]?.action, 'keep')
})

t.test('what changes by itself is no difference, and is known only after an update', async (t) => {
  const world = openWorld(t)
  const hcl = (name: string) => `
    resource "mem_person" "jane" {
      email = "jane@x.org"
      name  = "${name}"
    }
    resource "mem_disk" "d" {
      name  = "d"
      owner = mem_person.jane.seen_at
    }`
  await world.given(hcl('Jane'))
  world.service.change('person-1', { seen_at: 'seen_at-of-person-1' })
  t.strictSame((await world.plan(hcl('Jane'))).changes, [])
  const planned = await world.plan(hcl('Janet'))
  t.strictSame(fieldsOf(planned.change('mem_disk.d')), ['owner: "seen_at-of-person-1" -> ?'])
})

t.test(
  'when something changes that was planned as stable, its dependents are stopped, and it is said',
  async (t) => {
    const world = openWorld(t)
    const hcl = (name: string, region: string) => `
    resource "mem_person" "jane" {
      email = "jane@x.org"
      name  = "${name}"
    }
    resource "mem_disk" "d" {
      name  = "d"
      owner = "\${mem_person.jane.code} in ${region}"
    }`
    await world.given(hcl('Jane', 'eu'))
    world.service.on('PUT mem_person', () => world.service.change('person-1', { code: 'another' }))
    const applied = await world.apply(hcl('Janet', 'us'))
    t.strictSame(applied.results, [
      'update mem_person.jane: done',
      'update mem_disk.d: skipped because of mem_person.jane',
    ])
    t.match(say(applied.errors), /engine\/unstable.*mem_person\.jane.*its code has become another/)
    const again = await world.plan(hcl('Janet', 'us'))
    t.strictSame(fieldsOf(again.change('mem_disk.d')), ['owner: "code-of-person-1 in eu" -> "another in us"'])
  },
)

t.test('an input that turns out to be what it is already sends nothing', async (t) => {
  const world = openWorld(t)
  const hcl = (role: string) => `
    resource "mem_person" "jane" { email = "jane@x.org" }
    resource "mem_config" "jane" {
      person_id = mem_person.jane.id
      role      = "${role}"
    }
    resource "mem_disk" "d" {
      name  = "d"
      owner = mem_config.jane.active_role_id == null ? "nobody" : "somebody"
    }`
  await world.given(hcl('one'))
  const planned = await world.plan(hcl('two'))
  t.strictSame(planned.changes, ['update mem_config.jane: role, active_role_id', 'update mem_disk.d: owner'])
  const applied = await world.apply(hcl('two'))
  t.strictSame(applied.results, ['update mem_config.jane: done', 'update mem_disk.d: unchanged'])
  t.strictSame(
    writing(applied.requests).filter((r) => r.includes('disk')),
    [],
  )
  t.equal(applied.applied?.counts.change, 1)
  t.strictSame((await world.plan(hcl('two'))).changes, [])
})

t.test(
  'a pending immutable input behind an update is decided at apply: kept when it is the same',
  async (t) => {
    const world = openWorld(t)
    const hcl = (role: string) => `
    resource "mem_config" "jane" {
      person_id = "7"
      role      = "${role}"
    }
    resource "mem_disk" "d" {
      name   = "d"
      region = mem_config.jane.active_role_id == null ? "nowhere" : "eu"
    }
    resource "mem_s3_link" "l" {
      name = "l"
      to   = mem_disk.d.id
    }`
    await world.given(hcl('one'))
    const planned = await world.plan(hcl('two'))
    t.match(planned.change('mem_disk.d'), { action: 'update', mayReplace: true })
    t.ok(planned.change('mem_disk.d').fields[0]?.forcesReplacement, 'the plan says that it may be replaced')
    const applied = await world.apply(hcl('two'))
    t.strictSame(applied.results, [
      'update mem_config.jane: done',
      'update mem_disk.d: unchanged',
      'update mem_s3_link.l: unchanged',
    ])
    t.strictSame(
      writing(applied.requests).filter((r) => !r.includes('config')),
      [],
    )
  },
)

t.test(
  'a pending immutable input behind an update is decided at apply: both halves when it differs',
  async (t) => {
    const world = openWorld(t)
    const hcl = (role: string) => `
    resource "mem_config" "jane" {
      person_id = "7"
      role      = "${role}"
    }
    resource "mem_disk" "d" {
      name   = "d"
      region = mem_config.jane.active_role_id
    }
    resource "mem_s3_link" "l" {
      name = "l"
      to   = mem_disk.d.id
    }`
    await world.given(hcl('one'))
    const before = await world.row('mem_disk.d')
    const applied = await world.apply(hcl('two'))
    t.strictSame(applied.errors, [])
    t.strictSame(writing(applied.requests), [
      'PUT mem_config config-1',
      'PUT mem_config config-1 role',
      `DELETE mem_disk ${before?.id}`,
      'POST mem_disk d',
      'PUT mem_s3_link s3_link-4',
    ])
    const after = await world.row('mem_disk.d')
    t.not(after?.id, before?.id)
    t.equal((await world.row('mem_s3_link.l'))?.attributes.to, after?.id, 'the dependent has the new id')
    t.strictSame((await world.plan(hcl('two'))).changes, [])
  },
)

t.test('an object that prevent_destroy protects is not replaced at apply either', async (t) => {
  const world = openWorld(t)
  const hcl = (role: string) => `
    resource "mem_config" "jane" {
      person_id = "7"
      role      = "${role}"
    }
    resource "mem_disk" "d" {
      name   = "d"
      region = mem_config.jane.active_role_id
      lifecycle { prevent_destroy = true }
    }`
  await world.given(hcl('one'))
  const applied = await world.apply(hcl('two'))
  t.strictSame(applied.results, ['update mem_config.jane: done', 'update mem_disk.d: failed'])
  t.match(say(applied.errors), /engine\/prevent-destroy/)
  t.strictSame(
    writing(applied.requests).filter((r) => r.includes('disk')),
    [],
  )
})

t.test(
  'a replacement that is decided at apply makes the new object first where create_before_destroy says so',
  async (t) => {
    const world = openWorld(t)
    const hcl = (role: string) => `
    resource "mem_config" "jane" {
      person_id = "7"
      role      = "${role}"
    }
    resource "mem_disk" "d" {
      name = "d-\${mem_config.jane.active_role_id}"
      lifecycle { create_before_destroy = true }
    }`
    await world.given(hcl('one'))
    const applied = await world.apply(hcl('two'))
    t.strictSame(applied.errors, [])
    t.strictSame(writing(applied.requests).slice(2), ['POST mem_disk d-role-4', 'DELETE mem_disk disk-3'])
    t.strictSame([...(await world.state()).rows.keys()].sort(), ['mem_config.jane', 'mem_disk.d'])
  },
)

t.test('a pending immutable input behind a certain replacement is a certain replacement', async (t) => {
  const world = openWorld(t)
  const hcl = (kind: string) => `
    resource "mem_mount" "m" {
      path = "aws"
      kind = "${kind}"
    }
    resource "mem_disk" "d" {
      name   = "d"
      region = "in \${mem_mount.m.id}"
    }`
  await world.given(hcl('one'))
  const planned = await world.plan(hcl('two'))
  t.strictSame(planned.changes, ['replace mem_mount.m: kind', 'replace mem_disk.d: region'])
  const applied = await world.apply(hcl('two'))
  t.strictSame(writing(applied.requests), [
    'DELETE mem_disk disk-2',
    'DELETE mem_mount mount-1',
    'POST mem_mount aws',
    'POST mem_disk d',
  ])
})

t.test('a type that cannot be updated is replaced when a pending input turns out to differ', async (t) => {
  const world = openWorld(t)
  const hcl = (role: string) => `
    resource "mem_config" "jane" {
      person_id = "7"
      role      = "${role}"
    }
    resource "mem_role" "r" {
      config_id = "9"
      arn       = "extra"
      note      = mem_config.jane.active_role_id
    }`
  await world.given(hcl('one'))
  const planned = await world.plan(hcl('two'))
  t.match(planned.change('mem_role.r'), { action: 'update', mayReplace: true })
  const applied = await world.apply(hcl('two'))
  t.strictSame(writing(applied.requests).slice(2), ['DELETE mem_role role-3', 'POST mem_role 9 extra'])
  t.strictSame((await world.plan(hcl('two'))).changes, [])
})

t.test('what differs only in how the service writes it is no change', async (t) => {
  const world = openWorld(t)
  const hcl = `
    resource "mem_person" "jane" { email = "Jane@X.org" }
    resource "mem_config" "c" {
      person_id = "7"
      tags      = ["b", "a"]
    }`
  await world.given(hcl)
  world.service.change('config-2', { tags: ['b', 'a'] })
  t.strictSame((await world.plan(hcl)).changes, [])
  t.equal((await world.row('mem_person.jane'))?.naturalKey, 'jane@x.org')
})
