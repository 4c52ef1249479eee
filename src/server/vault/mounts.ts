import { absent, invalid, noHandler, quoted } from './api-error.js'
import { type Mount, mountOf, presentMount, presentTuning, readNewSettings, tuned } from './mount-settings.js'
import { done, type Reply } from './reply.js'
import { withoutSlashes } from './request.js'
import type { Call } from './route.js'
import { randomId, type VaultService } from './service.js'
import type { VaultDatabase, VaultWrite } from './tables.js'

/** What stands in every namespace and is no mount of anybody's. */
export const ownRoots = ['sys', 'auth', 'audit', 'cubbyhole', 'identity'] as const

/** What lists all mounts: those that every server has, then the engine's. */
export async function listMounts({ service, namespace }: Call): Promise<Reply> {
  const rows = await service.tables
    .selectFrom('vault_mounts')
    .selectAll()
    .where('namespace', '=', namespace)
    .execute()
  const mounts = rows.map(mountOf).sort((a, b) => (a.path < b.path ? -1 : 1))
  const builtIn = ['cubbyhole', 'identity', 'sys'].map((type) => {
    const short = { cubbyhole: 'cubbyhole', identity: 'identity', sys: 'system' }[type] ?? type
    return [`${type}/`, builtInMount(short, service.planeId)] as const
  })
  const data = Object.fromEntries([
    ...builtIn,
    ...mounts.map((mount) => [`${mount.path}/`, presentMount(mount, service.generation)] as const),
  ])
  return { data, flat: true }
}

export async function readMount(call: Call, path: string): Promise<Reply> {
  const mount = await mountAt(call.service.tables, call.namespace, withoutSlashes(path))
  if (mount === undefined) throw invalid(`No secret engine mount at ${withoutSlashes(path)}/`)
  return { data: presentMount(mount, call.service.generation), flat: true }
}

export async function enableMount(call: Call, at: string): Promise<Reply> {
  const { service, fields, namespace } = call
  const path = withoutSlashes(at)
  const type = fields.text('type') ?? ''
  if (type === '') throw invalid('backend type must be specified as a string')
  if (type !== 'aws') throw invalid(`plugin not found in the catalog: ${type}`)
  const settings = readNewSettings(fields)
  checkMountPath(path)
  await service.tables.transaction().execute(async (write) => {
    await requireFree(write, namespace, path)
    const id = randomId(service)
    const accessor = `aws_${Buffer.from(service.random(4)).toString('hex')}`
    await write
      .insertInto('vault_mounts')
      .values({
        id,
        namespace,
        path,
        accessor,
        settings: JSON.stringify(settings),
        lease: null,
        lease_max: null,
      })
      .execute()
  })
  return done
}

export async function readTuning(call: Call, at: string): Promise<Reply> {
  const path = withoutSlashes(at)
  const mount = await mountAt(call.service.tables, call.namespace, path)
  if (mount === undefined) throw invalid(`cannot fetch sysview for path ${quoted(`${path}/`)}`)
  return { data: presentTuning(mount), flat: true }
}

export async function tuneMount(call: Call, at: string): Promise<Reply> {
  const path = withoutSlashes(at)
  await call.service.tables.transaction().execute(async (write) => {
    const mount = await mountAt(write, call.namespace, path)
    if (mount === undefined) throw invalid(`tune of path ${quoted(`${path}/`)} failed: no mount entry found`)
    const settings = JSON.stringify(tuned(mount.settings, call.fields))
    await write.updateTable('vault_mounts').set({ settings }).where('id', '=', mount.id).execute()
  })
  return done
}

/** What clients ask before they read or write below a path. */
export async function describePath(call: Call, at: string): Promise<Reply> {
  const place = await locate(call.service.tables, call.namespace, withoutSlashes(at))
  if (place.mount === undefined) throw noHandler(withoutSlashes(at))
  return {
    data: { ...presentMount(place.mount, call.service.generation), path: `${place.mount.path}/` },
  }
}

/** All that a client may see of the mounts, as the vendor's own page asks for it. */
export async function describeMounts(call: Call): Promise<Reply> {
  const { data = {} } = await listMounts(call)
  const auth = { 'token/': { type: 'token', description: 'token based credentials', options: null } }
  return { data: { secret: data, auth } }
}

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

function builtInMount(type: string, planeId: string) {
  return {
    accessor: `${type}_${planeId.slice(0, 8)}`,
    config: { default_lease_ttl: 0, max_lease_ttl: 0, force_no_cache: false },
    description:
      { cubbyhole: 'per-token private secret storage', identity: 'identity store' }[type] ??
      `${type} endpoints used for control, policy and debugging`,
    local: type === 'cubbyhole',
    options: null,
    seal_wrap: false,
    type,
  }
}
