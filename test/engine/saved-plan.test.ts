import t from 'tap'
import type { SavedPlan } from '../../src/app.js'
import { codes, openWorld, say } from './world.js'

const jane = (more = '') => `
  resource "mem_person" "jane" {
    email = "jane@x.org"
    ${more}
  }`

/** As a file holds it. */
const filed = (saved: SavedPlan | undefined): SavedPlan => JSON.parse(JSON.stringify(saved))

t.test('a saved plan applies what was reviewed', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(jane('name = "Jane"'))
  const applied = await world.apply(jane('name = "Jane"'), { saved: filed(planned.saved) })
  t.strictSame(applied.results, ['create mem_person.jane: done'])
})

t.test('the key of a fresh state goes with the first saved plan, and apply stores it', async (t) => {
  const world = openWorld(t)
  const hcl = jane('password = env("SECRET")')
  const planned = await world.plan(hcl)
  t.match(planned.saved?.fingerprintKey, /^[0-9a-f]{64}$/)
  t.notMatch(JSON.stringify(planned.saved), /s3cret/)
  const applied = await world.apply(hcl, { saved: filed(planned.saved) })
  t.strictSame(applied.errors, [])
  t.equal((await world.state()).fingerprintKey, planned.saved?.fingerprintKey)
  const second = await world.plan(jane('password = env("OTHER_SECRET")'))
  t.equal(second.saved?.fingerprintKey, undefined, 'a state that has one keeps it to itself')
  t.strictSame(second.changes, ['update mem_person.jane: password, password_id'])
})

t.test('a plan that is stale is refused, and every address that differs is named', async (t) => {
  const world = openWorld(t)
  const two = (name: string) => `${jane(`name = "${name}"`)}
    resource "mem_mount" "m" { path = "aws" }
    resource "mem_disk" "d" { name = "d" }`
  await world.given(two('Jane'))
  const planned = await world.plan(two('Janet'))
  world.service.change('person-1', { name: 'Theirs', note: 'theirs' })
  const id = (await world.row('mem_mount.m'))?.id ?? ''
  world.service.remove(id)
  const refused = await world.apply(two('Janet'), { saved: filed(planned.saved) })
  t.strictSame(codes(refused.errors), ['plan/stale'])
  t.match(say(refused.errors), /: mem_mount\.m, mem_person\.jane\./)
  t.strictSame(refused.results, [])
})

t.test('a change that is in place already by then makes it stale too', async (t) => {
  const world = openWorld(t)
  await world.given(jane('name = "Jane"'))
  const planned = await world.plan(jane('name = "Janet"'))
  world.service.change('person-1', { name: 'Janet' })
  const refused = await world.apply(jane('name = "Janet"'), { saved: filed(planned.saved) })
  t.strictSame(codes(refused.errors), ['plan/stale'])
})

t.test('another secret than the reviewed one makes it stale', async (t) => {
  const world = openWorld(t)
  const hcl = (secret: string) => jane(`password = env("${secret}")`)
  await world.given(hcl('SECRET'))
  const planned = await world.plan(hcl('OTHER_SECRET'))
  const refused = await world.apply(`${hcl('OTHER_SECRET').replace('env("OTHER_SECRET")', '"third"')}`, {
    saved: filed(planned.saved),
  })
  t.strictSame(codes(refused.errors), ['plan/stale'])
})

t.test('an apply in between makes it stale only where it matters', async (t) => {
  const world = openWorld(t)
  const two = (name: string, note: string) => `${jane(`name = "${name}"`)}
    resource "mem_mount" "m" {
      path = "aws"
      note = "${note}"
    }`
  await world.given(two('Jane', 'a'))
  const planned = await world.plan(two('Janet', 'a'), { targets: ['mem_person.jane'] })
  await world.given(two('Jane', 'b'))
  const applied = await world.apply(two('Janet', 'b'), { saved: filed(planned.saved) })
  t.strictSame(applied.results, ['update mem_person.jane: done'])
})

t.test('the options of the review hold at apply', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  const planned = await world.plan(jane(), { mode: 'destroy' })
  const applied = await world.apply(jane(), { saved: filed(planned.saved) })
  t.strictSame(applied.results, ['delete mem_person.jane: done'])
})

t.test('what is not a plan is refused', async (t) => {
  const world = openWorld(t)
  for (const saved of [
    {},
    { format: 'rolecall-plan', formatVersion: 99 },
    { format: 'rolecall-plan', formatVersion: 1 },
  ])
    t.strictSame(codes((await world.apply(jane(), { saved })).errors), ['plan/not-a-plan'])
})

t.test('values of variables come from the plan, those of secret ones are given again', async (t) => {
  const world = openWorld(t)
  const hcl = (fallback: string) => `
    variable "name" { type = string }
    variable "token" {
      sensitive = true
      ${fallback}
    }
    ${jane('name = var.name\n password = var.token')}`
  const variables = [{ flag: 'name=Jane' }, { flag: 'token=s3cret' }]
  const planned = await world.plan(hcl(''), { variables })
  const missing = await world.apply(hcl(''), { saved: filed(planned.saved) })
  t.strictSame(codes(missing.errors), ['lang/missing-variable'])
  t.match(
    say(missing.errors),
    /"token".* A plan file does not hold the values of variables that feed secrets\./s,
  )

  const byDefault = await world.apply(hcl('default = "another"'), { saved: filed(planned.saved) })
  t.strictSame(codes(byDefault.errors), ['plan/stale'])
  t.match(
    byDefault.errors[0]?.help,
    /^A plan file does not hold .*feed secrets\. var\.token was not given and has its default now/,
  )
  const another = await world.apply(hcl(''), {
    saved: filed(planned.saved),
    variables: [{ flag: 'token=x' }],
  })
  t.match(
    another.errors[0]?.help,
    / var\.token was given, perhaps with another value than .* give it the value with which the plan was made/,
  )

  const applied = await world.apply(hcl(''), {
    saved: filed(planned.saved),
    variables: [{ flag: 'token=s3cret' }],
  })
  t.strictSame(applied.results, ['create mem_person.jane: done'])
})

t.test('every variable that feeds a secret is named, also one that is none', async (t) => {
  const world = openWorld(t)
  const hcl = `
    variable "keys" {
      type    = bool
      default = false
    }
    variable "sec" {}
    variable "name" { default = "Jane" }
    ${jane('name = var.name\n password = var.keys ? var.sec : null')}`
  const variables = [{ flag: 'keys=true' }, { flag: 'sec=s3cret' }]
  const planned = await world.plan(hcl, { variables })
  t.strictSame(planned.again, ['keys', 'sec'])
  t.strictSame((await world.plan(hcl, { variables: variables.slice(1) })).again, ['sec'])
  const stale = await world.apply(hcl, { saved: filed(planned.saved), variables: [{ flag: 'sec=x' }] })
  t.strictSame(codes(stale.errors), ['plan/stale'])
  t.match(
    stale.errors[0]?.help,
    'A plan file does not hold the values of variables that feed secrets. var.keys was not given and has its default now. var.sec was given, perhaps with another value than for the plan.',
  )
})
