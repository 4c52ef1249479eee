import type { DataType, Plain } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { flagOf, textOf } from '../inputs.js'
import { loadSchemas } from '../schemas.js'
import type { TrifactaApi } from './api.js'
import { requireRoles } from './aws-role.js'
import { everyConfig } from './find-config.js'
import { roles } from './lists.js'

/** The awsRoles of the service, or those that match. */
export const awsRolesData: DataType<TrifactaApi> = {
  schema: loadSchemas('trifacta').data.get('trifacta_aws_roles') as Schema,

  async read(api, inputs) {
    await requireRoles(api, 'listing awsRoles')
    const configId = textOf(inputs.aws_config_id)
    const createdFrom = textOf(inputs.created_from)
    const active = flagOf(inputs.active)
    const orphan = flagOf(inputs.orphan)
    const all = await everyConfig(api)
    const existing = new Set(all.map((config) => config.id))
    const activeIds = new Set(all.map((config) => config.activeRoleId))
    const found = (await roles(api))
      .map((role) => ({
        ...role,
        active: activeIds.has(role.id),
        orphan: role.configId === null || !existing.has(role.configId),
      }))
      .filter((role) => configId === null || role.configId === configId)
      .filter((role) => createdFrom === null || role.createdFrom === createdFrom)
      .filter((role) => active === null || role.active === active)
      .filter((role) => orphan === null || role.orphan === orphan)
      .sort((a, b) => Number(a.id) - Number(b.id))
    const entries = found.map(
      (role): ReadonlyMap<string, Plain> =>
        new Map<string, Plain>([
          ['id', role.id],
          ['role', role.role],
          ['aws_config_id', role.configId],
          ['created_from', role.createdFrom],
          ['active', role.active],
          ['orphan', role.orphan],
          ['created_at', role.createdAt],
        ]),
    )
    return { aws_config_id: configId, created_from: createdFrom, active, orphan, roles: entries }
  },
}
