import type { System, SystemContext } from '../system.js'
import { rateLimit } from './rate-limit.js'
import { tinesRoutes } from './routes.js'
import type { Service } from './service.js'
import { type TinesTables, tinesSteps } from './tables.js'
import { ensurePersonalTeam } from './teams.js'

export interface TinesOptions {
  /** How many requests each caller has in a minute. Default: 5000, the vendor's general limit. */
  readonly requestsPerMinute?: number
}

/** The Tines API. A plane starts with the personal team of its one user, and nothing else. */
export async function openTines(context: SystemContext, options: TinesOptions = {}): Promise<System> {
  const { database } = context
  await database.prepare(tinesSteps)
  const service: Service = {
    tables: database.tables.withTables<TinesTables>(),
    sealer: database.sealer,
    now: () => context.now(),
    random: (bytes) => context.random(bytes),
  }
  await ensurePersonalTeam(service)
  const routes = tinesRoutes(service, {
    limit: rateLimit(options.requestsPerMinute ?? 5000, () => context.now()),
    grant: (request) => context.grant(request),
    onError: (error, request) => context.onError(error, request),
  })
  return { fetch: async (request) => await routes.fetch(request) }
}
