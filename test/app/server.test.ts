import t from 'tap'
import { startServer } from '../../src/app.js'
import { Failure } from '../../src/core/diagnostic.js'

async function listening(folder: string, listen: string) {
  return startServer({
    folder,
    listen,
    stop: new AbortController().signal,
    now: () => new Date(),
    log: () => {},
  })
}

t.test('without authentication the control plane listens on this machine only', async (t) => {
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
