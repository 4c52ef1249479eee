import type { Provider } from '../../core/resource.js'
import { connect } from '../connect.js'
import { type EndpointForm, parseEndpoint, refusesEndpoint } from '../endpoint.js'
import { textOf } from '../inputs.js'
import { loadSchemas } from '../schemas.js'
import { bearer, signInByToken, type TokenWords } from '../token.js'
import { createApi, type Shared, type TinesApi } from './api.js'
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
      system: 'tines',
      answerLimit,
      client: {
        api: 'a Tines tenant',
        requestIdHeader: 'x-request-id',
        words: errorWords,
        meaning: refusalMeans,
        unauthorizedHelp:
          'Check token of the provider "tines": the key may have been deleted, or belong to another tenant. Old tenants want token_header = "x-user-token".',
      },
      signIn(plane) {
        const headers = textOf(settings.token_header) === 'x-user-token' ? userToken : bearer
        return signInByToken(settings, plane, tokenWords, headers)
      },
      api(client) {
        const shared: Shared = { client, teams: new Map(), folders: new Map() }
        return (call) => createApi(shared, call)
      },
    })
  },
}

const endpointForm: EndpointForm = {
  path: '/api/v1',
  example: 'https://acme.tines.com',
  instead: 'set token',
  refuse: refusesEndpoint('tines', 'the Tines API'),
}

function userToken(token: string): Readonly<Record<string, string>> {
  return { 'x-user-token': token }
}

const tokenWords: TokenWords = {
  provider: 'tines',
  service: 'Tines',
  token: 'Tines API key',
  variable: 'TINES_TOKEN',
}
