import { error, Failure } from '../../core/diagnostic.js'
import type { EmbeddedPlane, Inputs, Provider } from '../../core/resource.js'
import { connect, type SignIn } from '../connect.js'
import { type EndpointForm, parseEndpoint } from '../endpoint.js'
import { loadSchemas } from '../schemas.js'
import { tokenIn } from '../token.js'
import { createApi, type Shared, type TinesApi, textOf } from './api.js'
import { credential } from './credential.js'
import { credentialData, folderData, teamData } from './data.js'
import { errorWords, refusalMeans } from './refusal.js'
import { testCredential } from './test-credential.js'

/** Largest answer in bytes: a page of 500 credentials is some hundred thousand. */
const answerLimit = 32 * 1024 * 1024

/** Tines: credentials, and the teams and folders that they are in. */
export const provider: Provider<TinesApi> = {
  name: 'tines',
  schema: loadSchemas('tines').provider,
  resources: new Map([credential, testCredential].map((type) => [type.schema.type, type] as const)),
  data: new Map([teamData, folderData, credentialData].map((type) => [type.schema.type, type] as const)),

  async configure(settings, environment) {
    return connect(settings, environment, {
      endpoint: parseEndpoint(textOf(settings.endpoint) ?? '', endpointForm),
      embedded: { system: 'tines' },
      answerLimit,
      client: {
        api: 'a Tines tenant',
        requestIdHeader: 'x-request-id',
        words: errorWords,
        meaning: refusalMeans,
        unauthorizedHelp:
          'Check token of the provider "tines": the key may have been deleted, or belong to another tenant. Old tenants want token_header = "x-user-token".',
      },
      signIn: (plane) => signIn(settings, plane),
      api(client) {
        const shared: Shared = { client, teams: new Map() }
        return (call) => createApi(shared, call)
      },
    })
  },
}

const endpointForm: EndpointForm = {
  path: '/api/v1',
  example: 'https://acme.tines.com',
  instead: 'set token',
  refuse: (problem, help) =>
    new Failure(
      error('tines/endpoint', 'Not an endpoint of the Tines API', { detail: `endpoint ${problem}.`, help }),
    ),
}

function signIn(settings: Inputs, plane: EmbeddedPlane | undefined): SignIn {
  const token = tokenIn(settings, { provider: 'tines', token: 'Tines API key' }) ?? plane?.token
  if (token !== undefined)
    return {
      headers:
        textOf(settings.token_header) === 'x-user-token'
          ? { 'x-user-token': token }
          : { authorization: `Bearer ${token}` },
      secrets: [token],
    }
  if (plane !== undefined) return { headers: {}, secrets: [] }
  throw new Failure(
    error('tines/no-credentials', 'The Tines provider has no API key', {
      detail: 'token is not set.',
      help: 'Add token = env("TINES_TOKEN") to the provider block.',
    }),
  )
}
