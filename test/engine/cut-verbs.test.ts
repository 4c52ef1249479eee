import t, { type Test } from 'tap'
import type { ControlPlane } from '../../src/server/control-plane.js'
import { call, list } from '../fixtures/test-plane.js'
import { openPlaneWorld } from './plane-world.js'
import { say, type World } from './world.js'

/*
 * Each verb of an awsConfig is cut after its first, second, … request, as by a kill; then the files change, and are applied:
 * nothing is there twice, nothing belongs to nobody, and nothing is left to do.
 */

type Generation = 'A' | 'C'

const people = (generation: Generation) => `
  provider "trifacta" {
    endpoint   = "embedded"
    generation = "${generation}"
  }
  resource "trifacta_person" "ada" { email = "ada@example.com" }
  resource "trifacta_person" "bob" { email = "bob@example.com" }`

const config = (owner: string, credential: string, bucket = 'acme') => `
  resource "trifacta_aws_config" "c" {
    ${owner}
    ${credential}
    default_bucket = "${bucket}"
  }`
const ada = 'person_id = trifacta_person.ada.id'
const bob = 'person_id = trifacta_person.bob.id'
const role = (name: string) => `
    credential_provider = "temporary"
    role                = "arn:aws:iam::123456789012:role/${name}"`
const keys = `
    credential_provider = "default"
    key                 = env("SECRET")
    secret              = env("OTHER_SECRET")`

/** What the files can say. */
const files = {
  role: config(ada, role('one')),
  otherContent: config(ada, role('two'), 'other'),
  keys: config(ada, keys),
  otherPerson: config(bob, role('one')),
  otherPersonAndContent: config(bob, role('three'), 'third'),
  workspace: config('workspace_id = "1"', role('one')),
  nothing: '',
} as const
type Files = keyof typeof files

/** What is applied in full, and what of it is then applied and cut. */
const verbs: readonly (readonly [Files, Files, readonly Generation[]])[] = [
  ['nothing', 'role', ['A', 'C']],
  ['nothing', 'keys', ['A', 'C']],
  ['nothing', 'workspace', ['C']],
  ['role', 'otherContent', ['A', 'C']],
  ['role', 'keys', ['A', 'C']],
  ['keys', 'role', ['A', 'C']],
  ['role', 'otherPersonAndContent', ['A', 'C']],
  ['role', 'workspace', ['C']],
  ['workspace', 'role', ['C']],
  ['role', 'nothing', ['A', 'C']],
]
/** What the files say afterwards. */
const thens: readonly Files[] = ['otherContent', 'keys', 'otherPerson', 'nothing']

async function cut(world: World, hcl: string, requests: number): Promise<boolean> {
  let sent = 0
  const trace = (point: string) => {
    // Right before the next request, or after the last one.
    if ((point === 'sent' && ++sent > requests) || (point === 'committed' && sent === requests))
      throw new Error('cut')
  }
  return world.apply(hcl, { trace }).then(
    (applied) => {
      if (applied.errors.length > 0) throw new Error(say(applied.errors))
      return false
    },
    (cause: unknown) => {
      if (!(cause instanceof Error) || cause.message !== 'cut') throw cause
      return true
    },
  )
}

async function contents(plane: ControlPlane, generation: Generation) {
  const found = []
  for (let id = 1; ; id++) {
    const [answer] =
      generation === 'A'
        ? [await call(plane, 'GET', `/awsConfigs/${id}`)]
        : [{ status: 404, body: {} as Record<string, unknown> }]
    if (answer.status === 404) break
    if (answer.status === 200) found.push(answer.body)
  }
  const configs = generation === 'A' ? found : await list(plane, '/awsConfigs')
  const roles = generation === 'A' ? [] : await list(plane, '/awsRoles')
  const persons = await list(plane, '/people')
  const has = (id: unknown) => persons.find((p) => (p.awsConfig as { id?: unknown } | null)?.id === id)?.email
  return {
    configs: configs.map((c) => `${has(c.id) ?? 'nobody'} ${c.credentialProvider} ${c.defaultBucket}`),
    idle: roles.filter((r) => !configs.some((c) => c.activeRoleId === r.id)).map((r) => r.role),
    people: persons.length,
  }
}

const expected: Readonly<Record<Files, readonly string[]>> = {
  role: ['ada@example.com temporary acme'],
  otherContent: ['ada@example.com temporary other'],
  keys: ['ada@example.com default acme'],
  otherPerson: ['bob@example.com temporary acme'],
  otherPersonAndContent: ['bob@example.com temporary third'],
  workspace: ['nobody temporary acme'],
  nothing: [],
}

async function story(t: Test, generation: Generation, [from, to, then]: readonly Files[], requests: number) {
  const { world, plane } = await openPlaneWorld(t, { generation, allowConfigDelete: true })
  const hcl = (what: Files | undefined) => people(generation) + files[what ?? 'nothing']
  await world.given(hcl(from))
  if (!(await cut(world, hcl(to), requests))) return false
  const found: unknown[] = []
  const applied = await world.apply(hcl(then))
  if (applied.errors.length > 0) found.push(say(applied.errors))
  const planned = await world.plan(hcl(then))
  if (planned.errors.length > 0) found.push(say(planned.errors))
  const what = `${from} to ${to}, cut after ${requests} requests, then ${then}`
  t.strictSame([...found, ...planned.changes], [], `${what}: nothing is left to do`)
  const there = await contents(plane, generation)
  t.strictSame(there, { configs: expected[then ?? 'nothing'], idle: [], people: 3 }, what)
  t.equal((await world.state()).open.size, 0)
  return true
}

for (const generation of ['A', 'C'] as const)
  for (const [from, to, generations] of verbs) {
    if (!generations.includes(generation)) continue
    t.test(`generation ${generation}: from ${from} to ${to}, cut, and then something else`, async (t) => {
      let cuts = 0
      for (let requests = 0, cut = true; cut && requests < 10; requests++) {
        // Of what exists already, every other combination: they are many.
        const chosen = thens.filter((_, i) => from === 'nothing' || (i + requests) % 2 === 1)
        for (const then of chosen) {
          cut = await story(t, generation, [from, to, then], requests)
          if (!cut) break
          cuts++
        }
      }
      t.ok(cuts >= thens.length, `${cuts} cuts`)
    })
  }

t.test('configurations of equal content that could not be assigned are each found, once', async (t) => {
  let refuses = true
  const { world, plane } = await openPlaneWorld(t, {
    generation: 'A',
    allowConfigDelete: true,
    intercept: async (request, next) =>
      refuses && request.method === 'PATCH'
        ? new Response('{"exception": {"name": "Forbidden", "message": "not now"}}', { status: 403 })
        : await next(request),
  })
  const crew = (bucket: string) => `
    provider "trifacta" {
      endpoint   = "embedded"
      generation = "A"
    }
    resource "trifacta_person" "p" {
      count = 4
      email = "p\${count.index}@example.com"
    }
    resource "trifacta_aws_config" "c" {
      count               = 4
      person_id           = trifacta_person.p[count.index].id
      credential_provider = "temporary"
      role                = "arn:aws:iam::123456789012:role/all"
      default_bucket      = "${bucket}"
    }`
  const applied = await world.apply(crew('acme'))
  t.equal(applied.errors.length, 1, say(applied.errors))
  t.strictSame((await contents(plane, 'A')).configs, Array(4).fill('nobody temporary acme'))
  refuses = false
  const again = await world.apply(crew('other'))
  t.strictSame(again.errors, [])
  t.strictSame(
    (await contents(plane, 'A')).configs.sort(),
    [0, 1, 2, 3].map((i) => `p${i}@example.com temporary other`),
  )
  t.strictSame((await world.plan(crew('other'))).changes, [])
})
