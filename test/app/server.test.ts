import t from 'tap'
import { startServer } from '../../src/app.js'
import { Failure } from '../../src/core/diagnostic.js'

async function listening(folder: string, listen: string, database?: string) {
  return startServer({
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
