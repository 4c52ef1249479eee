import t from 'tap'
import type { JsonObject } from '../../../src/core/json.js'
import { type Inputs, ServiceError } from '../../../src/core/resource.js'
import { Secret } from '../../../src/core/secret.js'
import type { Row } from '../../../src/core/state.js'
import { credential } from '../../../src/providers/tines/credential.js'
import { tines } from '../../fixtures/tines-calls.js'
import { openTinesBench, tinesInputs } from '../../fixtures/tines-connection.js'

const role = 'arn:aws:iam::123456789012:role/x'
const withKey = {
  mode: 'AWS',
  aws_authentication_type: 'KEY',
  aws_access_key: 'AKIAEXAMPLE',
  aws_secret_key: new Secret('s3cret'),
}
const text = { mode: 'TEXT', value: new Secret('s3cret') }

async function refusal(promise: Promise<unknown>): Promise<ServiceError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof ServiceError) return thrown
  throw thrown ?? new Error('it was not refused')
}

function rowOf(inputs: Inputs): Row {
  const applied = Object.entries(inputs).filter(([, value]) => value !== null)
  return {
    address: 'tines_credential.c',
    type: 'tines_credential',
    schemaVersion: 1,
    provider: 'tines',
    endpoint: 'x',
    id: '1',
    naturalKey: 'x',
    inputs: Object.fromEntries(
      applied.map(([name, value]) => [name, value instanceof Secret ? { $secret: 'f' } : String(value)]),
    ),
    attributes: {},
    dependsOn: [],
    createBeforeDestroy: false,
    preventDestroy: false,
    origin: 'created',
  }
}

t.test('every mode is sent by the names of the service, and its secrets as they are', async (t) => {
  const bench = await openTinesBench(t)
  const modes: readonly (readonly [Readonly<Record<string, Inputs[string]>>, object])[] = [
    [
      { mode: 'TEXT', value: new Secret('s') },
      { mode: 'TEXT', value: 's' },
    ],
    [
      {
        mode: 'JWT',
        jwt_algorithm: 'RS256',
        jwt_payload: '{"iss":"me"}',
        jwt_auto_generate_time_claims: true,
        jwt_private_key: new Secret('s'),
      },
      {
        mode: 'JWT',
        jwt_algorithm: 'RS256',
        jwt_payload: { iss: 'me' },
        jwt_auto_generate_time_claims: true,
        jwt_private_key: 's',
      },
    ],
    [
      {
        mode: 'OAUTH',
        oauth_token_url: 'https://example.com/t',
        oauth_client_id: 'i',
        oauth_client_secret: new Secret('s'),
        oauth_scope: 'a b',
        oauth_grant_type: 'client_credentials',
        oauth_pkce_code_challenge_method: 'S256',
      },
      {
        mode: 'OAUTH',
        oauth_token_url: 'https://example.com/t',
        oauth_client_id: 'i',
        oauth_client_secret: 's',
        oauth_scope: 'a b',
        oauth_grant_type: 'client_credentials',
        oauthPkceCodeChallengeMethod: 'S256',
      },
    ],
    [
      { ...withKey, aws_assumed_role_arn: role },
      {
        mode: 'AWS',
        aws_authentication_type: 'KEY',
        aws_access_key: 'AKIAEXAMPLE',
        aws_secret_key: 's3cret',
        aws_assumed_role_arn: role,
      },
    ],
    [
      { mode: 'AWS', aws_authentication_type: 'INSTANCE_PROFILE' },
      { mode: 'AWS', aws_authentication_type: 'INSTANCE_PROFILE' },
    ],
    [
      { mode: 'MTLS', mtls_client_certificate: 'c', mtls_client_private_key: new Secret('s') },
      { mode: 'MTLS', mtls_client_certificate: 'c', mtls_client_private_key: 's' },
    ],
    [
      {
        mode: 'HTTP_REQUEST_AGENT',
        http_request_options: '{"url":"https://example.com"}',
        http_request_location_of_token: '=a',
        http_request_secret: new Secret('s'),
        http_request_ttl: 60,
      },
      {
        mode: 'HTTP_REQUEST_AGENT',
        http_request_options: { url: 'https://example.com' },
        http_request_location_of_token: '=a',
        http_request_secret: 's',
        http_request_ttl: 60,
      },
    ],
    [
      {
        mode: 'MULTI_REQUEST',
        credential_requests: ['{"url":"a"}', '{"url":"b"}'],
        http_request_secrets: ['', new Secret('s')],
        http_request_location_of_token: '=a',
      },
      {
        mode: 'MULTI_REQUEST',
        credential_requests: [{ options: { url: 'a' } }, { options: { url: 'b' }, http_request_secret: 's' }],
        http_request_location_of_token: '=a',
        http_request_ttl: null,
      },
    ],
  ]
  for (const [given, expected] of modes) {
    const name = `c ${JSON.stringify(given.aws_authentication_type ?? given.mode)}`
    const inputs = tinesInputs({ ...given, name })
    const made = await credential.create(bench.api(), inputs)
    t.strictSame(bench.sent.at(-1), {
      line: 'POST /tines/api/v1/user_credentials',
      body: { name, team_id: 2, read_access: 'TEAM', ...expected },
    })
    t.equal(made.mode, given.mode)
    t.same(await credential.find(bench.api({ readOnly: true }), inputs), {
      ...made,
      metadata: made.metadata,
    })
    const again = await credential.update!(bench.api(), inputs, made, undefined)
    t.strictSame(
      bench.sent.at(-1)?.body,
      given.aws_authentication_type === 'INSTANCE_PROFILE' ? {} : withoutType(expected),
    )
    t.equal(again?.id, made.id)
  }
})

/** How AWS is reached reads back, so that it is sent only when it differs. */
function withoutType(expected: object): object {
  return Object.fromEntries(Object.entries(expected).filter(([name]) => name !== 'aws_authentication_type'))
}

t.test('a change of what all modes have sends no secret, and a new secret sends nothing else', async (t) => {
  const bench = await openTinesBench(t)
  const inputs = tinesInputs(withKey)
  const made = await credential.create(bench.api(), inputs)
  const applied = new Set(['aws_access_key', 'aws_secret_key'])
  const described = tinesInputs({ ...withKey, description: 'new', metadata: new Map([['a', 'b']]) })
  const after = await credential.update!(bench.api(), described, made, rowOf(inputs), applied)
  t.strictSame(bench.sent.at(-1)?.body, { mode: 'AWS', description: 'new', metadata: { a: 'b' } })
  const rotated = { ...described, aws_secret_key: new Secret('other') }
  await credential.update!(bench.api(), rotated, after, rowOf(described), new Set(['aws_access_key']))
  t.strictSame(bench.sent.at(-1)?.body, { mode: 'AWS', aws_secret_key: 'other' })
  const requests = bench.sent.length
  await credential.update!(bench.api(), described, after, rowOf(described), applied)
  t.equal(bench.sent.length, requests, 'what is in line is left alone')
})

t.test('another way to reach AWS sends all that it needs, and empties what it does not', async (t) => {
  const bench = await openTinesBench(t)
  const key = tinesInputs({ ...withKey, aws_assumed_role_arn: role })
  const made = await credential.create(bench.api(), key)
  const asRole = tinesInputs({ mode: 'AWS', aws_authentication_type: 'ROLE', aws_assumed_role_arn: role })
  const applied = new Set(['aws_assumed_role_arn'])
  const after = await credential.update!(bench.api(), asRole, made, rowOf(key), applied)
  t.strictSame(bench.sent.at(-1)?.body, {
    mode: 'AWS',
    aws_authentication_type: 'ROLE',
    aws_access_key: '',
    aws_secret_key: '',
    aws_assumed_role_arn: role,
  })
  t.equal(after.aws_authentication_type, 'ROLE')
  t.equal(after.aws_assumed_role_external_id, made.aws_assumed_role_external_id)
})

t.test('a key that someone else brought in goes with their way to reach AWS', async (t) => {
  const bench = await openTinesBench(t)
  const asRole = tinesInputs({ mode: 'AWS', aws_authentication_type: 'ROLE', aws_assumed_role_arn: role })
  const made = await credential.create(bench.api(), asRole)
  const changed = { ...made, aws_authentication_type: 'KEY' }
  await credential.update!(bench.api(), asRole, changed, rowOf(asRole), new Set(['aws_assumed_role_arn']))
  t.strictSame(bench.sent.at(-1)?.body, {
    mode: 'AWS',
    aws_authentication_type: 'ROLE',
    aws_access_key: '',
    aws_secret_key: '',
    aws_assumed_role_arn: role,
  })
})

t.test('what a cut update may have sent is emptied if it is declared no more', async (t) => {
  const bench = await openTinesBench(t)
  const given = { mode: 'MTLS', mtls_client_certificate: 'c', mtls_client_private_key: new Secret('s') }
  const inputs = tinesInputs(given)
  const made = await credential.create(bench.api(), inputs)
  const row: Row = { ...rowOf(inputs), unfinished: 'update', attempted: [{ mtls_root_certificate: 'r' }] }
  await credential.update!(bench.api(), inputs, made, row)
  t.strictSame(bench.sent.at(-1)?.body, {
    mode: 'MTLS',
    mtls_client_certificate: 'c',
    mtls_client_private_key: 's',
    mtls_root_certificate: '',
  })
})

t.test('a time to live is sent with everything, since the service forgets it otherwise', async (t) => {
  const bench = await openTinesBench(t)
  const given = {
    mode: 'HTTP_REQUEST_AGENT',
    http_request_options: '{"url":"https://example.com"}',
    http_request_location_of_token: '=a',
    http_request_ttl: 60,
  }
  const made = await credential.create(bench.api(), tinesInputs(given))
  const applied = new Set(Object.keys(given))
  await credential.update!(
    bench.api(),
    tinesInputs({ ...given, description: 'd' }),
    made,
    rowOf(tinesInputs(given)),
    applied,
  )
  t.strictSame(bench.sent.at(-1)?.body, {
    mode: 'HTTP_REQUEST_AGENT',
    description: 'd',
    http_request_ttl: 60,
  })
})

t.test('a team that does not exist is refused before anything is made for it', async (t) => {
  const bench = await openTinesBench(t)
  const error = await refusal(credential.create(bench.api(), tinesInputs({ ...text, team_id: '77' })))
  t.match(
    error.message,
    /^creating the credential "c" of team 77: there is no team 77, or this key does not see it/,
  )
  t.match(error.facts.help, /personal team without a word/)
  t.strictSame(
    bench.sent.map(({ line }) => line),
    ['GET /tines/api/v1/teams/77', 'GET /tines/api/v1/teams'],
  )
})

t.test('a personal team counts as a team where only the list shows it', async (t) => {
  const bench = await openTinesBench(t, async (request, next) =>
    request.url.includes('/teams/') ? Response.json({ error: 'Not found' }, { status: 404 }) : await next(),
  )
  const made = await credential.create(bench.api(), tinesInputs({ ...text, team_id: '1' }))
  t.equal(made.team_id, '1')
})

t.test('the team and the folder of many credentials are asked for once', async (t) => {
  const bench = await openTinesBench(t)
  await tines(bench.plane, 'POST', '/folders', { name: 'AWS', content_type: 'CREDENTIAL', team_id: 2 })
  const api = bench.api()
  const before = bench.sent.length
  for (const name of ['a', 'b', 'c'])
    t.strictSame(await credential.lacks!(api, tinesInputs({ ...text, name, folder_id: '1' })), [])
  t.strictSame(
    bench.sent.slice(before).map(({ line }) => line.replace(/.*\/v1/, '')),
    ['/teams/2', '/folders/1'],
  )
})

t.test('a key of one team, to which other teams are not there and their list is closed, works', async (t) => {
  const bench = await openTinesBench(t, async (request, next) => {
    if (/\/teams\/\d+$/.test(new URL(request.url).pathname))
      return Response.json({ error: 'Not found' }, { status: 404 })
    return /\/teams$/.test(new URL(request.url).pathname)
      ? Response.json({ error: 'forbidden' }, { status: 403 })
      : await next()
  })
  t.strictSame(await credential.lacks!(bench.api(), tinesInputs(text)), [])
  t.equal((await credential.create(bench.api(), tinesInputs(text))).team_id, '2')
})

t.test('a key that sees no teams takes back what was made in the wrong one', async (t) => {
  const bench = await openTinesBench(t, async (request, next) =>
    request.url.includes('/teams/') ? Response.json({ error: 'forbidden' }, { status: 403 }) : await next(),
  )
  const inputs = tinesInputs({ ...text, team_id: '77' })
  const error = await refusal(credential.create(bench.api(), inputs))
  t.match(error.message, /put it in team 1 instead of team 77, .*; it was deleted again$/)
  t.match(await tines(bench.plane, 'GET', '/user_credentials'), { meta: { count: 0 } })

  await t.rejects(credential.create(bench.apiKilledAfter(1), inputs), 'killed right after it was made')
  t.match(await tines(bench.plane, 'GET', '/user_credentials'), { meta: { count: 1 } })
  const later = await refusal(credential.create(bench.api(), inputs))
  t.match(later.message, /deleted again; credentials of this name that are there besides: 2$/)
  t.match(later.facts.help, /Look into team 1/)
})

t.test('what is in the wrong team and cannot be deleted is named', async (t) => {
  const bench = await openTinesBench(t, async (request, next) => {
    if (request.url.includes('/teams/') || request.method === 'DELETE')
      return Response.json([{ message: 'no', details: 'rights' }], { status: 403 })
    return await next()
  })
  const error = await refusal(credential.create(bench.api(), tinesInputs({ ...text, team_id: '77' })))
  t.match(
    error.message,
    /credential 1 is still there, because deleting credential 1 \(HTTP 403\): no: rights/,
  )
})

t.test('two credentials of one name are an error that names both', async (t) => {
  const bench = await openTinesBench(t)
  for (const name of ['Prod', ' prod'])
    await tines(bench.plane, 'POST', '/user_credentials', { name, mode: 'TEXT', value: 'v', team_id: 2 })
  await tines(bench.plane, 'POST', '/user_credentials', {
    name: 'prod',
    mode: 'TEXT',
    value: 'v',
    team_id: 3,
  })
  const error = await refusal(credential.find(bench.api(), tinesInputs({ ...text, name: 'PROD' })))
  t.match(error.message, /"PROD" of team 2: 2 credentials have this name: 1, 2$/)
  const other = await credential.find(bench.api(), tinesInputs({ ...text, name: 'PROD', team_id: '3' }))
  t.equal(other?.id, '3')
})

t.test('a list is read to its end, and a page that does not exist is not asked for', async (t) => {
  const pages: (string | null)[] = []
  const bench = await openTinesBench(t, async (request) => {
    const url = new URL(request.url)
    const page = url.searchParams.get('page')
    pages.push(page)
    const item = { id: Number(page), name: `c${page}`, mode: 'TEXT', team_id: 2 }
    const last = page === '3'
    // As was recorded: the number of a next page where there is none.
    const meta = {
      next_page: last ? null : 'http://x/',
      next_page_number: last ? 1 : Number(page) + 1,
      pages: 9,
    }
    return Response.json({ user_credentials: [item], meta })
  })
  const names: unknown[] = []
  for await (const one of credential.list!(bench.api())) names.push(one.name)
  t.strictSame(names, ['c1', 'c2', 'c3'])
  t.strictSame(pages, ['1', '2', '3'])
})

t.test(
  'what older tenants leave out is nothing, and static external ids are asked for in vain',
  async (t) => {
    const old = { id: 7, name: 'c', mode: 'AWS', team_id: 2, folder_id: null, read_access: 'TEAM', slug: 'c' }
    const bench = await openTinesBench(t, async (request, next) =>
      request.url.includes('user_credentials') ? Response.json(old) : await next(),
    )
    t.match(await credential.read(bench.api(), '7'), {
      id: '7',
      description: null,
      shared_team_slugs: [],
      allowed_hosts: [],
      expires_at: null,
      use_static_external_id: null,
      aws_assumed_role_external_id: null,
    })
    const inputs = tinesInputs({ ...withKey, use_static_external_id: true })
    const error = await refusal(credential.create(bench.api(), inputs))
    t.match(error.message, /still has an external id of its own/)
  },
)

t.test("errors keep the service's words in each of their forms, and never a secret", async (t) => {
  for (const [body, words] of [
    [{ errors: [{ message: 'Bad', details: 's3cret is weak' }] }, 'Bad: (sensitive value) is weak'],
    [[{ message: 'Bad', details: null }, { message: 'Worse' }], 'Bad; Worse'],
    [{ error: 'Bad' }, 'Bad'],
    [{ message: 'Bad' }, 'Bad'],
    [{ errors: ['Bad', 'Worse'] }, 'Bad; Worse'],
  ] as const) {
    const bench = await openTinesBench(t, async (request, next) =>
      request.method === 'POST' ? Response.json(body, { status: 422 }) : await next(),
    )
    const error = await refusal(credential.create(bench.api(), tinesInputs(text)))
    t.equal(error.message, `creating the credential "c" of team 2 (HTTP 422): ${words}`)
  }
})

t.test('only the 404 of the service itself says that a credential is gone', async (t) => {
  let answer = () => Response.json({ errors: [{ message: 'Not found' }] }, { status: 404 })
  const bench = await openTinesBench(t, async () => answer())
  t.equal(await credential.read(bench.api(), '7'), undefined)
  answer = () => new Response('<html>no such host</html>', { status: 404 })
  t.match((await refusal(credential.read(bench.api(), '7'))).message, /HTTP 404/)
  answer = () => Response.json({ anything: 1 }, { status: 404 })
  t.match((await refusal(credential.read(bench.api(), '7'))).message, /HTTP 404/)
})

t.test('too many requests wait as they are told', async (t) => {
  let refused = 0
  const bench = await openTinesBench(t, async (request, next) => {
    if (request.method !== 'POST' || refused++ > 0) return await next()
    return Response.json({ error: 'slow down' }, { status: 429, headers: { 'retry-after': '0' } })
  })
  t.match(await credential.create(bench.api(), tinesInputs(text)), { id: '1' })
  t.equal(refused, 2)
})

t.test('names are imported too, and blanks around a name are none', async (t) => {
  const bench = await openTinesBench(t)
  await credential.create(bench.api(), tinesInputs({ ...text, name: ' Prod ' }))
  t.match(bench.sent.at(-1)?.body, { name: 'Prod' })
  t.match(await credential.importId!(bench.api(), '2/prod'), { id: '1', name: 'Prod' })
  t.match(await credential.importId!(bench.api(), '1'), { id: '1', name: 'Prod' })
  t.equal(await credential.importId!(bench.api(), '3/prod'), undefined)
})

const agreed = {
  mode: 'OAUTH',
  oauth_url: 'https://login.example.com/authorize',
  oauth_token_url: 'https://login.example.com/token',
  oauth_client_id: 'id',
  oauth_client_secret: new Secret('hunter2'),
  oauth_grant_type: 'authorization_code',
}

t.test('a credential to which somebody has to agree says so, and not where: that is a secret', async (t) => {
  const bench = await openTinesBench(t)
  const told: string[] = []
  const api = bench.api({ warned: (text) => told.push(text) })
  const made = await credential.create(api, tinesInputs(agreed))
  t.match(told, [/^the credential "c" of team 2 works once somebody has opened it in Tines and agreed/])
  t.notMatch(JSON.stringify([told, made]), /state=/)
  const renamed = tinesInputs({ ...agreed, name: 'd' })
  await credential.update!(api, renamed, made, undefined, new Set(Object.keys(agreed)))
  t.equal(told.length, 1)
  const plain = tinesInputs({ ...agreed, name: 'e', oauth_grant_type: 'client_credentials' })
  const other = await credential.create(api, plain)
  t.equal(told.length, 1)
  await credential.update!(api, tinesInputs({ ...agreed, name: 'e' }), other, undefined)
  t.equal(told.length, 2, 'the grant type is another now')
})

t.test('a credential that stands inside the answer to a write is found there', async (t) => {
  const bench = await openTinesBench(t, async (request, next) => {
    const answer = await next()
    if (request.method !== 'POST') return answer
    const { redirect_url, ...rest } = (await answer.json()) as JsonObject
    return Response.json({ redirect_url, user_credential: rest })
  })
  t.match(await credential.create(bench.api(), tinesInputs(agreed)), { id: '1', name: 'c', mode: 'OAUTH' })
})
