import t from 'tap'
import type { AccessLogLine } from '../../../src/server/access-log.js'
import { formatAccessLogLine } from '../../../src/server/access-log.js'
import { call, details, openTestPlane } from '../../fixtures/test-plane.js'

const url = 'http://plane.test/v4/awsConfigs'
const json = { 'content-type': 'application/json' }

t.test('every answer has a request id of its own', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const ids = new Set<string | null>()
  for (const path of ['/people', '/people/99', '/nothing']) {
    ids.add((await call(plane, 'GET', path)).headers.get('x-trifacta-request-id'))
  }
  ids.add((await call(plane, 'POST', '/awsConfigs', {})).headers.get('x-trifacta-request-id'))
  t.equal(ids.size, 4)
  for (const id of ids) t.match(id, /^[0-9a-f]{32}$/)
})

t.test('an unknown route is told from an object that is missing', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const route = await call(plane, 'GET', '/apiAccessTokens')
  t.equal(route.status, 404)
  t.strictSame(route.body, {
    exception: {
      name: 'RouteNotFound',
      message: "Route doesn't exist",
      details: "Route doesn't exist: GET /v4/apiAccessTokens",
    },
  })
  const object = await call(plane, 'GET', '/people/99')
  t.equal(object.status, 404)
  t.strictSame(object.body, {
    exception: {
      name: 'ResourceNotFound',
      message: 'Resource not found',
      details: 'person 99 was not found',
    },
  })
  const outside = await plane.fetch(new Request('http://plane.test/'))
  t.equal(outside.status, 404)
})

t.test('requests that do not speak JSON are refused with 415', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const status = async (init: RequestInit) => (await plane.fetch(new Request(url, init))).status
  t.equal(await status({ headers: { accept: 'text/html' } }), 415)
  t.equal(await status({ headers: { accept: 'text/html, */*;q=0.1' } }), 200)
  t.equal(await status({}), 200)
  t.equal(await status({ method: 'POST', body: '{}' }), 415, 'text/plain by default')
  t.equal(await status({ method: 'POST', headers: { 'content-type': 'application/xml' }, body: '{}' }), 415)
  t.equal(
    await status({
      method: 'POST',
      headers: { 'content-type': 'Application/JSON; charset=utf-8' },
      body: '{}',
    }),
    400,
  )
})

t.test('a body that is no JSON object is refused, and never quoted', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  for (const [body, expected] of [
    ['{"secret": "canary-4711",}', 'the request body is not valid JSON'],
    ['', 'the request body is not valid JSON'],
    [new Uint8Array([0x22, 0xff, 0x22]), 'the request body is not valid JSON'],
    ['["canary-4711"]', 'the request body must be a JSON object'],
    ['null', 'the request body must be a JSON object'],
  ] as const) {
    const response = await plane.fetch(new Request(url, { method: 'POST', headers: json, body }))
    t.equal(response.status, 400)
    t.strictSame(await response.json(), {
      exception: { name: 'ValidationFailed', message: 'Input validation failed', details: expected },
    })
  }
})

t.test('names of object members that JavaScript knows are members like any other', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const body = '{"__proto__": {"role": "x"}, "credentialProvider": "constructor", "defaultBucket": "b"}'
  const response = await plane.fetch(new Request(url, { method: 'POST', headers: json, body }))
  t.equal(response.status, 400)
  t.match(await response.text(), /credentialProvider must be one of/)
})

t.test('text that the database could not keep as it is is refused', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  for (const role of ['a\0b', 'a\ud800b']) {
    const config = { credentialProvider: 'temporary', role, defaultBucket: 'b' }
    t.equal((await call(plane, 'POST', '/awsConfigs', config)).status, 400)
  }
  const role = 'arn:aws:iam::1:role/\u{1f600}'
  t.equal(
    (await call(plane, 'POST', '/awsConfigs', { credentialProvider: 'temporary', role, defaultBucket: 'b' }))
      .status,
    201,
  )
  t.match((await call(plane, 'GET', '/awsRoles')).body, { data: [{ role }] })
})

t.test('a body over the limit is refused, whether its length is announced or not', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const large = 'x'.repeat(1_048_577)
  const announced = new Request(url, {
    method: 'POST',
    headers: { ...json, 'content-length': '1048577' },
    body: large,
  })
  t.equal((await plane.fetch(announced)).status, 413)
  t.equal((await plane.fetch(new Request(url, { method: 'POST', headers: json, body: large }))).status, 413)
})

t.test('ids in paths are positive integers', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  for (const id of ['0', '-1', '1.5', 'abc', '99999999999999999999', '%00']) {
    t.equal((await call(plane, 'GET', `/people/${id}`)).status, 400, id)
  }
})

t.test('the log has one line for each request, without queries, headers or bodies', async (t) => {
  const lines: AccessLogLine[] = []
  const plane = await openTestPlane({ log: (line) => lines.push(line) })
  t.teardown(() => plane.close())
  const answer = await call(plane, 'GET', '/people?email=canary%40example.com', undefined, {
    authorization: 'Bearer canary',
  })
  await call(plane, 'POST', '/awsConfigs', { secret: 'canary' })
  t.match(lines, [
    {
      method: 'GET',
      path: '/v4/people',
      status: 200,
      requestId: answer.headers.get('x-trifacta-request-id'),
    },
    { method: 'POST', path: '/v4/awsConfigs', status: 400 },
  ])
  const text = lines.map(formatAccessLogLine).join('\n')
  t.notMatch(text, /canary/)
  t.type(lines[0]?.ms, 'number')
})

t.test('what goes wrong inside is a 500 whose cause is in the log only', async (t) => {
  const lines: AccessLogLine[] = []
  let broken = false
  const plane = await openTestPlane({
    log: (line) => lines.push(line),
    now: () => (broken ? new Date(Number.NaN) : new Date(0)),
    intercept: async (request, next) => {
      broken = true
      return await next(request).finally(() => {
        broken = false
      })
    },
  })
  t.teardown(() => plane.close())
  const answer = await call(plane, 'PATCH', '/people/1', { name: 'x' })
  t.equal(answer.status, 500)
  t.equal(details(answer), 'the log of the server says what went wrong')
  t.match(lines, [{ status: 500, error: 'Invalid time value' }])
  t.equal((await call(plane, 'GET', '/people/1')).body.name, 'Administrator', 'and nothing was changed')
})

t.test('faults can be put between the caller and the server', async (t) => {
  const lines: AccessLogLine[] = []
  const plane = await openTestPlane({
    log: (line) => lines.push(line),
    intercept: async (request, next) => {
      const response = await next(request)
      if (request.method === 'PATCH') throw new Error('cut after the commit')
      return request.url.endsWith('/people') ? new Response('<html>', { status: 502 }) : response
    },
  })
  t.teardown(() => plane.close())
  await t.rejects(call(plane, 'PATCH', '/people/1', { name: 'changed' }), { message: 'cut after the commit' })
  t.equal((await call(plane, 'GET', '/people/1')).body.name, 'changed')
  const garbage = await plane.fetch(new Request('http://plane.test/v4/people'))
  t.equal(garbage.status, 502)
  t.match(garbage.headers.get('x-trifacta-request-id'), /^[0-9a-f]{32}$/)
  t.match(lines, [{ status: undefined }, { status: 200 }, { status: 502 }])
})

t.test('latency is added to every request', async (t) => {
  const plane = await openTestPlane({ latency: 20 })
  t.teardown(() => plane.close())
  const started = performance.now()
  await call(plane, 'GET', '/people')
  t.ok(performance.now() - started >= 18)
})
