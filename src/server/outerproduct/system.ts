import type { System, SystemContext } from '../system.js'
import { outerproductRoutes } from './routes.js'
import { openService } from './service.js'

/** The OuterProduct API: connectors exist only with an access that was tried. */
export async function openOuterproduct(context: SystemContext): Promise<System> {
  const routes = outerproductRoutes(await openService(context))
  return { fetch: async (request) => await routes.fetch(request) }
}
