import t from 'tap'
import { type Inputs, LostAnswer, type Outputs } from '../../../src/core/resource.js'
import { Secret } from '../../../src/core/secret.js'
import type { Row } from '../../../src/core/state.js'
import { provider } from '../../../src/providers/outerproduct/provider.js'
import { s3Connector } from '../../../src/providers/outerproduct/s3-connector.js'
import { snowflakeConnector } from '../../../src/providers/outerproduct/warehouse-connectors.js'
import { connectTo, json, lake, wire, writes } from './connection.js'

const row = {} as Row

t.test('a connector is sent by its own names and read back by the verified ones', async (t) => {
  const sent: unknown[] = []
  const connection = await connectTo(t, async (request) => {
    if (request.method === 'GET') return json([])
    sent.push([new URL(request.url).pathname, await request.json()])
    return json(wire({}))
  })
  t.strictSame(await s3Connector.create(connection.api(writes), lake), {
    id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
    ...lake,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  })
  t.strictSame(sent, [['/outerproduct/v1/connectors/s3', { connector_type: 's3', ...lake }]])
})

t.test('a password is sent, and comes back nowhere', async (t) => {
  let body: unknown
  const connection = await connectTo(t, async (request) => {
    if (request.method === 'GET') return json([])
    body = await request.json()
    return json(
      wire({ connector_type: 'snowflake', verified_account: 'acme', verified_schema_name: 'PUBLIC' }),
    )
  })
  const inputs: Inputs = {
    credential_name: 'flakes',
    username: 'me',
    password: new Secret('hunter2'),
    account: 'acme',
    database: 'SALES',
    schema_name: 'PUBLIC',
    warehouse: null,
  }
  const made = await snowflakeConnector.create(connection.api(writes), inputs)
  t.match(body, { password: 'hunter2', schema_name: 'PUBLIC' })
  t.notMatch(JSON.stringify(made), /hunter2|"me"/)
  t.match(made, { account: 'acme', schema_name: 'PUBLIC', warehouse: null })
})

t.test('a list is an array, or an object with one; members may be absent', async (t) => {
  const { verified_account: _, ...short } = wire({})
  for (const body of [[short], { items: [short], total: 1 }]) {
    const connection = await connectTo(t, async () => json(body))
    t.match(await s3Connector.find(connection.api(writes), lake), { id: short.id, ...lake })
    t.equal(await snowflakeConnector.find(connection.api(writes), lake), undefined, 'of another type')
  }
  const connection = await connectTo(t, async () => json({ a: [], b: [] }))
  await t.rejects(s3Connector.find(connection.api(writes), lake), {
    message: /should be a list of connectors/,
  })
})

t.test('the type of a connector that its answer leaves out is seen from what was verified', async (t) => {
  const { connector_type: _, ...sample } = wire({})
  const nothing = { ...sample, id: 'n', credential_name: 'n', verified_bucket_uri: null }
  const connection = await connectTo(t, async () => json([sample, nothing]))
  const read = (id: string) => s3Connector.read(connection.api(writes), id)
  t.match(await read(String(sample.id)), lake)
  t.equal(await read('n'), undefined)
})

t.test('where there is no list of all connectors, there is one for each type', async (t) => {
  const { connector_type: _, ...short } = wire({})
  const asked: string[] = []
  const answers: Record<string, Response> = {
    '/v1/connectors/s3': json([short]),
    '/v1/connectors/snowflake': json([]),
    '/v1/connectors/databricks': json([]),
  }
  const connection = await connectTo(t, async (request) => {
    const { pathname } = new URL(request.url)
    asked.push(pathname)
    const path = pathname.slice(pathname.indexOf('/v1'))
    return answers[path]?.clone() ?? json({ detail: 'Not Found' }, 404)
  })
  t.match(await s3Connector.find(connection.api(writes), lake), { id: short.id, ...lake })
  t.equal(asked.length, 5)
  delete answers['/v1/connectors/snowflake']
  await t.rejects(s3Connector.find(connection.api(writes), lake), { message: /HTTP 404.*Not Found/ })
  answers['/v1/connectors/snowflake'] = json({ detail: 'no rights' }, 403)
  await t.rejects(s3Connector.find(connection.api(writes), lake), { message: /HTTP 403.*no rights/ })
})

t.test('two connectors of one name are an error, not a pick', async (t) => {
  const connection = await connectTo(t, async () => json([wire({}), wire({ id: 'b' })]))
  await t.rejects(s3Connector.find(connection.api(writes), lake), { message: /there are 2 of this name/ })
})

t.test('what is there already is taken if it is what is wanted, and is a conflict if not', async (t) => {
  const connection = await connectTo(t, async (request) =>
    request.method === 'GET' ? json([wire({})]) : json({}, 500),
  )
  t.match(await s3Connector.create(connection.api(writes), lake), { id: String })
  const other = { ...lake, bucket_uri: 's3://acme-data/out/' }
  await t.rejects(s3Connector.create(connection.api(writes), other), {
    message: /already \(id 3c90.*another bucket_uri/,
    facts: { help: /plan again/ },
  })
})

t.test('a create whose answer is lost is found by the next, and not sent again', async (t) => {
  const there: Record<string, unknown>[] = []
  const connection = await connectTo(t, async (request) => {
    if (request.method === 'GET') return json(there)
    there.push(wire({}))
    throw new Error('the connection was cut')
  })
  const first = await s3Connector.create(connection.api(writes), lake).catch((error: unknown) => error)
  t.type(first, LostAnswer)
  t.match(await s3Connector.create(connection.api(writes), lake), { id: String, ...lake })
  t.equal(there.length, 1)
})

t.test('what is denied may pass; what is wrong does not', async (t) => {
  const refusals: readonly (readonly [number, unknown, RegExp, number | undefined])[] = [
    [400, { detail: 'probe failed: AccessDenied when calling AssumeRole' }, /AssumeRole/, 120_000],
    [422, { detail: 'Not authorized to perform: sts:AssumeRole' }, /Not authorized/, 120_000],
    [400, { detail: 'probe failed: Throttling: Rate exceeded' }, /Throttling/, 120_000],
    [400, { detail: 'NoSuchBucket' }, /NoSuchBucket/, undefined],
    [
      422,
      { detail: [{ loc: ['body', 'role_arn'], msg: 'String should match', type: 'x' }] },
      /: role_arn: String should match/,
      undefined,
    ],
    [401, { detail: 'Access denied' }, /Access denied/, undefined],
    [409, { detail: 'taken' }, /taken/, undefined],
    [400, 'plain words', /plain words/, undefined],
  ]
  for (const [status, body, message, passing] of refusals) {
    const connection = await connectTo(t, async (request) =>
      request.method === 'GET'
        ? json([])
        : typeof body === 'string'
          ? new Response(body, { status })
          : json(body, status),
    )
    const failed = await s3Connector.create(connection.api(writes), lake).catch((error: unknown) => error)
    t.match(failed, { message, facts: { status } })
    t.equal((failed as { facts: { passing?: number } }).facts.passing, passing, String(message))
  }
})

t.test('a name that another type has is told', async (t) => {
  const connection = await connectTo(t, async (request) =>
    request.method === 'GET' ? json([]) : json({ detail: 'exists' }, 409),
  )
  const failed = await s3Connector.create(connection.api(writes), lake).catch((error: unknown) => error)
  t.match(failed, { facts: { help: /another type/ } })
  const older = await connectTo(t, async (request) =>
    request.method === 'GET' ? json([]) : json({ detail: 'credential_name already exists' }, 400),
  )
  const other = await s3Connector.create(older.api(writes), lake).catch((error: unknown) => error)
  t.match(other, { facts: { help: /another type/ } })
})

t.test('deleting what is gone is done; a route that is gone is not', async (t) => {
  const answers = [json({ detail: 'Connector not found' }, 404), json({ detail: 'Not Found' }, 404)]
  const connection = await connectTo(t, async () => answers.shift() ?? json({}, 500))
  const current = { ...lake, id: 'a' } as Outputs
  t.strictSame(await s3Connector.delete(connection.api(writes), row, current), {})
  await t.rejects(s3Connector.delete(connection.api(writes), row, current), { message: /Not Found/ })
})

t.test('a connector is imported by type and id, or by id', async (t) => {
  const connection = await connectTo(t, async () => json([wire({ id: 'a-b' })]))
  const api = connection.api(writes)
  t.match(await s3Connector.importId?.(api, 's3/a-b'), { id: 'a-b' })
  t.match(await s3Connector.importId?.(api, 'a-b'), { id: 'a-b' })
  t.equal(await s3Connector.importId?.(api, 's3/c'), undefined)
  await t.rejects(async () => s3Connector.importId?.(api, 'snowflake/a-b'), {
    message: /names a snowflake connector/,
    facts: { help: /outerproduct_snowflake_connector/ },
  })
})

t.test('a walk reads the list once for all types', async (t) => {
  let lists = 0
  const connection = await connectTo(t, async () => {
    lists++
    return json([])
  })
  const api = connection.api({ readOnly: true, snapshot: true })
  await Promise.all([s3Connector.find(api, lake), snowflakeConnector.find(api, lake)])
  t.equal(lists, 1)
})

t.test('a replacement says what it means', async (t) => {
  const before = { ...lake, id: 'a' } as Outputs
  const after = { ...lake, bucket_uri: 's3://acme-data/out/' }
  t.match(s3Connector.consequences?.({ before, after, replaces: 'old-first' }), [
    { kind: 'loses-access', text: /until its successor/ },
    { kind: 'note', text: /connector_credential_id/ },
  ])
  t.match(s3Connector.consequences?.({ before, after, replaces: 'new-first' }), [{ kind: 'note' }])
  t.strictSame(s3Connector.consequences?.({ after }), [])
  t.match(s3Connector.consequences?.({ before }), [{ kind: 'loses-access', text: /"lake" lose/ }])
  t.match(snowflakeConnector.consequences?.({ after: lake }), [{ kind: 'note', text: /experimental/ }])
})

t.test('an access has the external id of the organisation', async (t) => {
  const connection = await connectTo(t, async () =>
    json({ principal_arn: 'arn:aws:iam::999900000000:user/backend', external_id: 'op-1' }),
  )
  t.strictSame(await s3Connector.access?.(connection.api(writes), lake), [
    {
      role: lake.role_arn,
      externalId: 'op-1',
      bucket: 'acme-data',
      prefix: 'in/',
      owner: '123456789012',
      assumedBy: 'arn:aws:iam::999900000000:user/backend',
    },
  ])
})

t.test('data: the set-up, and the connectors in the order of their names', async (t) => {
  const connection = await connectTo(t, async (request) =>
    new URL(request.url).pathname.endsWith('/aws-setup')
      ? json({ principal_arn: 'arn:x', external_id: 'op-1' })
      : json([wire({ credential_name: 'b' }), wire({ credential_name: 'a', connector_type: 'databricks' })]),
  )
  const api = connection.api(writes)
  t.strictSame(await provider.data.get('outerproduct_aws_setup')?.read(api, {}), {
    principal_arn: 'arn:x',
    external_id: 'op-1',
  })
  const all = await provider.data.get('outerproduct_connectors')?.read(api, { connector_type: null })
  t.match(all?.connectors, [new Map([['credential_name', 'a']]), new Map([['credential_name', 'b']])])
  const some = await provider.data.get('outerproduct_connectors')?.read(api, { connector_type: 's3' })
  t.match(some, { connectors: { length: 1 } })
})

t.test('without a key there is no connection to the vendor, and it goes into no message', async (t) => {
  const embedded = () => Promise.reject(new Error('none'))
  const environment = {
    env: () => undefined,
    now: () => new Date(),
    random: () => new Uint8Array(4),
    concurrency: 1,
    embedded,
  }
  const settings = { endpoint: 'https://api.outerproduct.com', token: null }
  t.match(await provider.configure(settings, environment).catch((error: unknown) => error), {
    diagnostics: [{ code: 'outerproduct/no-credentials', help: /OUTERPRODUCT_API_KEY/ }],
  })
  const split = { ...settings, token: new Secret('sk-1 sk-2') }
  t.match(await provider.configure(split, environment).catch((error: unknown) => error), {
    diagnostics: [{ code: 'outerproduct/malformed-token' }],
  })
  const connection = await connectTo(t, async () => json({ detail: 'sk-canary is bad' }, 401), {
    token: new Secret('sk-canary'),
  })
  const failed = await s3Connector.find(connection.api(writes), lake).catch((error: unknown) => error)
  t.match(failed, { facts: { cause: 'unauthorized', help: /token/ } })
  t.notMatch(String(failed), /sk-canary/)
})
