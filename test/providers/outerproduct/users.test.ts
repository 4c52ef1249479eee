import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { Failure } from '../../../src/core/diagnostic.js'
import { openControlPlane } from '../../../src/server/control-plane.js'
import { serve } from '../../../src/server/serve.js'
import { openFolder } from '../../fixtures/plane-folder.js'

t.test('two users of one service may both have a connector of the same name', async (t) => {
  const plane = await openControlPlane({
    database: join(t.testdir(), 'plane.db'),
    generation: 'C',
    now: () => new Date(),
    random: randomBytes,
    authorize: async (request) => {
      const name = request.headers.get('authorization')?.replace('Bearer sk-', '') ?? ''
      return { name, scopes: new Set(['read', 'write'] as const) }
    },
  })
  const server = await serve(plane, { host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await server.close()
    await plane.close()
  })
  const user = (name: string) => `provider "outerproduct" {
  ${name === 'anna' ? '' : `alias = "${name}"`}
  endpoint = "${server.url.replace(/\/$/, '')}/outerproduct"
  token    = "sk-${name}"
}
`
  const flakes = (label: string, more = '') => `
resource "outerproduct_snowflake_connector" "${label}" {
  credential_name = "flakes"
  username        = "me"
  password        = env("AWS_SECRET")
  account         = "acme-eu"
  database        = "SALES"
  schema_name     = "PUBLIC"
  ${more}
}
`
  const folder = await openFolder(t, {
    generation: 'C',
    transport: 'in process',
    service: { name: 'outerproduct', preamble: () => user('anna') + user('bert'), contents: async () => [] },
  })
  folder.declare(flakes('anna') + flakes('bert', 'provider = outerproduct.bert'))
  t.match((await folder.apply()).counts, { add: 2 })
  t.strictSame(
    (await folder.plan()).changes.map(({ action }) => action),
    ['keep', 'keep'],
  )
  folder.declare(flakes('anna') + flakes('again'))
  const twice = await folder.plan().catch((cause: unknown) => cause)
  if (!(twice instanceof Failure)) throw twice
  t.strictSame(
    twice.diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code),
    ['lang/same-object'],
    'one user has each name once',
  )
})
