import { writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import t from 'tap'
import { openTokens, type ServerOptions, startServer } from '../../src/app.js'
import { Failure } from '../../src/core/diagnostic.js'
import { certificates, lacksOpenssl } from '../fixtures/certificates.js'

async function listening(
  folder: string,
  listen: string,
  database?: string,
  more: Partial<ServerOptions> = {},
) {
  return startServer({
    ...more,
    folder,
    listen,
    ...(database !== undefined && { database }),
    stop: new AbortController().signal,
    env: () => undefined,
    now: () => new Date(),
    log: () => {},
  })
}

t.test('a database that cannot be is refused at once, with what to do', async (t) => {
  const folder = t.testdir({ file: '', text: 'no database', folder: {} })
  const places: Readonly<Record<string, string>> = {
    folder: 'server/database-unavailable',
    'file/plane.db': 'server/database-unavailable',
    text: 'server/database-damaged',
    ...(process.platform === 'linux' && {
      '/proc/none/plane.db': 'server/database-unavailable',
      '/proc/plane.db': 'server/database-unavailable',
      '/proc/version': 'server/database-unavailable',
      '/dev/zero': 'server/database-unavailable',
    }),
  }
  for (const [database, code] of Object.entries(places)) {
    const thrown = await listening(folder, '127.0.0.1:0', database).catch((cause: unknown) => cause)
    if (!(thrown instanceof Failure)) throw new Error(`${database} is taken`, { cause: thrown })
    t.match(thrown.diagnostics, [{ code, help: /\w/ }], database)
    t.equal(thrown.diagnostics.length, 1)
  }
})

t.test('without TLS and tokens the control plane listens on this machine only', async (t) => {
  const folder = t.testdir({})
  for (const listen of [
    '0.0.0.0:0',
    '[::]:0',
    '192.0.2.1:0',
    'example.com:0',
    '127.0.0.1.example.com:0',
    '127.evil:0',
    '127.0.0.1:65536',
    '127.0.0.1',
    ':0',
    '',
  ]) {
    const error = await listening(folder, listen).catch((thrown: unknown) => thrown)
    if (!(error instanceof Failure)) throw error
    t.match(error.diagnostics, [{ code: 'app/listen', help: String }], listen)
  }
  const first = await listening(folder, '127.0.0.1:0')
  const taken = await listening(folder, new URL(first.url).host).catch((thrown: unknown) => thrown)
  await first.close()
  if (!(taken instanceof Failure)) throw taken
  t.match(taken.diagnostics, [{ code: 'server/address-unusable', help: /Choose another address or port/ }])
  for (const listen of ['0', '127.0.0.1:0', '127.9.9.9:0', 'localhost:0']) {
    const server = await listening(folder, listen)
    t.match(server.url, /^http:\/\/(127\.|localhost:)/)
    await server.close()
  }
})

/** A token for the Vault API of the folder's plane. */
async function makeToken(folder: string): Promise<string> {
  const tokens = await openTokens({ folder, env: () => undefined, now: () => new Date() })
  const { text } = await tokens.create({ system: 'vault', name: 'ci', scopes: ['read', 'write'] })
  await tokens.close()
  return text
}

async function refused(promise: Promise<unknown>): Promise<string> {
  const thrown = await promise.catch((cause: unknown) => cause)
  if (!(thrown instanceof Failure)) throw new Error('it listened', { cause: thrown })
  return thrown.diagnostics.map(({ code, detail, help }) => `${code} ${detail} ${help}`).join()
}

t.test('other machines are let in with tokens, and through TLS or a proxy that speaks it', async (t) => {
  const folder = t.testdir({})
  t.match(await refused(listening(folder, '0.0.0.0:0')), /app\/listen.*in clear.*--tls-cert/)
  const insecure = { insecureHttp: true }
  t.match(
    await refused(listening(folder, '0.0.0.0:0', undefined, insecure)),
    /app\/listen.*nobody has a token.*serve token create/,
  )
  const token = await makeToken(folder)
  const server = await listening(folder, '0.0.0.0:0', undefined, insecure)
  t.teardown(() => server.close())
  t.equal(server.asksForTokens, true)
  const url = `http://127.0.0.1:${new URL(server.url).port}/v1/sys/mounts`
  t.equal((await fetch(url)).status, 403)
  t.equal((await fetch(url, { headers: { 'x-vault-token': token } })).status, 200)
})

t.test(
  'TLS is spoken by the files that are named, which may be replaced',
  { skip: lacksOpenssl },
  async (t) => {
    const first = certificates(t, 'IP:127.0.0.1')
    const second = certificates(t, 'IP:127.0.0.1')
    const folder = t.testdir({ 'cert.pem': first.cert, 'key.pem': first.key, 'other.pem': second.key })
    const tls = { cert: 'cert.pem', key: 'key.pem' }
    for (const wrong of [
      { ...tls, key: 'other.pem' },
      { ...tls, cert: 'none.pem' },
      { ...tls, cert: 'key.pem' },
    ])
      t.match(
        await refused(listening(folder, '127.0.0.1:0', undefined, { tls: wrong })),
        /app\/tls-files.*pem/,
      )
    const server = await listening(folder, '127.0.0.1:0', undefined, { tls })
    t.teardown(() => server.close())
    t.match(server.url, /^https:/)
    const ask = (options: { ca: string; maxVersion?: 'TLSv1.1' }, method = 'GET', path = '/v1/sys/mounts') =>
      new Promise<number | string | undefined>((resolve) => {
        request(`${server.url}${path}`, { ...options, method, agent: false }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        })
          .on('error', (cause: NodeJS.ErrnoException) => resolve(cause.code))
          .end()
      })
    t.equal(await ask(first), 200)
    t.equal(await ask(first, 'LIST', '/v1/aws/roles'), 404, 'the verb of Vault passes')
    t.not(await ask({ ca: first.ca, maxVersion: 'TLSv1.1' }), 200, 'an old version is refused')
    writeFileSync(join(folder, 'cert.pem'), second.cert)
    t.match(await refused(server.reloadTls()), /app\/tls-files/, 'the key is not replaced yet')
    t.equal(await ask(first), 200, 'and the old ones go on')
    writeFileSync(join(folder, 'key.pem'), second.key)
    await server.reloadTls()
    t.equal(await ask(second), 200)
    t.not(await ask(first), 200)
  },
)
