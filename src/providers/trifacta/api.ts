import type { Call } from '../../core/resource.js'
import { Secret } from '../../core/secret.js'
import type { Answer, HttpClient, HttpRequest } from '../../http/client.js'
import type { WireConfig, WirePerson, WireRole } from './wire.js'

/** The form of the API: `A` is release 6.0, `C` is 6.8 and later. `B`, in between, is recognised and refused. */
export type Generation = 'A' | 'C'

/** What all clients of one connection share. */
export interface Shared {
  readonly client: HttpClient
  /** The workspace of the settings, if they name one. */
  readonly workspaceId: string | undefined
  /** The e-mail address that signs in with a password, in lower case. */
  readonly username: string | undefined
  /** Requests are made in nobody's name: an embedded control plane asks for none. */
  readonly anonymous: boolean
  random(bytes: number): Uint8Array
  /** Runs one piece of work at a time. */
  exclusive<T>(work: () => Promise<T>): Promise<T>
  /** Lists that operations wait for, by name: those that run at the same time share what is read after all of them asked. */
  readonly awaited: Map<string, AwaitedList>
  /** The lists as they were last read whole, by whomever: where their objects stand. */
  readonly listed: { configs?: readonly WireConfig[]; roles?: readonly WireRole[] }
  /** The awsRoles as operations found them first, and the awsConfigs whose roles were written since. */
  readonly rolesBefore: { list?: Promise<readonly WireRole[]>; readonly written: Set<string> }
  /** From the settings, or as it is found out. */
  generation: Promise<Generation> | undefined
}

/** A list that is being read, and the next reading of it, which has not begun. */
export interface AwaitedList {
  readonly reading: Promise<unknown>
  next?: Promise<unknown>
}

/** The Trifacta API for one purpose. Whole lists are kept for as long as `remember` says. */
export interface TrifactaApi {
  readonly shared: Shared
  readonly lists: ListMemory
  send(request: HttpRequest): Promise<Answer>
}

/** Lists that were read, or are being read. */
export interface ListMemory {
  people?: Promise<readonly WirePerson[]>
  configs?: Promise<readonly WireConfig[]>
  roles?: Promise<readonly WireRole[]>
  /**
   * `whole`: as long as this client lives, for one walk. `shared`: while they are being read, by reads that run at the same
   * time. `fresh`: not at all, for operations; they only wait together.
   */
  readonly keep: 'whole' | 'shared' | 'fresh'
}

export function createApi(shared: Shared, call: Call): TrifactaApi {
  return {
    shared,
    lists: { keep: call.snapshot ? 'whole' : call.readOnly ? 'shared' : 'fresh' },
    send: (request) => shared.client.send({ ...request, path: ['v4', ...request.path] }, call),
  }
}

/** The workspace whose own configuration is managed: the numbering of the vendor's installations begins with 1. */
export function ownWorkspace(api: TrifactaApi): string {
  return api.shared.workspaceId ?? '1'
}

/** A password that nobody knows: sent once and forgotten. The last characters are for servers that want one of each kind. */
export function randomPassword(api: TrifactaApi): Secret {
  return new Secret(`${Buffer.from(api.shared.random(24)).toString('base64url')}-aA1`)
}
