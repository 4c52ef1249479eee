import t from 'tap'
import { list } from '../fixtures/test-plane.js'
import { openPlaneWorld } from './plane-world.js'
import type { Planning } from './world.js'

/*
 * What a plan says about who can reach what: judged over the whole plan, and for both halves of a replacement.
 */

const head = 'provider "trifacta" { endpoint = "embedded" }'
const people = ['a', 'b', 'c'].map(
  (name) => `
  resource "trifacta_person" "${name}" { email = "${name}@x.org" }`,
)
const config = (name: string, person: string, credential = 'role', bucket = 'acme') => `
  resource "trifacta_aws_config" "${name}" {
    person_id      = trifacta_person.${person}.id
    default_bucket = "${bucket}"
    ${credentials[credential]}
  }`
const credentials: Readonly<Record<string, string>> = {
  role: `credential_provider = "temporary"
    role = "arn:aws:iam::123456789012:role/r"`,
  keys: `credential_provider = "default"
    key    = env("SECRET")
    secret = env("OTHER_SECRET")`,
  otherKeys: `credential_provider = "default"
    key    = env("OTHER_SECRET")
    secret = env("OTHER_SECRET")`,
}
const said = ({ plan }: Planning) =>
  (plan?.changes ?? []).flatMap((change) =>
    change.consequences.map(({ kind, text }) => `${change.address}: ${kind}: ${text}`),
  )

t.test('who gets another configuration in the same plan is not left without', async (t) => {
  const { world } = await openPlaneWorld(t)
  const start = head + people.join('')
  await world.given(start + config('x', 'a') + config('y', 'b'))
  t.match(
    said(await world.plan(start + config('x', 'b') + config('y', 'c'))),
    [/^trifacta_aws_config.x: loses-access: .*a@x\.org.* is left without AWS access/],
    'b gets the one of a',
  )
  t.match(
    said(await world.plan(start + config('x', 'b'))),
    [/^trifacta_aws_config.x: loses-access: .*a@x\.org/],
    'so it does when its own is destroyed',
  )
  t.match(said(await world.plan(start + config('y', 'b'))), [
    /^trifacta_aws_config.x: loses-access: .*a@x\.org/,
  ])
})

t.test('keys instead of a role, and other keys, may widen access', async (t) => {
  const { world } = await openPlaneWorld(t)
  const start = head + people.join('')
  await world.given(start + config('x', 'a'))
  t.match(said(await world.plan(start + config('x', 'a', 'keys'))), [/x: widens-access: .*role\/r, which/])
  await world.given(start + config('x', 'a', 'keys'))
  t.match(said(await world.plan(start + config('x', 'a', 'otherKeys'))), [
    /x: widens-access: .*the former ones/,
  ])
  t.strictSame(said(await world.plan(start + config('x', 'a', 'keys', 'other'))).length, 2, 'buckets only')
})

const ada = (email: string, more = '') => `${head}
  resource "trifacta_person" "ada" {
    email = "${email}@x.org"
    ${more}
  }`

t.test('a replacement says what becomes of the old object and what the new one brings', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await world.given(ada('a'))
  const admin = await world.plan(ada('new', 'is_admin = true'))
  t.match(admin.change('trifacta_person.ada'), { action: 'replace', destroys: 'disable' })
  t.strictSame(said(admin), [
    'trifacta_person.ada: loses-access: a@x.org can no longer sign in: the account is disabled.',
    'trifacta_person.ada: widens-access: new@x.org becomes an administrator.',
  ])
  const kept = await world.plan(ada('new', 'on_destroy = "keep"'))
  t.match(kept.change('trifacta_person.ada'), { action: 'replace', destroys: 'keep' })
  t.match(kept.plan?.counts, { add: 1, destroy: 0, forget: 1 })
  t.strictSame(said(kept), ['trifacta_person.ada: note: The account a@x.org stays as it is.'])
  await world.given(ada('new', 'on_destroy = "keep"'))
  t.match(await disabledAt(plane), { 'a@x.org': false, 'new@x.org': false })
})

t.test('so does one that is decided at apply', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await world.given(ada('a'))
  const next = `${ada('${split("@", trifacta_person.new.name)[0]}')}
    resource "trifacta_person" "new" { email = "zoe@x.org" }`
  const planned = await world.plan(next)
  t.match(planned.change('trifacta_person.ada'), { action: 'update', mayReplace: true })
  t.match(said(planned), [
    'trifacta_person.ada: note: If it is replaced: a@x.org can no longer sign in: the account is disabled.',
  ])
  t.match(await disabledAt(plane), { 'a@x.org': false })
})

async function disabledAt(plane: Parameters<typeof list>[0]) {
  return Object.fromEntries((await list(plane, '/people')).map((p) => [p.email, p.isDisabled]))
}
