import {
  type Inputs,
  type Objection,
  type Outputs,
  type ResourceType,
  ServiceError,
} from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import type { Row } from '../../core/state.js'
import { loadSchemas } from '../schemas.js'
import { readObject, textOf, type VaultApi, write } from './api.js'
import { mountOf, mountOfConfig, pathOf } from './place.js'
import { isNotOffered } from './refusal.js'
import { changesRotation, outputsOf, readableFields, untoldOutputs, wholeBody } from './root-content.js'
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
      throw new ServiceError(`writing ${mount}/config/root`, {
        words: `someone has given it the access key ${key} meanwhile`,
        help: 'Plan again: it shows what taking it over means.',
      })
    return put(api, inputs, left)
  },

  async update(api, inputs, current, _, applied) {
    const mount = mountOf(inputs)
    const now = await rootOf(api, mount)
    const key = textOf(now?.current_access_key)
    if (now !== undefined && key !== textOf(current.current_access_key))
      throw new ServiceError(`writing ${mount}/config/root`, {
        words: `its access key has become ${key ?? 'none'} since the plan was made`,
        help: 'Plan again: where the engine has rotated its key, the declared secret must not be sent.',
      })
    // Declared, and withheld: on_adopt says to trust what is there.
    if (key !== null && textOf(inputs.access_key) === null && applied?.has('access_key') === true)
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

  normalize: (inputs) => withoutNothing(inputs, ['rotation_period', 'rotation_window']),

  refuses: ({ before, after, prior, changed }) =>
    changed.size === 0 ? [] : keyObjection(before, after, prior, changed),

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

function isTold(out: Outputs): boolean {
  return out.max_retries !== undefined && out.max_retries !== null
}

async function put(api: VaultApi, inputs: Inputs, current: Outputs | undefined): Promise<Outputs> {
  const mount = mountOf(inputs)
  const doing = `writing ${mount}/config/root`
  await write(api, pathOf(mount, 'config', 'root'), wholeBody(inputs, current), doing)
  const found = await rootOf(api, mount)
  if (found !== undefined) return found
  throw new ServiceError(doing, {
    words: 'it is gone',
    help: 'Someone removed its mount meanwhile: plan again.',
  })
}

/**
 * The configuration is sent whole, with the secret of the key. What that would do to a key whose secret nobody has declared, or
 * which the engine has rotated, cannot be taken back.
 */
function keyObjection(
  before: Outputs,
  after: Inputs,
  prior: Row | undefined,
  changed: ReadonlySet<string>,
): readonly Objection[] {
  const sends = changed.has('access_key') || changed.has('secret_key')
  const there = textOf(before.current_access_key)
  const declared = textOf(after.access_key)
  const wasSent = prior?.inputs.secret_key !== undefined
  if (wasSent) {
    if (sends || there === null || there === declared) return []
    return [
      {
        text: `${before.id} is sent only as a whole, and the engine works with the access key ${there}, not with the declared one: most likely it has rotated its key, whose secret nobody else has. Sending the declared one would break the mount.`,
        help: 'Declare a new access_key and secret_key together with the change, or leave the configuration as it is.',
        ...pointAt(changed),
      },
    ]
  }
  // What waits for apply is null until then, and is looked at again.
  if (declared === null && changed.has('access_key')) return []
  if (declared === null) return there === null ? [] : [unknownSecret(before, there, changed)]
  if (after.on_adopt === 'trust') return sends ? [] : [trustedSecret(before, changed)]
  if (after.on_adopt === 'send' || (there === declared && isTold(before))) return []
  if (there === null && isTold(before)) return []
  return [
    {
      text:
        there === null
          ? `${before.id} may have another key than the declared one, even one that the engine has rotated: this release of the server does not tell.`
          : `${before.id} works with the access key ${there}, not with the declared one: the engine may have rotated its key, whose secret nobody else has.`,
      help: 'Add on_adopt = "trust" to leave the key that is there, or on_adopt = "send" to put the declared one in its place.',
      attribute: 'access_key',
    },
  ]
}

function unknownSecret(before: Outputs, there: string, changed: ReadonlySet<string>): Objection {
  return {
    text: `${before.id} is sent only as a whole, and the secret of its access key ${there} is not declared: without that, the engine would lose its key.`,
    help: 'Declare access_key and secret_key, or declare the other attributes as they are.',
    ...pointAt(changed),
  }
}

function trustedSecret(before: Outputs, changed: ReadonlySet<string>): Objection {
  return {
    text: `${before.id} is sent only as a whole, with the key, and on_adopt = "trust" leaves the key that is there.`,
    help: `Declare ${[...changed].join(', ')} as it is there, or set on_adopt = "send" to send the declared key with the change.`,
    ...pointAt(changed),
  }
}

function pointAt(changed: ReadonlySet<string>): { readonly attribute?: string } {
  const [attribute] = changed
  return attribute === undefined ? {} : { attribute }
}
