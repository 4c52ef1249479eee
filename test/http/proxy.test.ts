import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import t, { type Test } from 'tap'
import { Failure } from '../../src/core/diagnostic.js'
import { explainNetworkError } from '../../src/http/network-error.js'
import { poolExchange } from '../../src/http/pool-exchange.js'
import { proxyFor } from '../../src/http/proxy.js'

const choose = (service: string, env: Readonly<Record<string, string>>) =>
  proxyFor(new URL(service), (name) => env[name])?.href

t.test('the proxy is that of the scheme, and lower case comes first', (t) => {
  t.equal(choose('https://a.example', { HTTPS_PROXY: 'http://p:1' }), 'http://p:1/')
  t.equal(choose('https://a.example', { HTTP_PROXY: 'http://p:1' }), undefined)
  t.equal(choose('http://a.example', { HTTP_PROXY: 'p:1' }), 'http://p:1/')
  t.equal(choose('http://a.example', { HTTP_PROXY: 'http://p:1', http_proxy: 'http://q:2' }), 'http://q:2/')
  t.equal(choose('http://a.example', { HTTP_PROXY: 'http://p:1', http_proxy: '' }), 'http://p:1/')
  t.equal(choose('https://a.example', {}), undefined)
  t.end()
})

t.test('NO_PROXY names hosts with all below them, addresses, ports, or everything', (t) => {
  const through = (service: string, list: string) =>
    choose(service, { HTTPS_PROXY: 'http://p:1', NO_PROXY: list }) !== undefined
  t.notOk(through('https://a.example', 'a.example'))
  t.notOk(through('https://x.a.example', 'b, A.example'))
  t.notOk(through('https://x.a.example', '.a.example'))
  t.notOk(through('https://x.a.example', '*.a.example'))
  t.notOk(through('https://a.example:8443', 'a.example:8443'))
  t.notOk(through('https://10.0.0.1', '10.0.0.1'))
  t.notOk(through('https://a.example', '*'))
  t.ok(through('https://ba.example', 'a.example'))
  t.ok(through('https://a.example', 'a.example:8443'))
  t.ok(through('https://a.example', ' , '))
  t.end()
})

t.test('this machine is never reached through a proxy', (t) => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]'])
    t.equal(choose(`http://${host}:8200`, { HTTP_PROXY: 'http://p:1' }), undefined)
  t.ok(choose('http://127.0.0.1.example', { HTTP_PROXY: 'http://p:1' }))
  t.end()
})

t.test('a variable that holds no proxy is refused without being shown', (t) => {
  for (const text of ['socks5://user:hunter2@p', 'http://user:hunter2@', 'http://[hunter2']) {
    let said = ''
    try {
      choose('https://a.example', { HTTPS_PROXY: text })
    } catch (thrown) {
      said = JSON.stringify(thrown instanceof Failure ? thrown.diagnostics : String(thrown))
    }
    t.match(said, /HTTPS_PROXY does not hold the URL of an HTTP proxy/)
    t.notMatch(said, /hunter2/)
  }
  t.end()
})

interface Tunnel {
  readonly url: string
  readonly seen: readonly IncomingMessage[]
}

/** A proxy that leads every CONNECT to one port here, or refuses it. */
async function proxy(t: Test, to: number, status = 200): Promise<Tunnel> {
  const seen: IncomingMessage[] = []
  const server = createServer()
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    seen.push(request)
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    const target = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      target.write(head)
      target.pipe(socket).pipe(target)
    })
    target.on('error', () => socket.destroy())
    socket.on('error', () => target.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

async function service(t: Test): Promise<number> {
  const server = createServer((request, response) => {
    response.end(`${request.method} ${request.headers.host}${request.url}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const origin = 'http://wrangle.example.com:3005'

function send(t: Test, httpProxy: string, written = () => {}) {
  const env = (name: string) => (name === 'HTTP_PROXY' ? httpProxy : undefined)
  const exchange = poolExchange({ origin, connections: 2, connectTimeout: 5_000, limit: 10_000, env })
  t.teardown(() => exchange.close())
  const request = { method: 'GET', url: new URL(`${origin}/v4/people`), headers: {}, body: undefined }
  return exchange.send(request, written, new AbortController().signal)
}

t.test('a request goes through the tunnel, with the name and password of the URL', async (t) => {
  const { url, seen } = await proxy(t, await service(t))
  let written = 0
  const answer = await send(t, `http://jane:p%40ss@${url}`, () => {
    written += 1
  })
  t.match(answer, { status: 200, body: 'GET wrangle.example.com:3005/v4/people' })
  t.equal(written, 1)
  t.equal(seen[0]?.url, 'wrangle.example.com:3005')
  t.equal(seen[0]?.headers['proxy-authorization'], `Basic ${Buffer.from('jane:p@ss').toString('base64')}`)
})

t.test('what a proxy refuses, or that it is not there, is said of the proxy', async (t) => {
  const port = await service(t)
  const words = async (httpProxy: string) => {
    let written = 0
    const cause = await send(t, httpProxy, () => {
      written += 1
    }).then(
      () => undefined,
      (cause: unknown) => cause,
    )
    t.equal(written, 0, 'nothing was sent to the service')
    return explainNetworkError(cause, origin)
  }
  const wants = await proxy(t, port, 407)
  t.match(await words(`http://jane:hunter2@${wants.url}`), {
    words: `the proxy ${wants.url} wants a user name and a password, or other ones (407)`,
    retriable: false,
  })
  const forbids = await proxy(t, port, 403)
  t.match(await words(`http://${forbids.url}`), {
    words: `the proxy ${forbids.url} does not lead to wrangle.example.com:3005 (403)`,
    help: /NO_PROXY/,
  })
  t.match(await words('http://127.0.0.1:1'), {
    words: 'the proxy 127.0.0.1:1 cannot be reached (ECONNREFUSED)',
  })
})
