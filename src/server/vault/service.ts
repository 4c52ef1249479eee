import type { AwsAccess } from '../../aws/access.js'
import type { Sealer } from '../seal.js'
import type { VaultDatabase } from './tables.js'

/** Which server is spoken to: that of today, or that of about release 1.0, which has fewer paths and fields. */
export type VaultGeneration = 'today' | '1.0'

/** What the parts of the API work with. */
export interface VaultService {
  readonly generation: VaultGeneration
  readonly tables: VaultDatabase
  readonly sealer: Sealer
  /** The plane's id, which stands for the cluster's. */
  readonly planeId: string
  /** Names this opened plane in rows of work that is under way: see `owner.ts`. */
  readonly owner: string
  aws(): Promise<AwsAccess>
  now(): Date
  random(bytes: number): Uint8Array
  /** Tells the operator what went wrong with the work beside requests. `again`: when it is tried again. */
  workFailed(work: string, error: unknown, again?: Date): void
  /** Has the work beside requests look again at what is due, now and later. */
  wake(): void
}

/** Random letters and digits; each has a little less than six bits. */
export function randomName(service: Pick<VaultService, 'random'>, length: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  let name = ''
  while (name.length < length)
    // The bytes above are left out, so that every letter is as likely as another.
    for (const byte of service.random(length))
      if (byte < 248 && name.length < length) name += letters[byte % 62] ?? ''
  return name
}

export function randomId(service: Pick<VaultService, 'random'>): string {
  const hex = Buffer.from(service.random(16)).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
