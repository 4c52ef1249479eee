import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { isUnavailable } from '../database-error.js'
import type { Scope } from '../system.js'
import { ApiError } from './api-error.js'
import { awsSetup } from './aws-setup.js'
import { type Members, readBody } from './body.js'
import {
  deleteConnector,
  insertConnector,
  listConnectors,
  present,
  requireFree,
  type Verified,
} from './connectors.js'
import { readS3, verifyS3 } from './s3-connector.js'
import type { Service } from './service.js'
import { readDatabricks, readSnowflake } from './warehouse-connectors.js'

type App = Hono<{ Variables: { owner: string } }>

/** The account's AWS set-up, and the connectors of the user who asks. */
export function outerproductRoutes(service: Service): App {
  const { context: system } = service
  const app: App = new Hono<{ Variables: { owner: string } }>()
  app.use('/v1/*', async (context, next) => {
    const grant = await system.grant(context.req.raw)
    if (grant === undefined) throw new ApiError(401, 'Not authenticated')
    const needed: Scope = context.req.method === 'GET' || context.req.method === 'HEAD' ? 'read' : 'write'
    if (!grant.scopes.has(needed)) throw new ApiError(403, 'Not enough permissions')
    context.set('owner', grant.name)
    await next()
  })
  app.get('/v1/account/aws-setup', async (context) => context.json(await awsSetup(service)))
  app.get('/v1/connectors', async (context) =>
    context.json((await listConnectors(service, context.get('owner'))).map(present)),
  )
  app.delete('/v1/connectors/:type/:id', async (context) => {
    await deleteConnector(service, context.get('owner'), context.req.param('type'), context.req.param('id'))
    return context.body(null, 204)
  })
  const creates = <T extends { readonly name: string }>(
    type: string,
    read: (members: Members) => T,
    verify: (input: T) => Promise<Verified>,
  ) =>
    app.post(`/v1/connectors/${type}`, async (context) => {
      const owner = context.get('owner')
      const input = await readBody(context.req.raw, read)
      await requireFree(service, owner, input.name)
      // The row comes last: whatever ends this before leaves no connector.
      return context.json(present(await insertConnector(service, owner, await verify(input))))
    })
  creates('s3', readS3, (input) => verifyS3(service, input))
  creates('snowflake', readSnowflake, async (verified) => verified)
  creates('databricks', readDatabricks, async (verified) => verified)
  for (const path of ['/v1/account/aws-setup', '/v1/connectors', '/v1/connectors/:type'])
    app.all(path, () => {
      throw new ApiError(405, 'Method Not Allowed')
    })
  app.notFound((context) => answer(context, new ApiError(404, 'Not Found')))
  app.onError((error, context) => {
    if (error instanceof ApiError) return answer(context, error)
    system.onError(error, context.req.raw)
    if (isUnavailable(error)) return answer(context, new ApiError(503, 'Service Unavailable'))
    return answer(context, new ApiError(500, 'Internal Server Error'))
  })
  return app
}

function answer(context: Context, { status, detail }: ApiError): Response {
  const code: ContentfulStatusCode = status
  return context.json({ detail }, code)
}
