import type { Consequence, Inputs, Outputs, ResourceType } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { loadSchemas } from '../schemas.js'
import { type TrifactaApi, textOf } from './api.js'
import { createConfig } from './create-config.js'
import { destroyConfig } from './destroy-config.js'
import { configOfPerson, findConfig, listConfigs, readConfig } from './find-config.js'
import { personByEmail } from './find-person.js'
import { updateConfig } from './update-config.js'

/** How a person or workspace reaches AWS. Found by its owner: it has no name of its own. */
export const awsConfig: ResourceType<TrifactaApi> = {
  schema: loadSchemas('trifacta').resources.get('trifacta_aws_config') as Schema,
  list: listConfigs,
  read: readConfig,
  find: findConfig,
  create: createConfig,
  update: updateConfig,
  delete: destroyConfig,

  owns(current) {
    const id = textOf(current.active_role_id)
    return id === null ? [] : [{ type: 'trifacta_aws_role', id }]
  },

  consequences: ({ before, after }) => consequences(before, after),

  async importId(api, text) {
    if (!text.includes('@')) return readConfig(api, text)
    const owner = await personByEmail(api, text)
    return owner === undefined ? undefined : configOfPerson(api, owner.id)
  },
}

function consequences(before: Outputs | undefined, after: Inputs | undefined): readonly Consequence[] {
  const former = textOf(before?.person_id)
  const found: Consequence[] = []
  if (before !== undefined && former !== null && textOf(after?.person_id) !== former)
    found.push({
      kind: 'loses-access',
      text: `Person ${former} is left without AWS access until there is another configuration for that account.`,
    })
  if (
    before !== undefined &&
    former === null &&
    before.workspace_id !== null &&
    textOf(after?.workspace_id) === null
  )
    found.push({
      kind: 'loses-access',
      text: `Workspace ${before.workspace_id} is left without AWS access of its own.`,
    })
  if (before?.credential_provider === 'default' && after?.credential_provider === 'temporary')
    found.push({
      kind: 'note',
      text: 'The service may keep the former key and secret, unused: deactivate the key in AWS.',
    })
  return found
}
