import type { Row } from '../../core/state.js'
import { meaningOf } from '../meaning.js'
import type { TrifactaApi } from './api.js'
import { roles } from './lists.js'
import type { WireRole } from './wire.js'

/**
 * The awsRole objects of an awsConfig. Operations read the list once, and again for a configuration whose roles they have
 * written since or which has none there: what they go by is at least as new as the plan.
 */
export async function rolesOf(api: TrifactaApi, configId: string): Promise<readonly WireRole[]> {
  if (api.lists.keep === 'fresh') {
    const found = byConfig(await rolesBefore(api)).get(configId)
    if (found !== undefined && !api.shared.rolesBefore.written.has(configId)) return found
  }
  return byConfig(await roles(api)).get(configId) ?? []
}

function rolesBefore(api: TrifactaApi): Promise<readonly WireRole[]> {
  const before = api.shared.rolesBefore
  if (before.list === undefined) {
    const list = roles(api)
    before.list = list
    list.catch(() => {
      delete before.list
    })
  }
  return before.list
}

/** To be said before a request that makes, changes or removes roles of an awsConfig. */
export function rolesChange(api: TrifactaApi, configId: string): void {
  api.shared.rolesBefore.written.add(configId)
}

const indexes = new WeakMap<readonly WireRole[], ReadonlyMap<string | null, readonly WireRole[]>>()

function byConfig(list: readonly WireRole[]): ReadonlyMap<string | null, readonly WireRole[]> {
  const known = indexes.get(list)
  if (known !== undefined) return known
  const index = new Map<string | null, WireRole[]>()
  for (const role of list) {
    const same = index.get(role.configId)
    if (same === undefined) index.set(role.configId, [role])
    else same.push(role)
  }
  indexes.set(list, index)
  return index
}

/** The ARNs that we gave a configuration: when it was last applied, and by updates that were interrupted since. */
export function rolesThatWeSet(prior: Row | undefined): readonly string[] {
  const all = [prior?.inputs, ...(prior?.attempted ?? [])].map((inputs) => inputs?.role)
  return [...new Set(all.filter((role) => typeof role === 'string'))]
}

/**
 * Deletes those of the awsRoles that are ours: made through the API, not by the identity provider, with an ARN that we set.
 * Returns those that had to stay because this release has no call for it.
 */
export async function cleanUpRoles(
  api: TrifactaApi,
  candidates: readonly WireRole[],
  arns: readonly string[],
): Promise<readonly WireRole[]> {
  const left: WireRole[] = []
  for (const role of candidates) {
    if (role.createdFrom !== 'api' || role.role === null || !arns.includes(role.role)) continue
    if (!(await deleteRole(api, role.id))) left.push(role)
  }
  return left
}

/** False: this release has no call that deletes awsRoles. One that is gone already is fine. */
export async function deleteRole(api: TrifactaApi, id: string): Promise<boolean> {
  try {
    const doing = `deleting awsRole ${id}`
    await api.send({ method: 'DELETE', path: ['awsRoles', id], doing, accept: [200, 204] })
    return true
  } catch (error) {
    const meaning = meaningOf(error)
    if (meaning === undefined) throw error
    return meaning === 'absent'
  }
}
