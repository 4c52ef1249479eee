import type { Call } from '../../core/resource.js'
import type { Answer, HttpClient, HttpRequest } from '../../http/client.js'
import type { WireCredential } from './wire.js'

/** What all clients of one connection share. */
export interface Shared {
  readonly client: HttpClient
  /** Whether teams exist, of those that were asked for. */
  readonly teams: Map<string, Promise<boolean>>
  /** The same of folders for credentials, by team and folder. */
  readonly folders: Map<string, Promise<boolean>>
}

/** The Tines API for one purpose. Lists of credentials are kept for as long as `keep` says. */
export interface TinesApi {
  readonly shared: Shared
  readonly lists: ListMemory
  send(request: HttpRequest): Promise<Answer>
  /** Tells the user something that is no failure. */
  remark(text: string): void
  /** Whether the configuration holds a text to be sensitive whose attribute is no secret. */
  hides(text: string): boolean
}

export interface ListMemory {
  /** By team; the empty text for those of all teams. */
  readonly credentials: Map<string, Promise<readonly WireCredential[]>>
  /**
   * `whole`: as long as this client lives, for one walk. `shared`: while they are being read, by reads that run at the same
   * time. `fresh`: not at all, for operations.
   */
  readonly keep: 'whole' | 'shared' | 'fresh'
}

export function createApi(shared: Shared, call: Call): TinesApi {
  return {
    shared,
    lists: {
      credentials: new Map(),
      keep: call.snapshot ? 'whole' : call.readOnly ? 'shared' : 'fresh',
    },
    remark: (text) => call.warned?.(text),
    hides: (text) => call.hidden?.includes(text) ?? false,
    send: (request) => shared.client.send({ ...request, path: ['api', 'v1', ...request.path] }, call),
  }
}

/** In which names are compared. */
export function folded(name: string): string {
  return name.trim().toLowerCase()
}
