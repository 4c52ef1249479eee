import type { Sealer } from '../seal.js'
import type { Fixture } from './fixture.js'
import type { Pace } from './pace.js'
import type { Store } from './tables.js'

/** What the sandbox's calls work with. */
export interface Service {
  readonly fixture: Fixture
  readonly store: Store
  readonly sealer: Sealer
  readonly pace: Pace
  now(): Date
  random(bytes: number): Uint8Array
}
