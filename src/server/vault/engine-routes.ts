import { issue } from './creds.js'
import { readLeaseConfig, writeLeaseConfig } from './lease-config.js'
import { deleteRole, listRoles, missingName, namePattern, readRole, writeRole } from './roles.js'
import { readRootConfig, writeRootConfig } from './root.js'
import { rotateRoot } from './rotate-root.js'
import type { MountCall, Route } from './route.js'
import type { VaultGeneration } from './service.js'
import {
  deleteStaticRole,
  listStaticRoles,
  readStaticCredentials,
  readStaticRole,
  writeStaticRole,
} from './static-roles.js'

/** What is below a mount. */
export function engineRoutes(generation: VaultGeneration): readonly Route<MountCall>[] {
  return generation === '1.0' ? [oldRootRoute, ...commonRoutes] : [...commonRoutes, ...todaysRoutes]
}

const named = (root: string) => new RegExp(`^${root}/(${namePattern})$`)

/** It could be written, and not be read. */
const oldRootRoute: Route<MountCall> = { pattern: /^config\/root$/, update: writeRootConfig }

const commonRoutes: readonly Route<MountCall>[] = [
  { pattern: /^config\/lease$/, read: readLeaseConfig, update: writeLeaseConfig },
  { pattern: /^roles$/, list: listRoles, update: missingName },
  { pattern: named('roles'), read: readRole, update: writeRole, delete: deleteRole },
  { pattern: named('creds'), read: issue('creds'), update: issue('creds'), scopes: ['issue'] },
  { pattern: named('sts'), read: issue('sts'), update: issue('sts'), scopes: ['issue'] },
]

const todaysRoutes: readonly Route<MountCall>[] = [
  { pattern: /^config\/root$/, read: readRootConfig, update: writeRootConfig },
  { pattern: /^config\/rotate-root$/, update: rotateRoot },
  { pattern: /^static-roles$/, list: listStaticRoles },
  {
    pattern: named('static-roles'),
    read: readStaticRole,
    update: writeStaticRole,
    delete: deleteStaticRole,
  },
  { pattern: named('static-creds'), read: readStaticCredentials, scopes: ['issue'] },
]
