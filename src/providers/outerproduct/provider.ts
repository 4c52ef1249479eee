import type { Provider } from '../../core/resource.js'
import { connect, millisecondsOf } from '../connect.js'
import { type EndpointForm, parseEndpoint, refusesEndpoint } from '../endpoint.js'
import { textOf } from '../inputs.js'
import { loadSchemas } from '../schemas.js'
import { signInByToken, type TokenWords } from '../token.js'
import { createApi, type OuterproductApi } from './api.js'
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
      system: 'outerproduct',
      answerLimit,
      ofCaller: true,
      client: {
        api: 'the OuterProduct API, version 1',
        requestIdHeader: 'x-request-id',
        words: detailWords,
        meaning: refusalMeans,
        unauthorizedHelp:
          'Check token of the provider "outerproduct": the key may have been revoked, or belong to another deployment.',
        elsewhereHelp: 'The endpoint of a "rolecall serve" ends in /outerproduct.',
      },
      signIn: (plane) => signInByToken(settings, plane, tokenWords),
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
  refuse: refusesEndpoint('outerproduct', 'the OuterProduct API'),
}

const tokenWords: TokenWords = {
  provider: 'outerproduct',
  service: 'OuterProduct',
  token: 'OuterProduct API key',
  variable: 'OUTERPRODUCT_API_KEY',
}
