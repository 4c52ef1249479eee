import type { Scope } from '../system.js'
import { unsupportedOperation, unsupportedPath } from './api-error.js'
import type { Caller } from './callers.js'
import type { Fields } from './fields.js'
import type { Mount } from './mount-settings.js'
import type { Reply } from './reply.js'
import type { Operation } from './request.js'
import type { VaultService } from './service.js'

/** A request on its way to a handler. */
export interface Call {
  readonly service: VaultService
  readonly caller: Caller
  readonly namespace: string
  /** Below the namespace, and below the mount where there is one. */
  readonly path: string
  readonly fields: Fields
}

export interface MountCall extends Call {
  readonly mount: Mount
}

/** Parameters are what the pattern's groups found, in their order. */
export type Handler<C> = (call: C, ...parameters: string[]) => Promise<Reply>

export interface Route<C> {
  /** Of the whole path. */
  readonly pattern: RegExp
  readonly read?: Handler<C>
  readonly list?: Handler<C>
  readonly update?: Handler<C>
  readonly delete?: Handler<C>
  /** Any one of which is needed. Default: `read` to read and list, `write` for the rest. */
  readonly scopes?: readonly Scope[]
}

/** What a request is to be answered with, before anything of it is done. */
export interface Chosen<C> {
  readonly scopes: readonly Scope[]
  run(call: C): Promise<Reply>
}

/** The first route with the path. Throws a 404 without one, and a 405 if it does not have the verb. */
export function choose<C>(routes: readonly Route<C>[], path: string, operation: Operation): Chosen<C> {
  for (const route of routes) {
    const match = route.pattern.exec(path)
    if (match === null) continue
    const handler = route[operation]
    if (handler === undefined) throw unsupportedOperation()
    const parameters = match.slice(1).map((group) => group ?? '')
    const usual: Scope = operation === 'read' || operation === 'list' ? 'read' : 'write'
    return { scopes: route.scopes ?? [usual], run: (call) => handler(call, ...parameters) }
  }
  throw unsupportedPath()
}
