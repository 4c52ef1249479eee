import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { BudgetSpent, type Call, LostAnswer, ServiceError } from '../../src/core/resource.js'
import { Secret } from '../../src/core/secret.js'
import { type ClientOptions, createClient, type HttpRequest } from '../../src/http/client.js'
import { fetchExchange } from '../../src/http/fetch-exchange.js'
import { poolExchange } from '../../src/http/pool-exchange.js'
import type { Timing } from '../../src/http/timing.js'

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

const free: Call = { readOnly: false, snapshot: false }
const get: HttpRequest = { method: 'GET', path: ['v4', 'people'], doing: 'listing people', accept: [200] }
const post: HttpRequest = {
  ...get,
  method: 'POST',
  body: { email: 'a@b' },
  doing: 'creating a@b',
  accept: [201],
}

/** Waits in earnest only for short times; longer ones end at once and are noted. Nothing times out by itself. */
function quick(slept: number[] = []): Timing {
  let skipped = 0
  return {
    now: () => Date.now() + skipped,
    random: () => 0,
    sleep: async (milliseconds, signal) => {
      if (milliseconds === 5_000) await new Promise((_, reject) => signal?.addEventListener('abort', reject))
      else if (milliseconds < 100) await wait(milliseconds, undefined, signal === undefined ? {} : { signal })
      else {
        slept.push(milliseconds)
        skipped += milliseconds
      }
    },
  }
}

async function serve(t: Test, handler: Handler, changed: Partial<ClientOptions> = {}) {
  const requests: { method: string; url: string; body: string; headers: IncomingMessage['headers'] }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      requests.push({ method: request.method ?? '', url: request.url ?? '', body, headers: request.headers })
      handler(request, response, body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const lines: string[] = []
  const client = createClient({
    exchange: poolExchange({
      origin,
      connections: 4,
      connectTimeout: 1_000,
      limit: 1_000,
      env: () => undefined,
    }),
    base: new URL(origin),
    headers: { authorization: 'Bearer tok-secret' },
    secrets: ['tok-secret'],
    api: 'the API of people',
    requestIdHeader: 'x-request-id',
    words: (body) => (body as { message?: string } | null)?.message,
    unauthorizedHelp: 'Check the token.',
    timeout: 5_000,
    concurrency: 4,
    timing: quick(),
    trace: (line) => lines.push(line),
    ...changed,
  })
  t.teardown(async () => {
    await client.close()
    server.closeAllConnections()
    server.close()
  })
  return { client, requests, origin, lines }
}

async function failure<E>(promise: Promise<unknown>, kind: new (...all: never[]) => E): Promise<E> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof kind)) throw error
  return error
}

const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

t.test('a request goes out with its path escaped, its credentials and its secrets', async (t) => {
  const { client, requests, lines } = await serve(t, (_, response) =>
    json(response, 201, { id: 1 }, { 'x-request-id': 'r1' }),
  )
  const answer = await client.send(
    {
      ...post,
      path: ['v4', 'a/b ü', ''],
      query: { limit: 500, offset: undefined },
      body: { key: new Secret('s3cret'), no: undefined },
    },
    free,
  )
  t.match(answer, { status: 201, body: { id: 1 } })
  t.equal(answer.reading.requestId(), 'r1')
  t.match(requests, [
    {
      method: 'POST',
      url: '/v4/a%2Fb%20%C3%BC/?limit=500',
      body: '{"key":"s3cret"}',
      headers: {
        authorization: 'Bearer tok-secret',
        'content-type': 'application/json',
        accept: 'application/json',
      },
    },
  ])
  t.match(lines, [/^POST http:.*limit=500 201 \d+ ms 8 characters request r1$/])
  t.notMatch(lines.join('\n'), /s3cret|tok-secret/)
  await t.rejects(client.send({ ...get, path: ['v4', '..', 'x'] }, free), /cannot be part of a path/)
})

t.test('a read is tried again after 5xx and broken connections', async (t) => {
  let tries = 0
  const { client } = await serve(t, (request, response) => {
    tries++
    if (tries === 1) response.writeHead(503).end()
    else if (tries === 2) request.socket.destroy()
    else json(response, 200, [])
  })
  t.strictSame((await client.send(get, free)).body, [])
  t.equal(tries, 3)
})

t.test('a read that keeps failing says so with the words and the request id of the service', async (t) => {
  const { client, requests } = await serve(t, (_, response) =>
    json(response, 500, { message: 'no database, tok-secret' }, { 'x-request-id': 'r7' }),
  )
  const error = await failure(client.send(get, free), ServiceError)
  t.equal(error.message, 'listing people (HTTP 500): no database, (sensitive value) [request r7]')
  t.equal(requests.length, 4)
})

t.test('a write whose answer does not come is lost, and never sent again', async (t) => {
  for (const [name, handler] of [
    ['reset', (request: IncomingMessage) => request.socket.destroy()],
    [
      'gateway',
      (_: IncomingMessage, response: ServerResponse) =>
        response.writeHead(502).end('<html>bad gateway</html>'),
    ],
    ['failure', (_: IncomingMessage, response: ServerResponse) => json(response, 500, { message: 'oops' })],
    [
      'cut body',
      (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(201, { 'content-length': '100' })
        response.write('{"id":')
        setTimeout(() => response.destroy(), 5)
      },
    ],
    ['no JSON', (_: IncomingMessage, response: ServerResponse) => response.writeHead(201).end('{"id":')],
    [
      'too large',
      (_: IncomingMessage, response: ServerResponse) => response.writeHead(201).end('x'.repeat(2_000)),
    ],
  ] as const) {
    const { client, requests } = await serve(t, handler)
    const error = await failure(client.send(post, free), LostAnswer)
    t.match(error.message, /^creating a@b.*so it is not known/, name)
    t.equal(requests.length, 1, name)
  }
})

t.test('a write that takes too long is lost, a read is tried again', async (t) => {
  let reads = 0
  const { client } = await serve(
    t,
    (request, response) => {
      if (request.method === 'GET' && ++reads > 1) json(response, 200, 'late')
    },
    { timeout: 40 },
  )
  const error = await failure(client.send(post, free), LostAnswer)
  t.match(error.cause, { message: 'no answer within 0.04 s' })
  t.equal((await client.send(get, free)).body, 'late')
})

t.test('what is refused as too much is sent again after the time asked for, a write too', async (t) => {
  for (const [headers, expected] of [
    [{ 'retry-after': '7' }, 7_000],
    [{ 'x-retry-after': '3' }, 3_000],
    [{}, 250],
  ] as const) {
    let tries = 0
    const slept: number[] = []
    const { client, requests } = await serve(
      t,
      (_, response) => (++tries === 1 ? json(response, 429, {}, headers) : json(response, 201, { id: 1 })),
      { timing: quick(slept) },
    )
    await client.send(post, free)
    t.equal(requests.length, 2)
    t.equal(slept.length, 1)
    t.ok(Math.abs((slept[0] ?? 0) - expected) < 100, `${slept[0]} is about ${expected}`)
  }
})

t.test('a service that asks to wait too long is not waited for', async (t) => {
  const { client, requests } = await serve(t, (_, response) =>
    json(response, 429, { message: 'slow down' }, { 'retry-after': '3600' }),
  )
  const error = await failure(client.send(post, free), ServiceError)
  t.match(error.facts, { cause: 'rate-limited', status: 429, words: 'slow down', help: /in 3600 s/ })
  t.equal(requests.length, 1)
})

t.test('words of a service are told to their end, and those of another one with the advice', async (t) => {
  const long = `${'x'.repeat(700)} do this`
  let body: object = { message: long }
  const { client } = await serve(t, (_, response) => json(response, 404, body))
  t.equal((await failure(client.send(get, free), ServiceError)).facts.words, long)
  body = { errors: ['no handler for route', 'none'] }
  t.match((await failure(client.send(get, free), ServiceError)).facts, {
    words: 'no handler for route; none',
    help: /does not come from the API itself: check host, port and path of the endpoint/,
  })
})

t.test('a client that may only read refuses to write before anything is sent', async (t) => {
  const { client, requests } = await serve(t, (_, response) => json(response, 201, {}))
  const error = await failure(client.send(post, { ...free, readOnly: true }), Error)
  t.notOk(error instanceof ServiceError)
  t.match(error.message, /may only read.*POST: creating a@b/)
  t.equal(requests.length, 0)
})

t.test('the gate is asked when the request goes to its socket, not when it is queued', async (t) => {
  const answers: (() => void)[] = []
  const { client, requests, origin } = await serve(t, (_, response) => {
    answers.push(() => json(response, 201, {}))
  })
  await client.close()
  const narrow = createClient({
    exchange: poolExchange({
      origin,
      connections: 1,
      connectTimeout: 1_000,
      limit: 1_000,
      env: () => undefined,
    }),
    base: new URL(origin),
    headers: {},
    secrets: [],
    api: 'the API of people',
    requestIdHeader: 'x-request-id',
    words: () => undefined,
    unauthorizedHelp: '',
    timeout: 5_000,
    concurrency: 2,
    timing: quick(),
  })
  t.teardown(() => narrow.close())
  let open = true
  const gated: Call = {
    ...free,
    gate: () => {
      if (!open) throw new BudgetSpent()
    },
  }
  const first = narrow.send(post, gated)
  const second = failure(narrow.send(post, gated), BudgetSpent)
  while (answers.length === 0) await wait(1)
  open = false
  answers[0]?.()
  await first
  t.ok(await second)
  t.equal(requests.length, 1)
})

t.test('a host that cannot be reached is one cause, with a remedy', async (t) => {
  const { client, requests, origin } = await serve(t, (_, response) => json(response, 200, {}))
  await client.close()
  const dead = (base: string) =>
    createClient({
      exchange: poolExchange({
        origin: new URL(base).origin,
        connections: 1,
        connectTimeout: 1_000,
        limit: 1_000,
        env: () => undefined,
      }),
      base: new URL(base),
      headers: {},
      secrets: [],
      api: 'the API of people',
      requestIdHeader: 'x-request-id',
      words: () => undefined,
      unauthorizedHelp: '',
      timeout: 5_000,
      concurrency: 2,
      timing: quick(),
    })
  const refused = await failure(dead('http://127.0.0.1:1').send(post, free), ServiceError)
  t.match(refused.facts, { cause: 'unreachable', words: 'nothing listens at 127.0.0.1:1' })
  const plain = await failure(dead(origin.replace('http:', 'https:')).send(get, free), ServiceError)
  t.match(plain.facts, { cause: 'unreachable', words: /does not speak TLS/, help: /http:\/\// })
  const nowhere = await failure(dead('http://no-such-host.invalid').send(get, free), ServiceError)
  t.match(nowhere.facts, { cause: 'unreachable', help: /endpoint|network/ })
  t.equal(requests.length, 0)
})

t.test('credentials do not follow a redirect to another origin', async (t) => {
  const other = await serve(t, (_, response) => json(response, 200, {}))
  const { client, requests } = await serve(t, (request, response) => {
    if (request.url === '/v4/people') response.writeHead(301, { location: '/v4/people/' }).end()
    else response.writeHead(302, { location: `${other.origin}/login?next=secret` }).end()
  })
  const error = await failure(client.send(get, free), ServiceError)
  t.equal(error.facts.words, `it redirects to ${other.origin}/login`)
  t.match(error.facts.help, /set the endpoint/)
  t.strictSame(
    requests.map((r) => r.url),
    ['/v4/people', '/v4/people/'],
  )
  t.equal(other.requests.length, 0)
})

t.test('a web page or broken JSON is shown in short', async (t) => {
  const { client } = await serve(t, (request, response) => {
    if (request.url === '/v4/people')
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Sign in</title>')
    else response.writeHead(200).end('{"data": [')
  })
  const page = await failure(client.send(get, free), ServiceError)
  t.match(page.facts.words, 'a web page came instead of JSON: "Sign in"')
  const broken = await failure(client.send({ ...get, path: ['v4', 'x'] }, free), ServiceError)
  t.match(broken.facts.words, /the answer is not JSON \(.*\): "{"data": \["/)
})

t.test('JSON that nests too deep is refused, and how deep it is said', async (t) => {
  const deep = `${'['.repeat(400)}${']'.repeat(400)}`
  const { client } = await serve(t, (request, response) => {
    if (request.url === '/v4/people') response.writeHead(200, { 'x-request-id': 'req-9' }).end(deep)
    else if (request.url === '/v4/refused') response.writeHead(400).end(deep)
    else if (request.method === 'POST') response.writeHead(201).end(deep)
    else response.writeHead(200).end(JSON.stringify({ a: '[{"\\'.repeat(100), b: [[1], [2]] }))
  })
  const { facts } = await failure(client.send(get, free), ServiceError)
  t.match(facts, {
    status: 200,
    words: 'the JSON of the answer is nested 400 deep, and more than 300 is not read',
  })
  await failure(client.send({ ...get, path: ['v4', 'refused'] }, free), ServiceError)
  await failure(client.send({ ...post, path: ['v4', 'x'] }, free), LostAnswer)
  t.match((await client.send({ ...get, path: ['v4', 'text'] }, free)).body, { b: [[1], [2]] })
})

t.test('a token that is not accepted is one cause', async (t) => {
  const { client } = await serve(t, (_, response) => json(response, 401, { message: 'who?' }))
  const error = await failure(client.send(post, free), ServiceError)
  t.match(error.facts, { status: 401, words: 'who?', cause: 'unauthorized', help: 'Check the token.' })
})

t.test('a given fetch is used without a socket, under the same rules', async (t) => {
  const seen: string[] = []
  let gates = 0
  const client = createClient({
    exchange: fetchExchange(async (request) => {
      seen.push(`${request.method} ${request.url} ${await request.text()}`)
      if (seen.length === 1) throw new Error('the database is gone')
      return Response.json({ ok: true }, { status: 201 })
    }, 1_000),
    base: new URL('http://embedded/'),
    headers: {},
    secrets: [],
    api: 'the API of people',
    requestIdHeader: 'x-request-id',
    words: () => undefined,
    unauthorizedHelp: '',
    timeout: 5_000,
    concurrency: 1,
    timing: quick(),
  })
  const call: Call = { ...free, gate: () => gates++ }
  await failure(client.send(post, call), LostAnswer)
  t.match(await client.send(post, call), { status: 201, body: { ok: true } })
  t.equal(gates, 2)
  t.equal(seen[1], 'POST http://embedded/v4/people {"email":"a@b"}')
})

t.test('stopping ends a wait; a write that is out by then is lost', async (t) => {
  const stop = new AbortController()
  const { client } = await serve(t, () => stop.abort(new Error('stopped')))
  await failure(client.send(post, { ...free, signal: stop.signal }), LostAnswer)
  await t.rejects(client.send(get, { ...free, signal: stop.signal }), /stopped/)
})

t.test('the caller is told which writes the service refused: those that did nothing', async (t) => {
  const answers = [400, 401, 404, 409, 429, 501, 200, 202, 500, 502]
  const { client } = await serve(t, (_, response) => json(response, answers.shift() ?? 201, {}))
  const refused: number[] = []
  const send = async (status: number) => {
    const call: Call = { ...free, refused: () => refused.push(status) }
    await client.send(post, call).catch(() => undefined)
  }
  for (const status of [400, 401, 404, 409, 429]) await send(status)
  t.strictSame(refused, [400, 401, 404, 409, 429, 429], 'what is sent again after a 429 may be refused again')
  refused.length = 0
  for (const status of [200, 202, 500, 502]) await send(status)
  t.strictSame(refused, [], 'an unexpected success may have done something, and so may a server that failed')
})

t.test('a success that was not to be expected is one that may have done something', async (t) => {
  const { client } = await serve(t, (_, response) => response.writeHead(204).end())
  const lost = await failure(client.send({ ...post, accept: [201] }, free), LostAnswer)
  t.match(lost.message, /HTTP 204.*without the content.*not known whether the service did it/)
  const read = await failure(client.send({ ...get, accept: [200] }, free), ServiceError)
  t.match(read.facts, { status: 204, words: /without the content/ })
})
