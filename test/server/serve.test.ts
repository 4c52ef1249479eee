import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { Failure } from '../../src/core/diagnostic.js'
import { serve } from '../../src/server/serve.js'
import { intercepting } from '../fixtures/plane-faults.js'
import { remotePlane, startPlane } from '../fixtures/start-plane.js'
import { addPerson, call, create, details, list, openTestPlane } from '../fixtures/test-plane.js'

const local = { host: '127.0.0.1', port: 0 }
const config = { credentialProvider: 'default', key: 'AKIA', secret: 'shh', defaultBucket: 'b' }

t.test('a plane answers on a socket as it does without', async (t) => {
  const plane = await openTestPlane()
  const server = await serve(plane, local)
  t.teardown(async () => {
    await server.close()
    await plane.close()
  })
  t.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  const remote = remotePlane(server.url)
  const jane = await addPerson(remote, 'jane@example.com')
  await create(remote, '/awsConfigs', { ...config, personId: jane })
  t.strictSame(await list(remote, '/awsConfigs'), await list(plane, '/awsConfigs'))
  const answer = await call(remote, 'PUT', '/awsConfigs/9', { role: 'r' })
  t.equal(answer.status, 404)
  t.equal(details(answer), 'awsConfig 9 was not found')
  t.match(answer.headers.get('x-trifacta-request-id'), /^[0-9a-f]{32}$/)
  t.equal((await call(remote, 'PATCH', `/people/${jane}`, { awsConfig: null })).status, 200)
  t.equal((await call(remote, 'DELETE', `/people/${jane}`)).status, 204)
  const large = await fetch(`${server.url}/v4/awsConfigs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: 'x'.repeat(1_048_577),
  })
  t.equal(large.status, 413)
})

t.test('a fault that cuts the connection is a connection that was cut', async (t) => {
  const plane = await openTestPlane({
    intercept: intercepting([
      { method: 'POST', path: '/v4/awsConfigs', times: 1, kind: 'cut-after' },
      { method: 'POST', path: '/v4/awsConfigs', times: 1, kind: 'cut-before' },
      { method: 'PUT', times: 1, kind: 'too-many-requests', retryAfterSeconds: 2 },
    ]),
  })
  const server = await serve(plane, local)
  t.teardown(async () => {
    await server.close()
    await plane.close()
  })
  const remote = remotePlane(server.url)
  await t.rejects(create(remote, '/awsConfigs', config), { message: 'fetch failed' })
  t.equal((await list(remote, '/awsConfigs')).length, 1, 'after the commit')
  await t.rejects(create(remote, '/awsConfigs', config), { message: 'fetch failed' })
  t.equal((await list(remote, '/awsConfigs')).length, 1, 'before it')
  const limited = await call(remote, 'PUT', '/awsConfigs/1', { defaultBucket: 'c' })
  t.equal(limited.status, 429)
  t.equal(limited.headers.get('x-retry-after'), '2')
  t.equal((await call(remote, 'PUT', '/awsConfigs/1', { defaultBucket: 'c' })).status, 200)
})

t.test('a server that stops finishes what is under way', async (t) => {
  let arrive = () => {}
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const plane = await openTestPlane({
    latency: 60,
    intercept(request, next) {
      arrive()
      return next(request)
    },
  })
  const stop = new AbortController()
  const server = await serve(plane, { ...local, signal: stop.signal })
  const remote = remotePlane(server.url)
  const slow = create(remote, '/awsConfigs', config)
  await arrived
  stop.abort()
  await server.close()
  t.match(await slow, { id: 1 })
  await t.rejects(call(remote, 'GET', '/people'), 'nobody listens any more')
  await plane.close()
})

t.test('a client that says nothing does not keep the server from stopping', async (t) => {
  const plane = await openTestPlane()
  const server = await serve(plane, local)
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  await new Promise((resolve) => socket.once('connect', resolve))
  const started = performance.now()
  await server.close()
  t.ok(performance.now() - started < 4000)
  socket.destroy()
  await plane.close()
})

t.test('who sends slowly is cut off, whether in the headers or in the body', async (t) => {
  const plane = await openTestPlane()
  const server = await serve(plane, { ...local, timeouts: { headers: 60, request: 120 } })
  t.teardown(async () => {
    await server.close()
    await plane.close()
  })
  const port = Number(new URL(server.url).port)
  for (const head of [
    'GET /v4/people HTTP/1.1\r\nhost: x\r\nx-slow: ',
    'POST /v4/people HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
  ]) {
    const socket = connect(port, '127.0.0.1')
    socket.write(head)
    socket.resume()
    await new Promise((resolve) => socket.once('close', resolve))
    t.pass(head.slice(0, 4))
  }
})

t.test('load balancers are told whether the process lives and the database answers', async (t) => {
  const lines: unknown[] = []
  const plane = await openTestPlane({ tokens: 'required', log: (line) => lines.push(line) })
  const server = await serve(plane, local)
  const ask = async (path: string, method = 'GET') => {
    const answer = await fetch(`${server.url}${path}`, { method })
    return [answer.status, await answer.text()]
  }
  t.strictSame(await ask('/healthz'), [200, '{"status":"ok"}'])
  t.strictSame(await ask('/readyz'), [200, '{"status":"ok"}'])
  t.strictSame(await ask('/readyz', 'HEAD'), [200, ''])
  t.equal((await ask('/healthz', 'POST'))[0], 404, 'it is no other door')
  t.equal((await ask('/v4/people'))[0], 401)
  t.equal(lines.length, 2, 'asking is not logged')
  t.match(lines, [{}, { from: /127\.0\.0\.1$/, refused: 'no token', system: 'trifacta' }])
  await plane.close()
  await new Promise((resolve) => setTimeout(resolve, 1_010))
  t.strictSame(await ask('/readyz'), [503, '{"status":"no database"}'])
  t.strictSame(await ask('/healthz'), [200, '{"status":"ok"}'])
  await server.close()
})

t.test('a method that nobody has is answered in the shape of the vendor', async (t) => {
  const plane = await openTestPlane()
  const server = await serve(plane, local)
  t.teardown(async () => {
    await server.close()
    await plane.close()
  })
  const port = Number(new URL(server.url).port)
  const ask = (method: string, path: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.once('close', () => resolve(text))
      socket.write(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`)
    })
  for (const method of ['PURGE', 'TRACE', 'OPTIONS']) {
    t.match(await ask(method, '/v4/people'), /^HTTP\/1\.1 404 [\s\S]*"RouteNotFound"/, method)
    t.match(await ask(method, '/v1/sys/mounts'), /^HTTP\/1\.1 405 [\s\S]*"errors"/, method)
    t.match(await ask(method, '/api/v1/teams'), /^HTTP\/1\.1 404 [\s\S]*"errors"/, method)
    t.match(await ask(method, '/outerproduct/v1/connectors'), /^HTTP\/1\.1 405 [\s\S]*"detail"/, method)
  }
})

t.test('an address that is taken is a failure that says what to do', async (t) => {
  const plane = await openTestPlane()
  const server = await serve(plane, local)
  t.teardown(async () => {
    await server.close()
    await plane.close()
  })
  try {
    await serve(plane, { host: '127.0.0.1', port: Number(new URL(server.url).port) })
    t.fail('it listened')
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    t.equal(error.diagnostics[0]?.code, 'server/address-unusable')
    t.match(error.message, /127\.0\.0\.1:\d+: .*EADDRINUSE/)
  }
})

t.test('the globals of the process stay what they were', async (t) => {
  const before = [Request, Response]
  const plane = await openTestPlane()
  const server = await serve(plane, local)
  await server.close()
  await plane.close()
  t.strictSame([Request, Response], before)
})

t.test('what a plane answered survives that its process is killed', async (t) => {
  const folder = t.testdir()
  const options = { database: join(folder, 'plane.db'), log: join(folder, 'access.log'), latency: 2 }
  const first = await startPlane(options)
  const jane = await addPerson(remotePlane(first.url), 'jane@example.com')
  await create(remotePlane(first.url), '/awsConfigs', { ...config, personId: jane })
  await first.kill()

  const second = await startPlane(options)
  const remote = remotePlane(second.url)
  t.match(await list(remote, '/people'), [{ id: jane, awsConfig: { id: 1 } }, { id: 1 }])
  const shared = await openTestPlane({ database: options.database })
  await shared.deliverRole({ personId: jane, role: 'sso' })
  t.match(await list(remote, '/awsRoles'), [{ createdFrom: 'idp' }], 'two processes share the database')
  await shared.close()
  t.equal(await second.stop(), 0)
  const log = readFileSync(options.log, 'utf8').trimEnd().split('\n')
  t.strictSame(
    log.map((line) => JSON.parse(line).path),
    ['/v4/people', '/v4/awsConfigs', '/v4/people', '/v4/awsRoles'],
  )
})
