import type { Json, JsonObject } from '../../core/json.js'
import type { Inputs, Plain } from '../../core/resource.js'
import { Secret } from '../../core/secret.js'
import type { Row } from '../../core/state.js'
import type { Body } from '../../http/client.js'
import { revealed } from '../inputs.js'
import type { TinesApi } from './api.js'

export type Members = Readonly<Record<string, Body>>

/** The attributes of each mode that are written and never read. They are named as the service names them, but for two. */
const attributes: Readonly<Record<string, readonly string[]>> = {
  AWS: ['aws_authentication_type', 'aws_access_key', 'aws_secret_key', 'aws_assumed_role_arn'],
  TEXT: ['value'],
  JWT: ['jwt_algorithm', 'jwt_payload', 'jwt_auto_generate_time_claims', 'jwt_private_key'],
  OAUTH: [
    'oauth_url',
    'oauth_token_url',
    'oauth_client_id',
    'oauth_client_secret',
    'oauth_scope',
    'oauth_grant_type',
    'oauth_pkce_code_challenge_method',
  ],
  MTLS: ['mtls_client_certificate', 'mtls_client_private_key', 'mtls_root_certificate'],
  HTTP_REQUEST_AGENT: [
    'http_request_options',
    'http_request_location_of_token',
    'http_request_secret',
    'http_request_ttl',
  ],
  MULTI_REQUEST: [
    'credential_requests',
    'http_request_secrets',
    'http_request_location_of_token',
    'http_request_ttl',
  ],
}

/**
 * What to send of a mode. `cleared`: attributes that were applied and are declared no more, which are emptied at the service.
 * `skip`: those that are there as declared.
 */
export function modeMembers(
  api: TinesApi,
  inputs: Inputs,
  cleared: ReadonlySet<string> = none,
  skip: ReadonlySet<string> = none,
): Members {
  const members: Record<string, Body> = {}
  for (const name of attributes[String(inputs.mode)] ?? []) {
    const value = inputs[name] ?? null
    // The service forgets this one in any request that does not name it.
    if (name === 'http_request_ttl') members[name] = numberOrNull(value)
    else if (name === 'credential_requests' || name === 'http_request_secrets') {
      // The service has one list of both.
      const same = skip.has('credential_requests') && skip.has('http_request_secrets')
      if (!same) members.credential_requests = requestsOf(api, inputs)
    } else if (value === null) {
      if (cleared.has(name)) members[wireName(name)] = emptyOf(name)
    } else if (!skip.has(name)) members[wireName(name)] = bodyOf(api, name, value)
  }
  return members
}

const none: ReadonlySet<string> = new Set()

function wireName(name: string): string {
  return name === 'oauth_pkce_code_challenge_method' ? 'oauthPkceCodeChallengeMethod' : name
}

function emptyOf(name: string): Body {
  if (name === 'jwt_auto_generate_time_claims') return false
  return name === 'oauth_pkce_code_challenge_method' ? null : ''
}

function bodyOf(api: TinesApi, name: string, value: Plain): Body {
  if (name === 'jwt_payload' || name === 'http_request_options') return parsed(api, value)
  return value instanceof Secret || typeof value === 'string' || typeof value === 'boolean' ? value : null
}

function requestsOf(api: TinesApi, inputs: Inputs): Body {
  const options = Array.isArray(inputs.credential_requests) ? inputs.credential_requests : []
  const secrets = Array.isArray(inputs.http_request_secrets) ? inputs.http_request_secrets : []
  return options.map((one, index) => {
    const secret = revealed(secrets[index]) ?? ''
    return {
      options: parsed(api, one),
      ...(secret === '' ? {} : { http_request_secret: new Secret(secret) }),
    }
  })
}

/**
 * A document as what it says; a schema has checked that it is one. Where the configuration holds it to be sensitive, each text
 * in it is a secret of its own: an error may quote just that.
 */
function parsed(api: TinesApi, value: Plain): Body {
  const text = revealed(value) ?? 'null'
  try {
    const document: Json = JSON.parse(text)
    return api.hides(text) ? withSecrets(document) : asBody(document)
  } catch (cause) {
    if (cause instanceof SyntaxError) return text
    throw cause
  }
}

function asBody(json: Json): Body {
  return json as Exclude<Json, JsonObject>
}

function withSecrets(json: Json): Body {
  if (typeof json === 'string') return new Secret(json)
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map(withSecrets)
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, withSecrets(value)]))
}

function numberOrNull(value: Plain): number | null {
  return typeof value === 'number' ? value : null
}

/**
 * The attributes that were applied, or were about to be when an update was cut short, and are declared no more. What is
 * there as `applied` says is declared, though its value is withheld.
 */
export function clearedSince(
  inputs: Inputs,
  prior: Row | undefined,
  applied: ReadonlySet<string>,
): ReadonlySet<string> {
  const before = [prior?.inputs ?? {}, ...(prior?.attempted ?? [])].flatMap((record) => Object.keys(record))
  return new Set(before.filter((name) => inputs[name] === null && !applied.has(name)))
}

/** All that says how AWS is reached and is not declared: left over from another way, it would be used or lie about. */
export function undeclaredAws(inputs: Inputs): ReadonlySet<string> {
  return new Set((attributes.AWS ?? []).filter((name) => inputs[name] === null))
}
