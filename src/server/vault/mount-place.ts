import { absent, invalid, noHandler, quoted } from './api-error.js'
import { type Mount, mountOf } from './mount-settings.js'
import { withoutSlashes } from './request.js'
import type { VaultService } from './service.js'
import type { VaultDatabase, VaultWrite } from './tables.js'

/** What stands in every namespace and is no mount of anybody's. */
export const ownRoots = ['sys', 'auth', 'audit', 'cubbyhole', 'identity'] as const

export interface Place {
  readonly namespace: string
  /** Below the namespace, and below the mount if there is one. */
  readonly path: string
  /** Undefined: a path of the server itself. */
  readonly mount: Mount | undefined
}

/**
 * Where a path leads: `ns1/aws/roles/x` to the mount `aws` of `ns1`, `ns1/sys/mounts` to the server's own paths for `ns1`. A
 * namespace is there as soon as something is in it. Throws a 404 if it leads nowhere.
 */
export async function locate(
  tables: VaultDatabase | VaultWrite,
  within: string,
  path: string,
): Promise<Place> {
  const parts = path.split('/')
  if (parts.length > deepest) throw noHandler(path)
  if (isOwn(parts[0])) return { namespace: within, path, mount: undefined }
  const namespaceOf = (start: number) => joined(within, parts.slice(0, start).join('/'))
  const candidates = parts.flatMap((_, start) =>
    parts.slice(start).map((__, more) => parts.slice(start, start + more + 1).join('/')),
  )
  const rows = await tables
    .selectFrom('vault_mounts')
    .selectAll()
    .where('path', 'in', [...new Set(candidates)])
    .execute()
  for (const [start] of parts.entries()) {
    const rest = parts.slice(start).join('/')
    const row = rows.find(
      (one) => one.namespace === namespaceOf(start) && (rest === one.path || rest.startsWith(`${one.path}/`)),
    )
    if (row !== undefined) {
      const mount = mountOf(row)
      return { namespace: row.namespace, path: withoutSlashes(rest.slice(row.path.length)), mount }
    }
  }
  const own = parts.findIndex(isOwn)
  if (own === -1) throw noHandler(path)
  return { namespace: namespaceOf(own), path: parts.slice(own).join('/'), mount: undefined }
}

export async function mountAt(
  tables: VaultDatabase | VaultWrite,
  namespace: string,
  path: string,
): Promise<Mount | undefined> {
  const row = await tables
    .selectFrom('vault_mounts')
    .selectAll()
    .where('namespace', '=', namespace)
    .where('path', '=', path)
    .executeTakeFirst()
  return row === undefined ? undefined : mountOf(row)
}

export async function mountById(service: VaultService, id: string): Promise<Mount | undefined> {
  const row = await service.tables
    .selectFrom('vault_mounts')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? undefined : mountOf(row)
}

/** Throws a 400 if a mount cannot stand at the path. */
export function checkMountPath(path: string): void {
  const parts = path.split('/')
  if (isOwn(parts[0])) throw invalid(`cannot mount ${quoted(`${path}/`)}`)
  if (path === '' || parts.length > deepest - 2) throw absent()
  if (
    parts.some(
      (part) => part === '' || part === '.' || part === '..' || isOwn(part) || /[\p{C}\s]/u.test(part),
    )
  )
    throw invalid(`invalid mount path ${quoted(`${path}/`)}`)
}

/** Throws a 400 if a mount is at the path, above or below it. */
export async function requireFree(
  write: VaultWrite,
  namespace: string,
  path: string,
  except?: string,
): Promise<void> {
  const rows = await write
    .selectFrom('vault_mounts')
    .select(['id', 'path'])
    .where('namespace', '=', namespace)
    .execute()
  for (const row of rows) {
    if (row.id === except) continue
    if (row.path === path) throw invalid(`path is already in use at ${path}/`)
    if (path.startsWith(`${row.path}/`) || row.path.startsWith(`${path}/`))
      throw invalid(`existing mount at ${row.path}/`)
  }
}

/** Of a path, in parts: more than any real one has, and few enough to look for each. */
const deepest = 24

function isOwn(part: string | undefined): boolean {
  return ownRoots.some((root) => root === part)
}

function joined(one: string, other: string): string {
  return one === '' || other === '' ? `${one}${other}` : `${one}/${other}`
}
