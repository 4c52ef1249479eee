import type { JsonObject } from '../../core/json.js'
import type { VaultError } from './api-error.js'

/** What a request comes to. Without data, and without warnings, it is a 204. */
export interface Reply {
  readonly data?: JsonObject
  readonly warnings?: readonly string[]
  /** Of credentials: what has to be revoked, and when. Seconds. */
  readonly lease?: { readonly id: string; readonly renewable: boolean; readonly duration: number }
  /** Of a token. */
  readonly auth?: JsonObject
  /** The data stands at the top of the envelope once more, for old clients. */
  readonly flat?: boolean
  /** Instead of an envelope: what has none, with its status. */
  readonly bare?: { readonly status: number; readonly body: JsonObject }
}

/** Done, with nothing to say. */
export const done: Reply = {}

export interface Envelope {
  readonly requestId: string
  /** Said by servers of today. */
  readonly mountType: string | undefined
}

export function responseOf(reply: Reply, { requestId, mountType }: Envelope): Response {
  if (reply.bare !== undefined) return json(reply.bare.status, reply.bare.body)
  const { data, warnings = [], lease, auth, flat } = reply
  const answers = data !== undefined || auth !== undefined || lease !== undefined
  if (!answers && warnings.length === 0) return new Response(null, { status: 204, headers: uncached })
  return json(200, {
    ...(flat === true ? data : {}),
    request_id: requestId,
    lease_id: lease?.id ?? '',
    renewable: lease?.renewable ?? false,
    lease_duration: lease?.duration ?? 0,
    data: data ?? null,
    wrap_info: null,
    warnings: warnings.length === 0 ? null : warnings,
    auth: auth ?? null,
    ...(mountType === undefined ? {} : { mount_type: mountType }),
  })
}

export function errorResponse({ status, errors }: VaultError): Response {
  return json(status, { errors })
}

const uncached = { 'cache-control': 'no-store' }

function json(status: number, body: JsonObject): Response {
  return Response.json(body, { status, headers: uncached })
}
