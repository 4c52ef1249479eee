import t, { type Test } from 'tap'
import type { Json, JsonObject } from '../../../src/core/json.js'
import type { ControlPlane, ControlPlaneOptions } from '../../../src/server/control-plane.js'
import {
  answering,
  assumed,
  type DocumentedAnswers,
  head,
  iAm,
  listed,
  s3Error,
  sessionArn,
  stsError,
} from '../../aws/documented-answers.js'
import { openTestPlane } from '../../fixtures/test-plane.js'
import { outerproductStories, printedConnector } from '../../samples/outerproduct.js'
import { holdInProcess } from '../../samples/story-plane.js'

const role = 'arn:aws:iam::123456789012:role/data/reader'

const s3 = {
  credential_name: 'lake',
  role_arn: role,
  bucket_uri: 's3://acme-data/in/',
  expected_bucket_owner_account_id: '123456789012',
  connector_type: 's3',
}
const snowflake = {
  credential_name: 'flakes',
  username: 'me',
  password: 'hunter2',
  account: 'acme-eu',
  database: 'SALES',
  schema_name: 'PUBLIC',
  warehouse: null,
}
const databricks = {
  credential_name: 'bricks',
  access_token: 'dapi-token',
  server_hostname: 'adb.example.com',
  http_path: '/sql/1',
}

const working: DocumentedAnswers = {
  assumeRole: (form) => assumed(form),
  whoAmI: (key) =>
    iAm(key === 'AKIAPLANE' ? 'arn:aws:iam::999900000000:user/backend' : sessionArn(role, 'rolecall-probe')),
  headBucket: () => head(200, 'us-east-1'),
  listObjects: () => listed(['in/a']),
}

holdInProcess(outerproductStories)

t.test('an S3 connector is what was proven', async (t) => {
  const { plane, asked } = await opened(t)
  const setup = await call(plane, 'GET', '/account/aws-setup')
  t.match(setup, { status: 200, body: { principal_arn: 'arn:aws:iam::999900000000:user/backend' } })
  const { external_id } = setup.body as { external_id: string }
  const made = await call(plane, 'POST', '/connectors/s3', s3)
  t.match(made, {
    status: 200,
    body: {
      credential_name: 'lake',
      connector_type: 's3',
      verified_bucket_uri: 's3://acme-data/in/',
      verified_role_arn: role,
      verified_bucket_owner_account_id: '123456789012',
      verified_account: null,
      verified_schema_name: null,
      verified_http_path: null,
    },
  })
  t.strictSame((await call(plane, 'GET', '/connectors')).body, [made.body])
  t.match(asked.slice(1), [
    `AssumeRole ${external_id} by AKIAPLANE in us-east-1`,
    /^GetCallerIdentity/,
    'HeadBucket acme-data by ASIASESSION in us-east-1 of 123456789012',
    'ListObjectsV2 acme-data by ASIASESSION in us-east-1 of 123456789012',
  ])
})

t.test(
  "an answer of each type has the members of the vendor's sample, and the type that it forgets",
  async (t) => {
    const { plane } = await opened(t)
    for (const [type, body] of Object.entries({ s3, snowflake, databricks })) {
      const made = await call(plane, 'POST', `/connectors/${type}`, body)
      const { connector_type, ...rest } = made.body as JsonObject
      t.equal(connector_type, type)
      t.strictSame(Object.keys(rest).sort(), Object.keys(printedConnector).sort())
    }
  },
)

t.test('without a proof there is no connector', async (t) => {
  const refusals: readonly [DocumentedAnswers, RegExp][] = [
    [
      { assumeRole: () => stsError(403, 'AccessDenied', 'not authorized') },
      /assume_denied.*not authorized.*trust/s,
    ],
    [
      { headBucket: () => head(403), listObjects: () => s3Error(403, 'AccessDenied') },
      /bucket_denied.*owner/s,
    ],
    [{ headBucket: () => head(404), listObjects: () => s3Error(404, 'NoSuchBucket') }, /no_such_bucket/],
    [{ assumeRole: () => stsError(403, 'InvalidClientTokenId') }, /caller_credentials_invalid/],
  ]
  for (const [answers, detail] of refusals) {
    const { plane } = await opened(t, answers)
    t.match(await call(plane, 'POST', '/connectors/s3', s3), { status: 400, body: { detail } })
    t.strictSame((await call(plane, 'GET', '/connectors')).body, [])
  }
})

t.test('a bucket with nothing below the prefix is no failure', async (t) => {
  const { plane } = await opened(t, { listObjects: () => listed([]) })
  t.equal((await call(plane, 'POST', '/connectors/s3', s3)).status, 200)
})

t.test('a plane that is killed while it tries an access leaves no connector', async (t) => {
  const database = `${t.testdir()}/plane.db`
  let answerLate: (() => void) | undefined
  const late = new Promise<void>((resolve) => {
    answerLate = resolve
  })
  let trying: (() => void) | undefined
  const tries = new Promise<void>((resolve) => {
    trying = resolve
  })
  const { answer } = answering(working)
  const { plane } = await opened(
    t,
    {},
    {
      database,
      aws: async () => ({
        identity: { accessKeyId: 'AKIAPLANE', secretAccessKey: 's' },
        env: () => undefined,
        async answer(request) {
          if (request.method === 'GET') {
            trying?.()
            await late
          }
          return await answer(request)
        },
      }),
    },
  )
  const creating = call(plane, 'POST', '/connectors/s3', s3)
  await tries
  // What a plane finds that starts now, after the death of the first one.
  const { plane: again } = await opened(t, {}, { database })
  t.strictSame((await call(again, 'GET', '/connectors')).body, [])
  answerLate?.()
  t.equal((await creating).status, 200)
  t.match((await call(again, 'GET', '/connectors')).body, [{ credential_name: 'lake' }])
})

t.test('a name is given once for each user, whatever the type, also while an access is tried', async (t) => {
  let name = 'anna'
  const { plane } = await opened(
    t,
    {},
    { authorize: async () => ({ name, scopes: new Set(['read', 'write'] as const) }) },
  )
  const both = await Promise.all([
    call(plane, 'POST', '/connectors/s3', s3),
    call(plane, 'POST', '/connectors/s3', s3),
  ])
  t.strictSame(both.map(({ status }) => status).sort(), [200, 409])
  const other = { ...snowflake, credential_name: 'lake' }
  t.match(await call(plane, 'POST', '/connectors/snowflake', other), {
    status: 409,
    body: { detail: /"lake" already exists/ },
  })
  name = 'bert'
  t.strictSame((await call(plane, 'GET', '/connectors')).body, [])
  t.equal((await call(plane, 'POST', '/connectors/snowflake', other)).status, 200)
})

t.test('a connector is deleted by type and id, by its user', async (t) => {
  let name = 'anna'
  const { plane } = await opened(
    t,
    {},
    { authorize: async () => ({ name, scopes: new Set(['read', 'write'] as const) }) },
  )
  const { id } = (await call(plane, 'POST', '/connectors/s3', s3)).body as { id: string }
  t.match(await call(plane, 'DELETE', `/connectors/snowflake/${id}`), { status: 404 })
  name = 'bert'
  t.match(await call(plane, 'DELETE', `/connectors/s3/${id}`), { status: 404 })
  name = 'anna'
  t.match(await call(plane, 'DELETE', `/connectors/s3/${id}`), { status: 204 })
  t.match(await call(plane, 'DELETE', `/connectors/s3/${id}`), {
    status: 404,
    body: { detail: 'Connector not found' },
  })
})

t.test('what breaks a rule is a 422 that says where, all of it at once, and quotes nothing', async (t) => {
  const { plane, asked } = await opened(t)
  const bad = { role_arn: 'arn:aws-cn:iam::123456789012:role/x', bucket_uri: 'S3://x', connector_type: 'gcs' }
  t.match(await call(plane, 'POST', '/connectors/s3', bad), {
    status: 422,
    body: {
      detail: [
        { loc: ['body', 'bucket_uri'], type: 'value_error' },
        { loc: ['body', 'connector_type'], msg: "Input should be 's3'" },
        { loc: ['body', 'credential_name'], type: 'missing', msg: 'Field required' },
        {
          loc: ['body', 'role_arn'],
          msg: "String should match pattern '^arn:aws:iam::[0-9]{12}:role\\/.+$'",
        },
        { loc: ['body', 'expected_bucket_owner_account_id'], type: 'missing' },
      ],
    },
  })
  t.strictSame(asked, [], 'AWS is not asked')
  const quoted = await call(plane, 'POST', '/connectors/snowflake', { ...snowflake, password: ['s3cret'] })
  t.equal(quoted.status, 422)
  t.notMatch(JSON.stringify(quoted.body), /s3cret/)
  const broken = await plane.fetch(
    new Request('http://plane.test/outerproduct/v1/connectors/s3', {
      method: 'POST',
      body: '{"password": "s3cret',
    }),
  )
  t.equal(broken.status, 422)
  t.match(await broken.json(), { detail: [{ loc: ['body'], type: 'json_invalid' }] })
})

t.test('who may not is told so', async (t) => {
  let scopes: ReadonlySet<'read' | 'write'> | undefined
  const { plane } = await opened(
    t,
    {},
    { authorize: async () => (scopes === undefined ? undefined : { name: 'anna', scopes }) },
  )
  t.match(await call(plane, 'GET', '/connectors'), { status: 401, body: { detail: 'Not authenticated' } })
  scopes = new Set(['read'])
  t.equal((await call(plane, 'GET', '/connectors')).status, 200)
  t.match(await call(plane, 'POST', '/connectors/s3', s3), { status: 403, body: { detail: String } })
})

t.test('routes and methods that are not there are answered as the framework does', async (t) => {
  const { plane } = await opened(t)
  t.match(await call(plane, 'GET', '/connector'), { status: 404, body: { detail: 'Not Found' } })
  t.match(await call(plane, 'PUT', '/connectors'), { status: 405, body: { detail: 'Method Not Allowed' } })
  t.match(await call(plane, 'PATCH', '/connectors/s3'), { status: 405 })
})

t.test('passwords and tokens are dropped', async (t) => {
  const database = `${t.testdir()}/plane.db`
  const { plane } = await opened(t, {}, { database })
  for (const [type, body] of [
    ['snowflake', snowflake],
    ['databricks', databricks],
  ] as const)
    t.equal((await call(plane, 'POST', `/connectors/${type}`, body)).status, 200)
  await plane.close()
  const { readFileSync } = await import('node:fs')
  const stored = readFileSync(database).toString('latin1')
  t.match(stored, /acme-eu/, 'what is kept is there in clear')
  t.notMatch(stored, /hunter2|dapi-token/)
})

t.test('a plane whose own credentials are refused does not know its principal', async (t) => {
  const { plane } = await opened(t, { whoAmI: () => stsError(403, 'InvalidClientTokenId') })
  t.match(await call(plane, 'GET', '/account/aws-setup'), {
    status: 503,
    body: { detail: /InvalidClientTokenId.*AWS_PROFILE/ },
  })
})

t.test('the principal of a session is its role', async (t) => {
  const { plane } = await opened(t, {
    whoAmI: () => iAm('arn:aws:sts::999900000000:assumed-role/backend/i-1'),
  })
  t.match((await call(plane, 'GET', '/account/aws-setup')).body, {
    principal_arn: 'arn:aws:iam::999900000000:role/backend',
  })
})

async function opened(
  t: Test,
  answers: DocumentedAnswers = {},
  options: Partial<ControlPlaneOptions> = {},
): Promise<{ readonly plane: ControlPlane; readonly asked: string[] }> {
  const { asked, answer } = answering({ ...working, ...answers })
  const identity = { accessKeyId: 'AKIAPLANE', secretAccessKey: 's' }
  const plane = await openTestPlane({
    aws: async () => ({ answer, identity, env: () => undefined }),
    ...options,
  })
  t.teardown(() => plane.close())
  return { plane, asked }
}

async function call(
  plane: Pick<ControlPlane, 'fetch'>,
  method: string,
  path: string,
  body?: JsonObject,
): Promise<{ readonly status: number; readonly body: Json }> {
  const response = await plane.fetch(
    new Request(`http://plane.test/outerproduct/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Json) }
}
