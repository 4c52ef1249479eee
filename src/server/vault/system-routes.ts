import { disableMount } from './disable.js'
import {
  listLeases,
  lookupLease,
  renewLease,
  revokeForce,
  revokeLease,
  revokePrefix,
} from './lease-routes.js'
import {
  describeMounts,
  describePath,
  enableMount,
  listMounts,
  readMount,
  readTuning,
  tuneMount,
} from './mounts.js'
import { remount, remountStatus } from './remounts.js'
import type { Call, Route } from './route.js'
import { capabilitiesOfSelf } from './status.js'
import { createToken, lookupSelf, renewSelf, revokeSelf } from './tokens.js'

const holders = ['write', 'issue'] as const
const anybody = ['read', 'write', 'issue'] as const

/** What a server has whatever is mounted. */
export const systemRoutes: readonly Route<Call>[] = [
  { pattern: /^sys\/mounts$/, read: listMounts },
  { pattern: /^sys\/mounts\/(.+)\/tune$/, read: readTuning, update: tuneMount },
  { pattern: /^sys\/mounts\/(.+)$/, read: readMount, update: enableMount, delete: disableMount },
  { pattern: /^sys\/internal\/ui\/mounts$/, read: describeMounts },
  { pattern: /^sys\/internal\/ui\/mounts\/(.+)$/, read: describePath, scopes: anybody },
  { pattern: /^sys\/remount$/, update: remount },
  { pattern: /^sys\/remount\/status\/(.+)$/, read: remountStatus },
  { pattern: /^sys\/capabilities-self$/, update: capabilitiesOfSelf, scopes: anybody },
  { pattern: /^sys\/leases\/lookup$/, update: lookupLease, list: listLeases, scopes: anybody },
  { pattern: /^sys\/leases\/lookup\/(.+)$/, list: listLeases },
  { pattern: /^sys\/(?:leases\/)?renew(?:\/(.+))?$/, update: renewLease, scopes: holders },
  { pattern: /^sys\/(?:leases\/)?revoke(?:\/(.+))?$/, update: revokeLease, scopes: holders },
  { pattern: /^sys\/(?:leases\/)?revoke-prefix\/(.+)$/, update: revokePrefix },
  { pattern: /^sys\/(?:leases\/)?revoke-force\/(.+)$/, update: revokeForce },
  { pattern: /^auth\/token\/lookup-self$/, read: lookupSelf, update: lookupSelf, scopes: anybody },
  { pattern: /^auth\/token\/renew-self$/, update: renewSelf, scopes: anybody },
  { pattern: /^auth\/token\/revoke-self$/, update: revokeSelf, scopes: anybody },
  { pattern: /^auth\/token\/create$/, update: createToken, scopes: anybody },
]
