import type { StateStore } from '../core/state.js'
import type { LeaseEnvironment } from './environment.js'
import { insist } from './insist.js'

/** Undefined: the name is ours. Otherwise what stands there instead; `nothing` when it is gone again. */
export type Refusal = undefined | { readonly there: Uint8Array | 'nothing' }

/**
 * Puts bytes that no one else can have made (they hold a nonce) under a name. A lost answer is followed by the same bytes
 * under the same name, so the store may refuse what an earlier try of ours has put: a refused name is read back.
 */
export async function putOwn(
  store: StateStore,
  environment: LeaseEnvironment,
  name: string,
  bytes: Uint8Array,
): Promise<Refusal> {
  if (await insist(environment, () => store.putIfAbsent(name, bytes))) return undefined
  const there = await insist(environment, () => store.get(name))
  if (there === undefined) return { there: 'nothing' }
  return Buffer.compare(there, bytes) === 0 ? undefined : { there }
}
