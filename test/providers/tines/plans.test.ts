import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Failure } from '../../../src/core/diagnostic.js'
import type { Plan } from '../../../src/core/plan.js'
import { openDatabase } from '../../../src/server/database.js'
import { openInputs } from '../../../src/server/tines/inputs.js'
import type { TinesTables } from '../../../src/server/tines/tables.js'
import { addTeams, credential, text, tinesService, withKey, withRole } from '../../conformance/tines-texts.js'
import { type Folder, openFolder, type Setup } from '../../fixtures/plane-folder.js'
import { callTines, tines } from '../../fixtures/tines-calls.js'

/*
 * What plans say of credentials.
 */

async function open(t: Test, more: Partial<Setup> = {}) {
  const folder = await openFolder(t, {
    generation: 'C',
    transport: 'in process',
    service: tinesService,
    ...more,
  })
  await addTeams(folder.plane)
  return folder
}

const told = ({ changes }: Plan) =>
  changes.flatMap(({ consequences }) => consequences.map(({ kind, text }) => `${kind}: ${text}`))

async function mistakes(promise: Promise<unknown>): Promise<readonly string[]> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof Failure)) throw thrown ?? new Error('there is no mistake')
  return thrown.diagnostics.map(({ detail }) => detail ?? '')
}

t.test('what a mode needs, and what does not belong to it, is told before anything is sent', async (t) => {
  const folder = await open(t)
  for (const [content, expected] of [
    ['mode = "AWS"', ['aws_authentication_type is required when mode is "AWS".']],
    [
      'mode = "AWS"\n  aws_authentication_type = "KEY"\n  aws_access_key = "A"',
      ['aws_secret_key is required when aws_authentication_type is "KEY".'],
    ],
    [
      'mode = "AWS"\n  aws_authentication_type = "ROLE"',
      ['aws_assumed_role_arn is required when aws_authentication_type is "ROLE".'],
    ],
    [
      'mode = "TEXT"\n  value = env("AWS_SECRET")\n  aws_access_key = "A"',
      ['aws_access_key does not apply when mode is "TEXT".'],
    ],
    [
      'mode = "OAUTH"\n  oauth_token_url = "u"\n  oauth_client_id = "i"\n  oauth_client_secret = env("AWS_SECRET")\n  oauth_grant_type = "authorization_code"',
      ['oauth_url is required when oauth_grant_type is "authorization_code".'],
    ],
    [
      'mode = "TEXT"\n  value = env("AWS_SECRET")\n  read_access = "SPECIFIC_TEAMS"',
      ['shared_team_slugs is required when read_access is "SPECIFIC_TEAMS".'],
    ],
    [
      'mode = "MULTI_REQUEST"\n  http_request_location_of_token = "=a"\n  credential_requests = ["x", "{}"]',
      [/credential_requests.* must be JSON objects/],
    ],
    ['mode = "TEXT"\n  value = env("AWS_SECRET")\n  expires_at = "soon"', [/expires_at must be a date/]],
  ] as const) {
    folder.declare(credential('c', content))
    t.match(await mistakes(folder.plan()), expected)
  }
})

t.test('a new external id is told where a credential is replaced, and flows on to others', async (t) => {
  const folder = await open(t)
  const output = '\noutput "external_id" {\n  value = tines_credential.c.aws_assumed_role_external_id\n}\n'
  folder.declare(withRole('a') + output)
  await folder.apply()
  const { aws_assumed_role_external_id: id } = await tines(folder.plane, 'GET', '/user_credentials/1')
  folder.declare(withRole('b') + output)
  const updated = await folder.plan()
  t.strictSame(told(updated), [
    'widens-access: AWS is reached as arn:aws:iam::123456789012:role/b, instead of arn:aws:iam::123456789012:role/a.',
  ])
  t.strictSame(
    updated.outputs.map(({ action }) => action),
    ['keep'],
    'it survives an update',
  )
  folder.declare(withRole('a', '', 3) + output)
  t.strictSame(told(await folder.plan()), [
    `note: The new credential gets another aws_assumed_role_external_id: the trust policy of its role must follow, from ${id}.`,
  ])
  folder.declare(withRole('a', 'use_static_external_id = true') + output)
  const statics = await folder.plan()
  t.strictSame(told(statics), [
    `note: Its aws_assumed_role_external_id changes, from ${id}: the trust policy of its role must follow.`,
  ])
  t.not(statics.outputs[0]?.action, 'keep')
})

t.test('who uses a credential is told where it goes or is renamed', async (t) => {
  const folder = await open(t)
  folder.declare(text())
  await folder.apply()
  folder.declare('')
  t.strictSame(told(await folder.plan()), [], 'nobody does')
  folder.declare(text().replace('"Token"', '"Other token"'))
  t.strictSame(told(await folder.plan()), [
    'note: Its slug follows the name. CREDENTIAL.token is no more, but nothing refers to it yet.',
  ])
})

t.test('how far a credential reaches is told when that changes', async (t) => {
  const folder = await open(t)
  const consequences = async (more: string) => {
    folder.declare(text(more))
    const said = told(await folder.plan())
    await folder.apply()
    return said
  }
  const specific = (slugs: string) => `read_access = "SPECIFIC_TEAMS"\n  shared_team_slugs = [${slugs}]`
  t.strictSame(await consequences('allowed_hosts = ["a.example"]'), [])
  t.strictSame(await consequences(specific('"network"')), [
    'widens-access: network can use it.',
    'widens-access: It can be sent to any host.',
  ])
  t.strictSame(await consequences(specific('"soc"')), [
    'widens-access: soc can use it.',
    'loses-access: network can use it no more.',
  ])
  t.strictSame(await consequences('read_access = "GLOBAL"'), ['widens-access: Every team can use it.'])
  t.strictSame(await consequences(''), ['loses-access: Other teams can use it no more.'])
})

t.test('two declared credentials of one team differ in more than case', async (t) => {
  const folder = await open(t)
  folder.declare(text() + text().replace('"c"', '"d"').replace('"Token"', '"TOKEN "'))
  await t.rejects(folder.plan())
})

t.test('a changed secret is an update, and an input that is no secret is shown', async (t) => {
  const folder = await open(t)
  folder.declare(withKey())
  await folder.apply()
  folder.declare(withKey().replace('AKIAEXAMPLE', 'AKIAOTHER').replace('env("AWS_SECRET")', 'env("AWS_KEY")'))
  const [change] = (await folder.plan()).changes
  t.equal(change?.action, 'update')
  t.match(change?.fields, [
    { name: 'aws_access_key', before: 'AKIAEXAMPLE', after: 'AKIAOTHER' },
    { name: 'aws_secret_key', before: { text: /^[0-9a-f]{16}$/ } },
  ])
})

/** What was sent to change credential 1, by a plane that somebody else looks at. */
async function storedValue(folder: Folder): Promise<string> {
  const { database } = await openFixtureDatabase(folder)
  try {
    const service = {
      tables: database.tables.withTables<TinesTables>(),
      sealer: database.sealer,
      now: () => new Date(),
      random: randomBytes,
    }
    const inputs = await service.tables
      .transaction()
      .execute((write) => openInputs(service, write, 1, 'live'))
    return String(inputs?.value)
  } finally {
    await database.close()
  }
}

async function openFixtureDatabase(folder: Folder) {
  const path = join(folder.path, '.rolecall', 'plane.db')
  return { database: await openDatabase({ path, now: () => new Date(), random: randomBytes }) }
}

t.test('a secret whose changes are ignored is left alone by other changes', async (t) => {
  const folder = await open(t)
  folder.declare(text())
  await folder.apply()
  const before = await storedValue(folder)
  const ignoring = text('description = "d"\n  lifecycle {\n    ignore_changes = [value]\n  }')
  folder.declare(ignoring.replace('env("AWS_SECRET")', 'env("AWS_KEY")'))
  t.match((await folder.apply()).counts, { change: 1, failed: 0 })
  t.equal((await tines(folder.plane, 'GET', '/user_credentials/1')).description, 'd')
  t.equal(await storedValue(folder), before)
})

t.test('a secret that is trusted is left alone when a credential is taken over', async (t) => {
  const folder = await open(t)
  const theirs = { name: 'token', mode: 'TEXT', value: 'theirs', team_id: 2 }
  await tines(folder.plane, 'POST', '/user_credentials', theirs)
  folder.declare(text('on_adopt = "trust"\n  description = "d"'))
  t.match((await folder.apply()).counts, { failed: 0 })
  t.equal(await storedValue(folder), 'theirs')
  folder.declare(text('description = "e"'))
  t.match((await folder.apply()).counts, { change: 1, failed: 0 })
  t.equal(await storedValue(folder), 'theirs', 'nor is it sent afterwards')
  t.match(await tines(folder.plane, 'GET', '/user_credentials/1'), { name: 'Token', description: 'e' })
})

t.test('a secret that is trusted is left alone when taking over was cut short', async (t) => {
  const folder = await open(t)
  const theirs = { name: 'Token', mode: 'TEXT', value: 'theirs', team_id: 2 }
  await tines(folder.plane, 'POST', '/user_credentials', theirs)
  folder.declare(text('on_adopt = "trust"\n  folder_id = "99"'))
  t.match((await folder.apply()).counts, { failed: 1 })
  folder.declare(text('on_adopt = "trust"\n  description = "d"'))
  t.match((await folder.apply()).counts, { change: 1, failed: 0 })
  t.match(await tines(folder.plane, 'GET', '/user_credentials/1'), { description: 'd' })
  t.equal(await storedValue(folder), 'theirs')
})

t.test('no secret of any mode is in any file, and none in an error', async (t) => {
  const secrets = [...Array(9).keys()].map((n) => [`S${n}`, `canary-${n}-4711`] as const)
  const folder = await open(t, { env: Object.fromEntries(secrets) })
  const one = (name: string, content: string) =>
    `\nresource "tines_credential" "${name}" {\n  name = "${name}"\n  team_id = "2"\n  ${content}\n}\n`
  const declared = (more: string) =>
    [
      one('text', `mode = "TEXT"\n  value = env("S0")${more}`),
      one(
        'jwt',
        `mode = "JWT"\n  jwt_algorithm = "RS256"\n  jwt_payload = jsonencode({ a = 1 })\n  jwt_private_key = env("S1")${more}`,
      ),
      one(
        'oauth',
        `mode = "OAUTH"\n  oauth_token_url = "u"\n  oauth_client_id = "i"\n  oauth_client_secret = env("S2")\n  oauth_grant_type = "client_credentials"${more}`,
      ),
      one(
        'aws',
        `mode = "AWS"\n  aws_authentication_type = "KEY"\n  aws_access_key = env("S3")\n  aws_secret_key = env("S4")${more}`,
      ),
      one(
        'mtls',
        `mode = "MTLS"\n  mtls_client_certificate = "c"\n  mtls_client_private_key = env("S5")${more}`,
      ),
      one(
        'http',
        `mode = "HTTP_REQUEST_AGENT"\n  http_request_options = jsonencode({ token = env("S6") })\n  http_request_location_of_token = "=a"\n  http_request_secret = env("S7")${more}`,
      ),
      one(
        'multi',
        `mode = "MULTI_REQUEST"\n  credential_requests = [jsonencode({}), jsonencode({})]\n  http_request_location_of_token = "=a"\n  http_request_secrets = ["", env("S8")]${more}`,
      ),
      `resource "tines_test_credential" "text" {\n  live_credential_id = tines_credential.text.id\n  mode = "TEXT"\n  value = env("S1")\n}\n`,
    ].join('')
  folder.declare(declared(''))
  const first = await folder.plan()
  const applied = await folder.apply()
  t.match(applied.counts, { add: 8, failed: 0 })
  folder.declare(declared('\n  folder_id = "99"'))
  const failed = await folder.apply()
  t.match(failed.counts, { failed: 7 })
  const shown = JSON.stringify([first, applied, failed, await folder.drift()], (_, value) =>
    value instanceof Map ? [...value] : value,
  )
  t.notMatch(shown, /canary/)
  t.match(shown, /folder_id must be a CREDENTIAL folder of the same team/)
  const files = readdirSync(folder.path, { recursive: true, encoding: 'utf8', withFileTypes: true })
  const stored = files
    .filter((file) => file.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
    .join('\n')
  t.match(stored, /HTTP_REQUEST_AGENT/, 'what is no secret is found')
  t.notMatch(stored, /canary/)
})

t.test('someone else’s second credential of the name stops the plan', async (t) => {
  const folder = await open(t)
  folder.declare(text())
  for (const name of ['token', 'TOKEN'])
    await callTines(folder.plane, 'POST', '/user_credentials', { name, mode: 'TEXT', value: 'v', team_id: 2 })
  t.match(await mistakes(folder.plan()), [/2 credentials have this name: 1, 2/])
})

t.test('a credential does not go for one of a team or folder that is not there', async (t) => {
  const folder = await open(t)
  folder.declare(text())
  await folder.apply()
  const before = await folder.contents()
  folder.declare(text('', 77))
  t.strictSame(await mistakes(folder.apply()), [
    'There is no team 77, or this key does not see it. What is there would have gone first.',
  ])
  const { id } = await tines(folder.plane, 'POST', '/folders', {
    name: 'Stories',
    content_type: 'STORY',
    team_id: 3,
  })
  for (const other of [id, 99]) {
    folder.declare(text(`folder_id = "${other}"`, 3))
    t.match(await mistakes(folder.apply()), [
      `There is no folder ${other} for credentials in team 3, or this key does not see it.`,
    ])
  }
  t.equal(await folder.contents(), before)
})

t.test('a credential that somebody moved to another team is kept by declaring it there', async (t) => {
  const folder = await open(t)
  folder.declare(withRole('a'))
  await folder.apply()
  const before = await tines(folder.plane, 'PUT', '/user_credentials/1', { mode: 'AWS', team_id: 3 })
  const moved = await folder.plan().catch((cause: unknown) => cause)
  if (!(moved instanceof Failure)) throw moved
  t.match(moved.diagnostics, [
    {
      code: 'engine/identity-conflict',
      detail: /recorded with id 1 as name=aws role, team_id=2; .* is name=aws role, team_id=3 now/,
      help: /declare team_id = "3" to keep it as it is, or change it back/,
    },
  ])
  folder.declare(withRole('a', '', 3))
  t.strictSame(
    (await folder.plan()).changes.map(({ action }) => action),
    ['keep'],
  )
  await folder.apply()
  const after = await tines(folder.plane, 'GET', '/user_credentials/1')
  t.equal(after.aws_assumed_role_external_id, before.aws_assumed_role_external_id)
})
