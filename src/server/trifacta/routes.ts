import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { JsonObject } from '../../core/json.js'
import { parseId } from '../body-fields.js'
import { isUnavailable } from '../database-error.js'
import { ApiError, errorBody, forbidden, invalid, unauthenticated, unknownRoute } from './api-error.js'
import { readConfigUpdate, readNewConfig } from './aws-config-input.js'
import { configsById, existingConfig, listConfigs, presentConfig } from './aws-config-view.js'
import { createConfig, deleteConfig, updateConfig } from './aws-configs.js'
import { addRole, deleteRole, listRoles, presentRole, updateRole } from './aws-roles.js'
import { parseEmbed } from './embed.js'
import { readFlag, readListQuery, selectFields } from './list-query.js'
import {
  createPerson,
  deletePerson,
  existingPerson,
  listPeople,
  type PersonRow,
  presentPerson,
  updatePerson,
} from './people.js'
import { checkHeaders, readBody } from './request-body.js'
import type { App, Caller, Service } from './service.js'

export interface RouteOptions {
  /** In whose name a request is made; undefined: in nobody's, which is a 401. */
  authenticate(request: Request): Promise<Caller | undefined>
  /** Called with what ends in an answer of 500. */
  onError(error: unknown, request: Request): void
}

/**
 * The vendor's API v4 for people, awsConfigs and awsRoles. Which routes there are depends on the generation; a route that
 * is not there answers 404 with a text that no missing object has.
 */
export function trifactaRoutes(service: Service, options: RouteOptions): App {
  const app: App = new Hono<{ Variables: { caller: Caller } }>({ strict: false }).basePath('/v4')
  app.use(async (context, next) => {
    const caller = await options.authenticate(context.req.raw)
    if (caller === undefined) throw unauthenticated()
    context.set('caller', caller)
    checkHeaders(context.req.raw)
    await next()
  })
  peopleRoutes(app, service)
  configRoutes(app, service)
  if (service.generation === 'C') roleRoutes(app, service)
  app.notFound((context) => answer(context, unknownRoute(context.req.method, context.req.path)))
  app.onError((error, context) => {
    if (error instanceof ApiError) return answer(context, error)
    options.onError(error, context.req.raw)
    return answer(context, internal(error))
  })
  return app
}

function peopleRoutes(app: App, service: Service): void {
  const { tables } = service.database
  const present = async (rows: readonly PersonRow[], query: URLSearchParams, caller: Caller) => {
    const embed = parseEmbed(query.get('embed'), 'person', ['awsConfig']).get('awsConfig')
    const ids = embed === undefined ? [] : rows.flatMap((row) => row.aws_config_id ?? [])
    const configs = await configsById(tables, caller.isAdmin ? ids : [])
    return rows.map((row) => {
      const config = row.aws_config_id === null ? undefined : configs.get(row.aws_config_id)
      const person = presentPerson(row, caller)
      if (config === undefined || embed === undefined) return selectFields(person, query.get('fields'))
      const awsConfig = selectFields(presentConfig(config, service.generation), embed.fields)
      return { ...selectFields(person, query.get('fields')), awsConfig }
    })
  }
  const one = async (context: Context, id: number): Promise<JsonObject> => {
    const query = queryOf(context)
    const row = await existingPerson(tables, id, readFlag(query, 'includeDeleted'))
    return (await present([row], query, context.get('caller')))[0] ?? {}
  }

  app.get('/people', async (context) => {
    const query = queryOf(context)
    const rows = await listPeople(tables, readListQuery(query), {
      email: query.get('email'),
      workspaceId: queryId(query, 'workspaceId'),
      isDisabled: readFlag(query, 'isDisabled'),
    })
    return context.json({ data: await present(rows, query, context.get('caller')) })
  })
  if (service.generation === 'C') {
    app.get('/people/current', async (context) => context.json(await one(context, context.get('caller').id)))
  }
  app.get('/people/:id', async (context) => context.json(await one(context, idOf(context))))
  if (!service.allowPeopleWrites) return
  app.post('/people', async (context) => {
    const caller = context.get('caller')
    requireAdmin(caller)
    return context.json(await createPerson(service, caller, await readBody(context.req.raw)), 201)
  })
  app.patch('/people/:id', async (context) => {
    const body = await readBody(context.req.raw)
    return context.json(await updatePerson(service, context.get('caller'), idOf(context), body))
  })
  app.delete('/people/:id', async (context) => {
    requireAdmin(context.get('caller'))
    await deletePerson(service, context.get('caller'), idOf(context))
    return context.body(null, 204)
  })
}

function configRoutes(app: App, service: Service): void {
  const { generation } = service
  const { tables } = service.database
  // Release 6.0 documents the read by id and no list; from 9.2 on it is the other way round.
  if (generation === 'A') {
    app.get('/awsConfigs/:id', async (context) =>
      context.json(presentConfig(await existingConfig(tables, idOf(context)), generation)),
    )
  } else {
    app.get('/awsConfigs', async (context) => {
      const query = queryOf(context)
      parseEmbed(query.get('embed'), 'awsConfig', [])
      const rows = await listConfigs(tables, readListQuery(query))
      return context.json({
        data: rows.map((row) => selectFields(presentConfig(row, generation), query.get('fields'))),
      })
    })
  }
  app.post('/awsConfigs', async (context) => {
    const input = readNewConfig(await readBody(context.req.raw), generation)
    return context.json(await createConfig(service, context.get('caller'), input), 201)
  })
  app.put('/awsConfigs/:id', async (context) => {
    const input = readConfigUpdate(await readBody(context.req.raw), generation)
    return context.json(await updateConfig(service, context.get('caller'), idOf(context), input))
  })
  if (!service.allowConfigDelete) return
  app.delete('/awsConfigs/:id', async (context) => {
    await deleteConfig(service, context.get('caller'), idOf(context))
    return context.body(null, 204)
  })
}

function roleRoutes(app: App, service: Service): void {
  const { tables } = service.database
  app.get('/awsRoles', async (context) => {
    requireAdmin(context.get('caller'))
    const query = queryOf(context)
    const embed = parseEmbed(query.get('embed'), 'awsRole', ['awsConfig']).get('awsConfig')
    const rows = await listRoles(tables, readListQuery(query))
    const ids = new Set(embed === undefined ? [] : rows.map((row) => row.aws_config_id))
    const configs = await configsById(tables, [...ids])
    const data = rows.map((row) => {
      const role = selectFields(presentRole(row), query.get('fields'))
      const config = configs.get(row.aws_config_id)
      if (config === undefined || embed === undefined) return role
      return { ...role, awsConfig: selectFields(presentConfig(config, service.generation), embed.fields) }
    })
    return context.json({ data })
  })
  app.post('/awsRoles', async (context) => {
    requireAdmin(context.get('caller'))
    return context.json(await addRole(service, context.get('caller'), await readBody(context.req.raw)), 201)
  })
  app.put('/awsRoles/:id', async (context) => {
    requireAdmin(context.get('caller'))
    return context.json(await updateRole(service, idOf(context), await readBody(context.req.raw)))
  })
  app.delete('/awsRoles/:id', async (context) => {
    requireAdmin(context.get('caller'))
    await deleteRole(service, idOf(context))
    return context.body(null, 204)
  })
}

function requireAdmin(caller: Caller): void {
  if (!caller.isAdmin) throw forbidden('this call is for administrators')
}

function queryOf(context: Context): URLSearchParams {
  return new URL(context.req.url).searchParams
}

function queryId(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const id = parseId(text)
  if (id === undefined) throw invalid(`the query parameter ${name} must be a positive integer`)
  return id
}

function idOf(context: Context): number {
  const id = parseId(context.req.param('id'))
  if (id === undefined) throw invalid('the id in the path must be a positive integer')
  return id
}

function answer(context: Context, error: ApiError): Response {
  const status: ContentfulStatusCode = error.status
  return context.json(errorBody(error), status)
}

function internal(error: unknown): ApiError {
  if (isUnavailable(error)) {
    return new ApiError(
      503,
      'ServiceUnavailable',
      'Service unavailable',
      'the database does not answer: try again',
    )
  }
  const details = 'the log of the server says what went wrong'
  return new ApiError(500, 'InternalServerError', 'Internal server error', details)
}
