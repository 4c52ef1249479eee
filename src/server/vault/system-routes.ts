import { disableMount } from './disable.js'
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
  { pattern: /^auth\/token\/lookup-self$/, read: lookupSelf, update: lookupSelf, scopes: anybody },
  { pattern: /^auth\/token\/renew-self$/, update: renewSelf, scopes: anybody },
  { pattern: /^auth\/token\/revoke-self$/, update: revokeSelf, scopes: anybody },
  { pattern: /^auth\/token\/create$/, update: createToken, scopes: anybody },
]
