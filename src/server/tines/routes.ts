import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { parseId } from '../body-fields.js'
import { isUnavailable } from '../database-error.js'
import type { Grant, Scope } from '../system.js'
import { ApiError, badRequest, errorBody, forbidden, notFound, unauthorized } from './api-error.js'
import { readCredentialUpdate, readNewCredential } from './credential-input.js'
import { existingCredential, listCredentials, presentCredential } from './credential-view.js'
import { createCredential, deleteCredential, updateCredential } from './credentials.js'
import {
  createFolder,
  deleteFolder,
  existingFolder,
  listFolders,
  presentFolder,
  updateFolder,
} from './folders.js'
import { meta, readPage } from './list-page.js'
import { redirectUrl } from './oauth.js'
import type { RateLimit } from './rate-limit.js'
import { readBody } from './request-body.js'
import type { Service } from './service.js'
import { createTeam, deleteTeam, existingTeam, listTeams, presentTeam, updateTeam } from './teams.js'

export interface RouteOptions {
  readonly limit: RateLimit
  grant(request: Request): Promise<Grant | undefined>
  onError(error: unknown, request: Request): void
}

/** The vendor's API v1 for credentials, teams and folders. */
export function tinesRoutes(service: Service, options: RouteOptions): Hono {
  const app = new Hono({ strict: false }).basePath('/api/v1')
  app.use(async (context, next) => {
    const request = context.req.raw
    const grant = await options.grant(withBearer(request))
    if (grant === undefined) throw unauthorized()
    const seconds = options.limit.take(`${grant.name} ${grant.from ?? ''}`)
    if (seconds !== undefined) {
      context.header('retry-after', String(seconds))
      throw new ApiError(429, 'Too many requests', `try again in ${seconds} seconds`)
    }
    const scope: Scope = request.method === 'GET' ? 'read' : 'write'
    if (!grant.scopes.has(scope)) throw forbidden(`this API key may not ${scope}`)
    await next()
  })
  credentialRoutes(app, service)
  teamRoutes(app, service)
  folderRoutes(app, service)
  app.notFound((context) => answer(context, notFound('route', `${context.req.method} ${context.req.path}`)))
  app.onError((error, context) => {
    if (error instanceof ApiError) return answer(context, error)
    options.onError(error, context.req.raw)
    return answer(context, internal(error))
  })
  return app
}

function credentialRoutes(app: Hono, service: Service): void {
  const { tables } = service
  const written = { testMember: true, references: false }
  app.get('/user_credentials', async (context) => {
    const query = queryOf(context)
    const page = readPage(query)
    const { rows, count } = await listCredentials(tables, query, page)
    const view = { testMember: true, references: query.get('include_references') === 'true' }
    return context.json({
      user_credentials: rows.map((row) => presentCredential(row, view)),
      meta: meta(context.req.raw, page, count),
    })
  })
  app.post('/user_credentials', async (context) => {
    const input = readNewCredential(await readBody(context.req.raw))
    const row = await createCredential(service, input)
    const redirect = redirectUrl(input.inputs, context.req.raw, service.random(16))
    return context.json({
      ...presentCredential(row, written),
      ...(redirect === undefined ? {} : { redirect_url: redirect }),
    })
  })
  app.get('/user_credentials/:id', async (context) => {
    const view = { testMember: false, references: queryOf(context).get('include_references') === 'true' }
    return context.json(presentCredential(await existingCredential(tables, idOf(context)), view))
  })
  app.put('/user_credentials/:id', async (context) => {
    const id = idOf(context)
    const input = readCredentialUpdate(await readBody(context.req.raw))
    return context.json(presentCredential(await updateCredential(service, id, input), written))
  })
  app.delete('/user_credentials/:id', async (context) => {
    await deleteCredential(service, idOf(context))
    return context.body(null, 204)
  })
}

function teamRoutes(app: Hono, service: Service): void {
  const { tables } = service
  app.get('/teams', async (context) => {
    const query = queryOf(context)
    const page = readPage(query)
    const personal = query.get('include_personal_teams') === 'true'
    const { rows, count } = await listTeams(tables, page, personal)
    return context.json({ teams: rows.map(presentTeam), meta: meta(context.req.raw, page, count) })
  })
  app.post('/teams', async (context) =>
    context.json(await createTeam(service, await readBody(context.req.raw)), 201),
  )
  app.get('/teams/:id', async (context) =>
    context.json(presentTeam(await existingTeam(tables, idOf(context)))),
  )
  // The vendor's page says PUT, live reports PATCH.
  app.on(['PUT', 'PATCH'], '/teams/:id', async (context) =>
    context.json(await updateTeam(service, idOf(context), await readBody(context.req.raw))),
  )
  app.delete('/teams/:id', async (context) => {
    await deleteTeam(service, idOf(context))
    return context.body(null, 204)
  })
}

function folderRoutes(app: Hono, service: Service): void {
  const { tables } = service
  app.get('/folders', async (context) => {
    const query = queryOf(context)
    const page = readPage(query)
    const { rows, count } = await listFolders(tables, query, page)
    return context.json({ folders: rows.map(presentFolder), meta: meta(context.req.raw, page, count) })
  })
  app.post('/folders', async (context) =>
    context.json(await createFolder(service, await readBody(context.req.raw)), 201),
  )
  app.get('/folders/:id', async (context) =>
    context.json(presentFolder(await existingFolder(tables, idOf(context)))),
  )
  app.put('/folders/:id', async (context) =>
    context.json(await updateFolder(service, idOf(context), await readBody(context.req.raw))),
  )
  app.delete('/folders/:id', async (context) => {
    await deleteFolder(service, idOf(context))
    return context.body(null, 204)
  })
}

/** Older clients send the key in a header of its own. */
function withBearer(request: Request): Request {
  const key = request.headers.get('x-user-token')
  if (key === null || request.headers.has('authorization')) return request
  return new Request(request.url, { headers: { authorization: `Bearer ${key}` } })
}

function queryOf(context: Context): URLSearchParams {
  return new URL(context.req.url).searchParams
}

function idOf(context: Context): number {
  const id = parseId(context.req.param('id'))
  if (id === undefined) throw badRequest('the id in the path must be a positive integer')
  return id
}

function answer(context: Context, error: ApiError): Response {
  const status: ContentfulStatusCode = error.status
  return context.json(errorBody(error), status)
}

function internal(error: unknown): ApiError {
  if (isUnavailable(error))
    return new ApiError(503, 'Service unavailable', 'the database does not answer: try again')
  return new ApiError(500, 'Internal server error', 'the log of the server says what went wrong')
}
