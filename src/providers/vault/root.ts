import { type Inputs, type Outputs, type ResourceType, ServiceError } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { someoneWasFaster, stillThere } from '../meanwhile.js'
import { loadSchemas } from '../schemas.js'
import { readObject, textOf, type VaultApi, write } from './api.js'
import { mountOf, mountOfConfig, pathOf } from './place.js'
import { isNotOffered, requireHeeded } from './refusal.js'
import {
  changesRotation,
  customTemplate,
  differingFields,
  isTold,
  outputsOf,
  readableFields,
  unheededFields,
  untoldOutputs,
  wholeBody,
} from './root-content.js'
import { keyConsequences, keyIsSettled, keyObjection } from './root-key.js'
import { withoutNothing } from './wire.js'

/** With which AWS credentials an engine works: one for each mount, without a delete of its own. */
export const root: ResourceType<VaultApi> = {
  schema: loadSchemas('vault').resources.get('vault_aws_root') as Schema,

  async read(api, id) {
    const mount = mountOfConfig(id, 'root')
    return mount === undefined ? undefined : rootOf(api, mount)
  },

  access: async () => [
    { missing: 'its key is with Vault, which never shows it: "rolecall creds" of one of its roles tries it' },
  ],

  find: (api, inputs) => rootOf(api, mountOf(inputs)),

  async create(api, inputs) {
    const mount = mountOf(inputs)
    const left = await rootOf(api, mount)
    const key = left === undefined ? null : textOf(left.current_access_key)
    // The same key is what an interrupted run of this verb has sent.
    if (key !== null && key !== textOf(inputs.access_key))
      throw someoneWasFaster(`writing ${mount}/config/root`, `given it the access key ${key} meanwhile`)
    return put(api, inputs, left)
  },

  async update(api, inputs, current, prior, applied = new Set(), asBefore = new Set()) {
    const mount = mountOf(inputs)
    const now = await rootOf(api, mount)
    const key = textOf(now?.current_access_key)
    if (now !== undefined && key !== textOf(current.current_access_key))
      throw new ServiceError(`writing ${mount}/config/root`, {
        words: `its access key has become ${key ?? 'none'} since the plan was made`,
        help: 'Plan again: where the engine has rotated its key, the declared secret must not be sent.',
      })
    // It came along with its mount, say: what is there already is not sent, least of all a key that was rotated since.
    if (
      now !== undefined &&
      isTold(now) &&
      differingFields(inputs, now).length === 0 &&
      keyIsSettled(key, inputs, prior, applied, asBefore)
    )
      return now
    // Declared, and withheld: on_adopt says to trust what is there.
    if (key !== null && textOf(inputs.access_key) === null && applied.has('access_key'))
      throw new ServiceError(`writing ${mount}/config/root`, {
        words: 'it is sent only as a whole, and on_adopt = "trust" keeps the key from being sent',
        help: 'Set on_adopt = "send" if the declared key is the one that is in use.',
      })
    // A server that merges would take one way of rotating for an addition to the other.
    if (now !== undefined && changesRotation(inputs, now)) {
      const without = { ...inputs, rotation_period: null, rotation_schedule: null, rotation_window: null }
      return put(api, inputs, await put(api, without, now))
    }
    return put(api, inputs, now)
  },

  async delete(_, __, current) {
    return {
      left: `${current.id} had to stay, with its key: the server has no call that removes it. It goes with the mount.`,
    }
  },

  normalize(inputs) {
    const some = withoutNothing(inputs, ['rotation_period', 'rotation_window'])
    const template = textOf(some.username_template)
    return template === customTemplate(template) ? some : { ...some, username_template: null }
  },

  refuses({ before, after, prior, changed, asBefore }) {
    // Where its mount is moved, it comes along, and nothing needs to be sent.
    const sent = new Set([...changed].filter((name) => name !== 'mount'))
    return sent.size === 0 ? [] : keyObjection(before, after, prior, sent, asBefore)
  },

  consequences: ({ before, after, changed = new Set() }) => keyConsequences(before, after, changed),

  untold: (current) => (isTold(current) ? [] : readableFields),
}

/** A server of about 1.0 has a root configuration that only it can see. */
async function rootOf(api: VaultApi, mount: string): Promise<Outputs | undefined> {
  try {
    const data = await readObject(api, pathOf(mount, 'config', 'root'), `reading ${mount}/config/root`)
    return data === undefined ? undefined : outputsOf(mount, data)
  } catch (error) {
    if (isNotOffered(error)) return untoldOutputs(mount)
    throw error
  }
}

async function put(api: VaultApi, inputs: Inputs, current: Outputs | undefined): Promise<Outputs> {
  const mount = mountOf(inputs)
  const doing = `writing ${mount}/config/root`
  await write(api, pathOf(mount, 'config', 'root'), wholeBody(inputs, current), doing)
  const found = stillThere(await rootOf(api, mount), doing, 'its mount')
  if (isTold(found)) requireHeeded(unheededFields(inputs, found), doing)
  return found
}
