import type { Call } from '../../core/resource.js'
import type { Answer, HttpClient, HttpRequest } from '../../http/client.js'
import type { AwsSetup } from './aws-setup.js'
import type { WireConnector } from './wire.js'

/** What all clients of one connection share. */
export interface Shared {
  readonly client: HttpClient
  /** Milliseconds for which a denied access is worth trying again. */
  readonly patience: number
}

/** The OuterProduct API for one purpose. */
export interface OuterproductApi {
  readonly shared: Shared
  /** What was read, or is being read, as long as this client may share it. */
  readonly kept: { connectors?: Promise<readonly WireConnector[]>; setup?: Promise<AwsSetup> }
  readonly keep: boolean
  send(request: HttpRequest): Promise<Answer>
}

/** Paths of the vendor's reference. Its prose has others (`/connector`, without `/v1`): those of its live schema count. */
export const paths = {
  setup: ['v1', 'account', 'aws-setup'],
  connectors: ['v1', 'connectors'],
} as const

export function createApi(shared: Shared, call: Call): OuterproductApi {
  return {
    shared,
    kept: {},
    keep: call.snapshot,
    send: (request) => shared.client.send(request, call),
  }
}
