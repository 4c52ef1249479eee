import type { Grant, Scope, System, SystemContext } from '../system.js'
import { forbidden } from './api-error.js'
import { hasEmail } from './email.js'
import { trifactaRoutes } from './routes.js'
import type { Caller, Service } from './service.js'

/** The Trifacta API. `authenticate` says the e-mail address of whoever makes a request; absent: the first administrator makes all. */
export function openTrifacta(
  context: SystemContext,
  service: Service,
  authenticate: ((request: Request) => Promise<string | undefined>) | undefined,
): System {
  const routes = trifactaRoutes(service, {
    authenticate: async (request) => {
      const grant = await context.grant(request)
      if (grant === undefined) return undefined
      requireScope(request, grant)
      return await identify(request, service, authenticate)
    },
    onError: (error, request) => context.onError(error, request),
  })
  return { fetch: async (request) => await routes.fetch(request) }
}

/** Tokens are of the plane, and not of a person: what they may do is done in the administrator's name. */
function requireScope({ method }: Request, { scopes }: Grant): void {
  const scope: Scope = method === 'GET' || method === 'HEAD' ? 'read' : 'write'
  if (!scopes.has(scope)) throw forbidden(`this token may not ${scope}`)
}

async function identify(
  request: Request,
  { database }: Service,
  authenticate: ((request: Request) => Promise<string | undefined>) | undefined,
): Promise<Caller | undefined> {
  if (authenticate === undefined) return { id: 1, isAdmin: true }
  const email = await authenticate(request)
  if (email === undefined) return undefined
  const person = await database.tables
    .selectFrom('trifacta_people')
    .select(['id', 'is_admin'])
    .where(hasEmail(email))
    .where('deleted_at', 'is', null)
    .where('is_disabled', '=', 0)
    .executeTakeFirst()
  return person === undefined ? undefined : { id: person.id, isAdmin: person.is_admin === 1 }
}
