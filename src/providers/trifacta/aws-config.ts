import type { Inputs, Outputs, PossibleConsequence, ResourceType } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import type { Row } from '../../core/state.js'
import { textOf } from '../inputs.js'
import { loadSchemas } from '../schemas.js'
import { accessChanges } from './access-changes.js'
import { accessesOf } from './accesses.js'
import type { TrifactaApi } from './api.js'
import { createConfig } from './create-config.js'
import { destroyConfig } from './destroy-config.js'
import { configOfPerson, findConfig, listConfigs, ownerName, readConfig } from './find-config.js'
import { personByEmail } from './find-person.js'
import { straysOf } from './stray-configs.js'
import { updateConfig } from './update-config.js'

/** How a person or workspace reaches AWS. Found by its owner: it has no name of its own. */
export const awsConfig: ResourceType<TrifactaApi> = {
  schema: loadSchemas('trifacta').resources.get('trifacta_aws_config') as Schema,
  list: listConfigs,
  read: readConfig,
  find: findConfig,
  create: createConfig,
  strays: straysOf,
  update: updateConfig,
  delete: destroyConfig,

  owns(current) {
    const id = textOf(current.active_role_id)
    return id === null ? [] : [{ type: 'trifacta_aws_role', id }]
  },

  consequences: ({ before, after, prior, changed }) =>
    consequences(before, after, prior, changed ?? new Set()),

  access: async (_, attributes) => accessesOf(attributes),

  async importId(api, text) {
    if (!text.includes('@')) return readConfig(api, text)
    const owner = await personByEmail(api, text)
    return owner === undefined ? undefined : configOfPerson(api, owner.id)
  },
}

function consequences(
  before: Outputs | undefined,
  after: Inputs | undefined,
  prior: Row | undefined,
  changed: ReadonlySet<string>,
): readonly PossibleConsequence[] {
  if (before === undefined) return []
  const keysStay = before.credential_provider === 'default' && after?.credential_provider === 'temporary'
  const text = 'The service may keep the former key and secret, unused: deactivate the key in AWS.'
  return [
    ...lossesOf(before, after, prior),
    ...(after === undefined ? [] : accessChanges(before, after, changed)),
    ...(keysStay ? [{ kind: 'note' as const, text }] : []),
  ]
}

/** Who is left without AWS access. `after` absent: it is destroyed. */
function lossesOf(
  before: Outputs,
  after: Inputs | undefined,
  prior: Row | undefined,
): readonly PossibleConsequence[] {
  const person = textOf(before.person_id)
  // What belongs to nobody is only taken to be the workspace's, unless we made it so.
  const workspace = prior === undefined ? null : textOf(prior.inputs.workspace_id)
  const nextPerson = textOf(after?.person_id)
  const nextWorkspace = textOf(after?.workspace_id)
  if (nextPerson === person && nextWorkspace === workspace) return []
  // Inputs that wait for apply are null, and an owner there must be.
  if (after !== undefined && nextPerson === null && nextWorkspace === null) {
    const text = 'Its owner is known only after apply: whoever has it now may be left without AWS access.'
    return [{ kind: 'note', text }]
  }
  const who = person === null ? workspace && `Workspace ${workspace}` : ownerName(before, person)
  if (who === null) return []
  const text = `${who} is left without AWS access until another configuration is made.`
  const unlessDeclared =
    person === null
      ? { attribute: 'workspace_id', value: String(workspace) }
      : { attribute: 'person_id', value: person }
  return [{ kind: 'loses-access', text, unlessDeclared }]
}
