import { isObject, type Json } from '../../core/json.js'
import type { Fields } from './fields.js'

export const modes = ['TEXT', 'JWT', 'OAUTH', 'AWS', 'MTLS', 'HTTP_REQUEST_AGENT', 'MULTI_REQUEST'] as const
export type Mode = (typeof modes)[number]

export const authenticationTypes = ['KEY', 'ROLE', 'INSTANCE_PROFILE'] as const

/** What a request gives for its mode, by the vendor's names. Stored sealed; no answer shows any of it. */
export type ModeInputs = Readonly<Record<string, Json>>

/** Reads the options of a mode; what is left out is not in the result. Those of other modes that stand beside them are ignored, as the vendor's sample for AWS expects. */
export function readModeInputs(fields: Fields, mode: Mode): ModeInputs {
  const inputs: Record<string, Json> = {}
  const take = (name: string, value: Json | undefined) => {
    if (value !== undefined) inputs[name] = value
  }
  const texts = (...names: readonly string[]) => {
    for (const name of names) take(name, fields.text(name))
  }
  switch (mode) {
    case 'TEXT':
      texts('value')
      break
    case 'JWT':
      texts('jwt_algorithm', 'jwt_private_key')
      take('jwt_payload', objectOrText(fields, 'jwt_payload'))
      take('jwt_auto_generate_time_claims', fields.flag('jwt_auto_generate_time_claims'))
      break
    case 'OAUTH':
      texts('oauth_url', 'oauth_token_url', 'oauth_client_id', 'oauth_client_secret', 'oauth_scope')
      take(
        'oauth_grant_type',
        fields.choice('oauth_grant_type', ['client_credentials', 'authorization_code']),
      )
      take(
        'oauthPkceCodeChallengeMethod',
        fields.nullableChoice('oauthPkceCodeChallengeMethod', ['S256', 'plain']),
      )
      break
    case 'AWS':
      take('aws_authentication_type', fields.choice('aws_authentication_type', authenticationTypes))
      texts('aws_access_key', 'aws_secret_key', 'aws_assumed_role_arn')
      break
    case 'MTLS':
      texts('mtls_client_certificate', 'mtls_client_private_key', 'mtls_root_certificate')
      break
    case 'HTTP_REQUEST_AGENT':
      take('http_request_options', objectOrText(fields, 'http_request_options'))
      texts('http_request_location_of_token', 'http_request_secret')
      // The one option that is not kept when it is left out: the vendor's page says that it becomes null.
      take('http_request_ttl', fields.id('http_request_ttl') ?? null)
      break
    case 'MULTI_REQUEST':
      take('credential_requests', requests(fields))
      texts('http_request_location_of_token')
      take('http_request_ttl', fields.id('http_request_ttl') ?? null)
      break
  }
  return inputs
}

/** Notes what the stored options of a mode would lack. */
export function requireModeInputs(fields: Fields, mode: Mode, inputs: ModeInputs): void {
  const require = (names: readonly string[], whom: string) => {
    for (const name of names) {
      const value = inputs[name]
      if (value === undefined || value === null || value === '')
        fields.problem(`${name} is required for ${whom}`)
    }
  }
  require(required[mode], `mode ${mode}`)
  const type = inputs.aws_authentication_type
  if (type === 'KEY') require(['aws_access_key', 'aws_secret_key'], 'the authentication type KEY')
  if (type === 'ROLE') require(['aws_assumed_role_arn'], 'the authentication type ROLE')
  if (inputs.oauth_grant_type === 'authorization_code')
    require(['oauth_url'], 'the grant type authorization_code')
}

/** What the vendor's pages do not call optional, and what has no meaning without. */
const required: Readonly<Record<Mode, readonly string[]>> = {
  TEXT: ['value'],
  JWT: ['jwt_algorithm', 'jwt_payload', 'jwt_private_key'],
  OAUTH: ['oauth_token_url', 'oauth_client_id', 'oauth_client_secret', 'oauth_grant_type'],
  AWS: ['aws_authentication_type'],
  MTLS: ['mtls_client_certificate', 'mtls_client_private_key'],
  HTTP_REQUEST_AGENT: ['http_request_options', 'http_request_location_of_token'],
  MULTI_REQUEST: ['credential_requests', 'http_request_location_of_token'],
}

/** Older clients send JSON as text. */
function objectOrText(fields: Fields, name: string): Json | undefined {
  if (!fields.has(name)) return undefined
  const [text, object] = fields.either(name)
  if (text === undefined) return object
  try {
    const parsed: Json = JSON.parse(text)
    if (isObject(parsed)) return parsed
  } catch {
    // Said below, without the text, which may hold a secret.
  }
  fields.problem(`${name} must be an object`)
  return undefined
}

function requests(fields: Fields): Json | undefined {
  const list = fields.objects('credential_requests')
  if (list === undefined) return undefined
  if (list.length !== 2) fields.problem('credential_requests must be a list of two objects')
  for (const request of list) {
    const { options, http_request_secret: secret } = request
    if (!isObject(options)) fields.problem('options of each of credential_requests must be an object')
    if (secret !== undefined && secret !== null && typeof secret !== 'string')
      fields.problem('http_request_secret of credential_requests must be text')
  }
  return list
}
