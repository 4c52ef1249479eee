import { type Inputs, type Outputs, type ResourceType, ServiceError } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { objectIn } from '../../http/reading.js'
import { textOf } from '../inputs.js'
import { stillThere } from '../meanwhile.js'
import { loadSchemas } from '../schemas.js'
import { ownWorkspace, type TrifactaApi } from './api.js'
import { everyConfig, ownersOf, wireConfig } from './find-config.js'
import { generationOf } from './generation.js'
import { roles } from './lists.js'
import { oneRole } from './one-of-list.js'
import { deleteRole, rolesChange } from './own-roles.js'
import { roleIn, type WireRole } from './wire.js'

/** A further role of a configuration, beside the active one. */
export const awsRole: ResourceType<TrifactaApi> = {
  schema: loadSchemas('trifacta').resources.get('trifacta_aws_role') as Schema,

  async *list(api) {
    if ((await generationOf(api)) === 'A') return
    const active = await activeIds(api)
    for (const role of await roles(api)) if (role.createdFrom === 'api') yield outputsOf(role, active)
  },

  async read(api, id) {
    await requireRoles(api, `reading awsRole ${id}`)
    const role = await oneRole(api, id)
    return role === undefined ? undefined : outputsOf(role, await activeOf(api, role))
  },

  async find(api, inputs) {
    await requireRoles(api, `looking for ${wordsOf(inputs)}`)
    const found = await findRole(api, inputs)
    return found === undefined ? undefined : outputsOf(found, await activeOf(api, found))
  },

  async create(api, inputs) {
    const doing = `creating ${wordsOf(inputs)}`
    await requireRoles(api, doing)
    const there = await findRole(api, inputs)
    if (there !== undefined)
      throw new ServiceError(doing, {
        words: `there is one already (awsRole ${there.id})`,
        help: 'It was not there when the plan was made: plan again, and see what taking it over means.',
      })
    const before = await configOf(api, inputs, doing)
    const body = { role: textOf(inputs.role), ...(await ownerOf(api, before.id)) }
    rolesChange(api, before.id)
    const answer = await api.send({ method: 'POST', path: ['awsRoles'], body, doing, accept: [200, 201] })
    const made = roleIn(objectIn(answer.body, answer.reading), answer.reading)
    if (made.configId !== null && made.configId !== before.id)
      throw new ServiceError(doing, {
        words: `the service made it for awsConfig ${made.configId}`,
        help: `The owner of awsConfig ${before.id} changed meanwhile: remove awsRole ${made.id} and plan again.`,
      })
    // Which role is active is the configuration's to say. The vendor leaves open whether a new one takes over.
    const after = await configOf(api, inputs, doing)
    if (after.activeRoleId !== before.activeRoleId && textOf(before.activeRoleId) !== null)
      await api.send({
        method: 'PUT',
        path: ['awsConfigs', before.id],
        body: { activeRoleId: Number(before.activeRoleId) },
        doing: `keeping the active role of awsConfig ${before.id}`,
        accept: [200, 204],
      })
    return outputsOf({ ...made, configId: before.id }, new Set([before.activeRoleId ?? '']))
  },

  async update(api, inputs, current) {
    const doing = `updating awsRole ${current.id}`
    refuseForeign(textOf(current.created_from), current.id, doing)
    const role = textOf(inputs.role)
    rolesChange(api, textOf(current.aws_config_id) ?? '')
    if (role !== current.role)
      await api.send({
        method: 'PUT',
        path: ['awsRoles', current.id],
        body: { role },
        doing,
        accept: [200, 204],
      })
    return stillThere(await awsRole.read(api, current.id), doing)
  },

  async delete(api, _, current) {
    refuseForeign(textOf(current.created_from), current.id, `deleting awsRole ${current.id}`)
    rolesChange(api, textOf(current.aws_config_id) ?? '')
    if (await deleteRole(api, current.id)) return {}
    return {
      left: `awsRole ${current.id} had to stay at the service: this release has no call that deletes it.`,
    }
  },

  consequences({ before, after }) {
    if (before?.active !== true || after !== undefined) return []
    const text = `${before.role} is the active role of awsConfig ${before.aws_config_id}, which is left without one.`
    return [{ kind: 'loses-access', text }]
  },

  async importId(api, text) {
    const [, config, role] = /^([1-9][0-9]*)\/(arn:.+)$/.exec(text) ?? []
    if (config === undefined || role === undefined) return awsRole.read(api, text)
    return awsRole.find(api, { aws_config_id: config, role })
  },
}

function outputsOf(role: WireRole, active: ReadonlySet<string>): Outputs {
  return {
    id: role.id,
    aws_config_id: role.configId,
    role: role.role,
    created_from: role.createdFrom,
    active: active.has(role.id),
    created_at: role.createdAt,
    updated_at: role.updatedAt,
  }
}

/** The ids of the awsRoles that are active for their configuration. */
export async function activeIds(api: TrifactaApi): Promise<ReadonlySet<string>> {
  return new Set((await everyConfig(api)).map((config) => config.activeRoleId ?? ''))
}

/** The same for the configuration of one role. */
async function activeOf(api: TrifactaApi, { configId }: WireRole): Promise<ReadonlySet<string>> {
  const config = configId === null ? undefined : await wireConfig(api, configId)
  return new Set([config?.activeRoleId ?? ''])
}

export async function requireRoles(api: TrifactaApi, doing: string): Promise<void> {
  if ((await generationOf(api)) === 'C') return
  throw new ServiceError(doing, {
    words: 'release 6.0 has no awsRoles',
    help: 'Declare the role in the trifacta_aws_config itself.',
  })
}

async function findRole(api: TrifactaApi, inputs: Inputs): Promise<WireRole | undefined> {
  const same = (await roles(api)).filter(
    (role) => role.configId === inputs.aws_config_id && role.role === inputs.role,
  )
  const found = same.find((role) => role.createdFrom === 'api')
  if (found === undefined && same[0] !== undefined)
    refuseForeign(same[0].createdFrom, same[0].id, `looking for ${wordsOf(inputs)}`)
  return found
}

function refuseForeign(createdFrom: string | null, id: string, doing: string): void {
  if (createdFrom === 'api') return
  throw new ServiceError(doing, {
    words: `awsRole ${id} was delivered by the identity provider at single sign-on, and is never changed or deleted here`,
    help: 'Remove the resource from the configuration; change the role at the identity provider.',
  })
}

async function configOf(api: TrifactaApi, inputs: Inputs, doing: string) {
  const config = await wireConfig(api, textOf(inputs.aws_config_id) ?? '')
  if (config !== undefined) return config
  throw new ServiceError(doing, {
    words: `there is no awsConfig ${textOf(inputs.aws_config_id)}`,
    help: 'It may have been deleted meanwhile: plan again.',
  })
}

/** The service finds the configuration of a new role through its owner. */
async function ownerOf(api: TrifactaApi, configId: string) {
  const person = (await ownersOf(api)).get(configId)
  return person === undefined ? { workspaceId: Number(ownWorkspace(api)) } : { personId: Number(person.id) }
}

function wordsOf(inputs: Inputs): string {
  return `the awsRole ${textOf(inputs.role)} of awsConfig ${textOf(inputs.aws_config_id)}`
}
