import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { numberValue, stringValue, type Value } from '../../src/core/value.js'
import { openStore } from '../../src/state/open.js'
import { diagnosticsOf } from './failure-of.js'

const position = { line: 2, column: 3, offset: 12 }
const span = { file: 'main.hcl', start: position, end: position }
const setting = (type: string, settings: Readonly<Record<string, Value>> = {}) => ({
  type,
  settings: new Map(Object.entries(settings)),
  span,
})

t.test(
  'the state is a folder in the configuration folder, unless the configuration says otherwise',
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'rolecall-open-'))
    t.teardown(() => rmSync(folder, { recursive: true }))
    const environment = { folder, random: (n: number) => new Uint8Array(n) }
    const cases = [
      [undefined, '.rolecall/state'],
      [setting('file'), '.rolecall/state'],
      [setting('file', { path: stringValue('../shared/state') }), '../shared/state'],
      [setting('file', { path: stringValue('/var/lib/acme') }), '/var/lib/acme'],
    ] as const
    for (const [given, where] of cases) t.equal((await openStore(given, environment)).where, where)
    const store = await openStore(undefined, environment)
    await store.putIfAbsent('lineage', Buffer.from('x'))
    const again = await openStore(
      setting('file', { path: stringValue(join(folder, '.rolecall/state')) }),
      environment,
    )
    t.same(await again.list(), ['lineage'])
  },
)

t.test('an unknown type, an unknown setting and a wrong value are errors with their place', async (t) => {
  const environment = { folder: '/nowhere', random: (n: number) => new Uint8Array(n) }
  const failure = (given: ReturnType<typeof setting>) => diagnosticsOf(openStore(given, environment))
  t.match(await failure(setting('gcs')), [
    { code: 'state/unknown-type', detail: 'There is no state "gcs".', help: 'Known types: "file".', span },
  ])
  t.match(await failure(setting('file', { bucket: stringValue('b'), key: stringValue('k') })), [
    {
      code: 'state/unknown-setting',
      detail: 'state "file" has no setting "bucket".',
      help: 'Its settings: path.',
      span,
    },
    { code: 'state/unknown-setting', detail: 'state "file" has no setting "key".' },
  ])
  for (const value of [numberValue(1), stringValue('')]) {
    t.match(await failure(setting('file', { path: value })), [{ code: 'state/invalid-setting', span }])
  }
})
