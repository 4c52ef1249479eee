import { error, Failure } from '../../core/diagnostic.js'
import type { EmbeddedPlane, Inputs, Provider, ProviderEnvironment } from '../../core/resource.js'
import type { HttpClient } from '../../http/client.js'
import { connect, type SignIn } from '../connect.js'
import { type EndpointForm, parseEndpoint, refusesEndpoint } from '../endpoint.js'
import { revealed, textOf } from '../inputs.js'
import { loadSchemas } from '../schemas.js'
import { bearer, tokenIn } from '../token.js'
import { createApi, type Shared, type TrifactaApi } from './api.js'
import { awsConfig } from './aws-config.js'
import { awsRole } from './aws-role.js'
import { awsRolesData } from './data-aws-roles.js'
import { peopleData } from './data-people.js'
import { personData } from './data-person.js'
import { person } from './person.js'
import { exceptionWords, refusalMeans } from './refusal.js'

/** Largest answer in bytes: a page of people is some hundred thousand. */
const answerLimit = 32 * 1024 * 1024

/** Trifacta Wrangler Enterprise and Alteryx Designer Cloud. */
export const provider: Provider<TrifactaApi> = {
  name: 'trifacta',
  schema: loadSchemas('trifacta').provider,
  resources: new Map(
    [person, awsConfig, awsRole].map((type) => [type.schema.type, type] as const),
  ) as Provider<TrifactaApi>['resources'],
  data: new Map([personData, peopleData, awsRolesData].map((type) => [type.schema.type, type] as const)),

  async configure(settings, environment) {
    const workspaceId = textOf(settings.workspace_id) ?? undefined
    const generation = textOf(settings.generation)
    return connect(settings, environment, {
      endpoint: parseEndpoint(textOf(settings.endpoint) ?? '', endpointForm),
      // It speaks the release that the settings name, or its own default.
      ...(generation !== null && { embedded: { generation } }),
      answerLimit,
      client: {
        api: 'the Trifacta API, version 4',
        requestIdHeader: 'x-trifacta-request-id',
        words: exceptionWords,
        meaning: refusalMeans,
        unauthorizedHelp:
          'Check token (or username and password) of the provider "trifacta": it may have expired, or belong to another installation.',
      },
      ...(workspaceId !== undefined && { scope: `workspace=${workspaceId}` }),
      signIn: (plane) => signIn(settings, plane),
      api(client, _, signedIn) {
        const shared = sharedBy(client, settings, environment, signedIn)
        return (call) => createApi(shared, call)
      },
    })
  },
}

const endpointForm: EndpointForm = {
  path: '/v4',
  example: 'https://wrangle.example.com:3005',
  instead: 'set username and password, or token',
  refuse: refusesEndpoint('trifacta', 'the Trifacta API'),
}

function sharedBy(
  client: HttpClient,
  settings: Inputs,
  environment: ProviderEnvironment,
  { username, headers }: TrifactaSignIn,
): Shared {
  let last: Promise<unknown> = Promise.resolve()
  const { generation } = settings
  return {
    client,
    workspaceId: textOf(settings.workspace_id) ?? undefined,
    username: username?.toLowerCase(),
    anonymous: headers.authorization === undefined,
    random: (bytes) => environment.random(bytes),
    awaited: new Map(),
    listed: {},
    rolesBefore: { written: new Set() },
    exclusive(work) {
      const next = last.then(work)
      last = next.catch(() => {})
      return next
    },
    generation: generation === 'A' || generation === 'C' ? Promise.resolve(generation) : undefined,
  }
}

interface TrifactaSignIn extends SignIn {
  readonly username?: string
}

function signIn(settings: Inputs, plane: EmbeddedPlane | undefined): TrifactaSignIn {
  const username = revealed(settings.username)
  const password = revealed(settings.password)
  const own = tokenIn(settings, { provider: 'trifacta', token: 'Trifacta token' })
  const token = own ?? (username === undefined ? plane?.token : undefined)
  if (token !== undefined) return { headers: bearer(token), secrets: [token] }
  if (username !== undefined && password !== undefined) {
    const encoded = Buffer.from(`${username}:${password}`).toString('base64')
    return { headers: { authorization: `Basic ${encoded}` }, username, secrets: [password, encoded] }
  }
  if (plane !== undefined) return { headers: {}, secrets: [] }
  throw new Failure(
    error('trifacta/no-credentials', 'The Trifacta provider has no credentials', {
      detail: 'Neither token nor username and password are set.',
      help: 'Add token = env("TRIFACTA_TOKEN") to the provider block, or username and password on a self-managed installation.',
    }),
  )
}
