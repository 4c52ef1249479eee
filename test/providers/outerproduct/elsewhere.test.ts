import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { Failure } from '../../../src/core/diagnostic.js'
import { type ControlPlaneOptions, openControlPlane } from '../../../src/server/control-plane.js'
import { serve } from '../../../src/server/serve.js'
import { openFolder } from '../../fixtures/plane-folder.js'

/*
 * A control plane has Vault at its root, below the `/v1` that OuterProduct's paths begin with too.
 */

const answers: readonly (readonly [string, Partial<ControlPlaneOptions>, RegExp])[] = [
  ['that asks for no token', {}, /HTTP 404/],
  ['that does not know the token', { authorize: async () => undefined }, /HTTP 403.*permission denied/],
]

for (const [which, options, words] of answers)
  t.test(`the bare address of a control plane ${which} is told from the right one`, async (t) => {
    const plane = await openControlPlane({
      database: join(t.testdir(), 'plane.db'),
      generation: 'C',
      now: () => new Date(),
      random: randomBytes,
      ...options,
    })
    const server = await serve(plane, { host: '127.0.0.1', port: 0 })
    t.teardown(async () => {
      await server.close()
      await plane.close()
    })
    const folder = await openFolder(t, {
      generation: 'C',
      transport: 'in process',
      service: {
        name: 'outerproduct',
        preamble: () => `provider "outerproduct" {
  endpoint = "${server.url}"
  token    = "sk-test"
}
data "outerproduct_connectors" "all" {}
`,
        contents: async () => [],
      },
    })
    folder.declare('')
    const failed = await folder.plan().catch((cause: unknown) => cause)
    if (!(failed instanceof Failure)) throw failed
    t.match(
      failed.diagnostics.filter(({ code }) => code === 'engine/service'),
      [
        {
          detail: words,
          help: /check .*endpoint.*The endpoint of a "rolecall serve" ends in \/outerproduct/,
        },
      ],
    )
  })
