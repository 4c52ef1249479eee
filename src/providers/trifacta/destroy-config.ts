import type { Gone, Outputs } from '../../core/resource.js'
import type { Row } from '../../core/state.js'
import { textOf } from '../inputs.js'
import { meaningOf } from '../meaning.js'
import type { TrifactaApi } from './api.js'
import { unassign } from './assign-config.js'
import { generationOf } from './generation.js'
import { cleanUpRoles, rolesChange, rolesOf, rolesThatWeSet } from './own-roles.js'

/**
 * Destroys a configuration as far as the service lets us. Where it cannot be deleted, it is taken away from its person and
 * loses its roles, so that it gives nobody access; what stays is reported once. Steps that an earlier run did are skipped.
 */
export async function destroyConfig(api: TrifactaApi, prior: Row, current: Outputs): Promise<Gone> {
  const { id } = current
  const deleted = await deleteConfig(api, id)
  const personId = textOf(current.person_id)
  const detached = deleted || personId === null || (await unassign(api, personId, id))
  const arns = [...rolesThatWeSet(prior), textOf(current.role)].filter((role) => role !== null)
  const own = (await generationOf(api)) === 'A' ? [] : await rolesOf(api, id)
  rolesChange(api, id)
  const left = await cleanUpRoles(api, own, arns)
  const stays = [...(deleted ? [] : [`awsConfig ${id}`]), ...left.map((role) => `awsRole ${role.id}`)]
  if (stays.length === 0) return {}
  const workspaceId = textOf(current.workspace_id)
  const owner = !detached
    ? `is still that of person ${personId}`
    : workspaceId === null
      ? 'belongs to nobody now'
      : `may still be that of workspace ${workspaceId}`
  const keys = deleted || current.credential_id === null ? '' : ', with the key and secret that it keeps'
  const whose = deleted ? '' : ` (it ${owner}${keys})`
  const calls = `this release has no call that deletes ${deleted ? 'awsRoles' : 'it'}`
  return { left: `${stays.join(' and ')} had to stay at the service${whose}: ${calls}.` }
}

/** False: this release has no call for it. */
async function deleteConfig(api: TrifactaApi, id: string): Promise<boolean> {
  try {
    const doing = `deleting awsConfig ${id}`
    await api.send({ method: 'DELETE', path: ['awsConfigs', id], doing, accept: [200, 204] })
    return true
  } catch (error) {
    const meaning = meaningOf(error)
    if (meaning === undefined) throw error
    return meaning === 'absent'
  }
}
