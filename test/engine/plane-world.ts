import type { Test } from 'tap'
import { provider } from '../../src/providers/trifacta/provider.js'
import type { ControlPlane, ControlPlaneOptions } from '../../src/server/control-plane.js'
import { openTestPlane } from '../fixtures/test-plane.js'
import { openWorld, type World } from './world.js'

/** The real provider over the embedded control plane, with the requests that reach it: `GET /v4/people`. */
export async function openPlaneWorld(
  t: Test,
  options: Partial<ControlPlaneOptions> = {},
): Promise<{ readonly world: World; readonly plane: ControlPlane; readonly requests: readonly string[] }> {
  const requests: string[] = []
  const plane = await openTestPlane({
    ...options,
    intercept(request, next) {
      requests.push(`${request.method} ${new URL(request.url).pathname}`)
      return options.intercept === undefined ? next(request) : options.intercept(request, next)
    },
  })
  t.teardown(() => plane.close())
  const embedded = async () => ({ id: plane.id, fetch: plane.fetch, close: async () => {} })
  const overPlane: typeof provider = {
    ...provider,
    configure: (settings, environment) => provider.configure(settings, { ...environment, embedded }),
  }
  return { world: openWorld(t, { provider: overPlane, requests }), plane, requests }
}
