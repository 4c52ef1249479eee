import { invalid, noHandler, quoted } from './api-error.js'
import { checkMountPath, locate, mountAt, requireFree } from './mount-place.js'
import { mountOf, presentMount, presentTuning, readNewSettings, tuned } from './mount-settings.js'
import { done, type Reply } from './reply.js'
import { withoutSlashes } from './request.js'
import type { Call } from './route.js'
import { randomId } from './service.js'

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
