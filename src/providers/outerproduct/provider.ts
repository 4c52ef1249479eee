import { error, Failure } from '../../core/diagnostic.js'
import type { EmbeddedPlane, Inputs, Provider } from '../../core/resource.js'
import { connect, millisecondsOf, type SignIn } from '../connect.js'
import { type EndpointForm, parseEndpoint } from '../endpoint.js'
import { loadSchemas } from '../schemas.js'
import { tokenIn } from '../token.js'
import { createApi, type OuterproductApi, textOf } from './api.js'
import { awsSetupData, connectorsData } from './data.js'
import { detailWords, refusalMeans } from './refusal.js'
import { s3Connector } from './s3-connector.js'
import { databricksConnector, snowflakeConnector } from './warehouse-connectors.js'

/** Largest answer in bytes: a connector has less than one thousand. */
const answerLimit = 32 * 1024 * 1024

/** OuterProduct. */
export const provider: Provider<OuterproductApi> = {
  name: 'outerproduct',
  schema: loadSchemas('outerproduct').provider,
  resources: new Map(
    [s3Connector, snowflakeConnector, databricksConnector].map((type) => [type.schema.type, type] as const),
  ),
  data: new Map([awsSetupData, connectorsData].map((type) => [type.schema.type, type] as const)),

  async configure(settings, environment) {
    return connect(settings, environment, {
      endpoint: parseEndpoint(textOf(settings.endpoint) ?? '', endpointForm),
      embedded: { system: 'outerproduct' },
      answerLimit,
      client: {
        api: 'the OuterProduct API, version 1',
        requestIdHeader: 'x-request-id',
        words: detailWords,
        meaning: refusalMeans,
        unauthorizedHelp:
          'Check token of the provider "outerproduct": the key may have been revoked, or belong to another deployment.',
      },
      signIn: (plane) => signIn(settings, plane),
      api(client) {
        const shared = { client, patience: millisecondsOf(settings.access_patience_seconds, 120_000) }
        return (call) => createApi(shared, call)
      },
    })
  },
}

const endpointForm: EndpointForm = {
  path: '/v1',
  example: 'https://api.outerproduct.com',
  instead: 'set token',
  refuse: (problem, help) =>
    new Failure(
      error('outerproduct/endpoint', 'Not an endpoint of the OuterProduct API', {
        detail: `endpoint ${problem}.`,
        help,
      }),
    ),
}

function signIn(settings: Inputs, plane: EmbeddedPlane | undefined): SignIn {
  const words = { provider: 'outerproduct', token: 'OuterProduct API key' }
  const token = tokenIn(settings, words) ?? plane?.token
  if (token !== undefined) return { headers: { authorization: `Bearer ${token}` }, secrets: [token] }
  if (plane !== undefined) return { headers: {}, secrets: [] }
  throw new Failure(
    error('outerproduct/no-credentials', 'The OuterProduct provider has no API key', {
      detail: 'token is not set.',
      help: 'Add token = env("OUTERPRODUCT_API_KEY") to the provider block.',
    }),
  )
}
