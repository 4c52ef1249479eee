import { type Outputs, type ResourceType, ServiceError } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { loadSchemas } from '../schemas.js'
import { readObject, textOf, type VaultApi, write } from './api.js'
import { mountOf, mountOfConfig, pathOf } from './place.js'
import { durationIn, secondsOf } from './wire.js'

/** The lifetimes of a mount's IAM users: one for each mount, without a delete of its own. */
export const lease: ResourceType<VaultApi> = {
  schema: loadSchemas('vault').resources.get('vault_aws_lease') as Schema,

  async read(api, id) {
    const mount = mountOfConfig(id, 'lease')
    return mount === undefined ? undefined : leaseOf(api, mount)
  },

  find: (api, inputs) => leaseOf(api, mountOf(inputs)),

  async create(api, inputs) {
    const mount = mountOf(inputs)
    const left = await leaseOf(api, mount)
    if (left !== undefined && !isSame(inputs, left))
      throw new ServiceError(`writing ${mount}/config/lease`, {
        words: 'someone has set it meanwhile',
        help: 'Plan again: it shows what taking it over means.',
      })
    return put(api, inputs)
  },

  async update(api, inputs) {
    // With its mount it may have come along to where it is declared.
    const there = await leaseOf(api, mountOf(inputs))
    return there !== undefined && isSame(inputs, there) ? there : put(api, inputs)
  },

  async delete(_, __, current) {
    return {
      left: `${current.id} had to stay: the server has no call that removes it. It goes with the mount.`,
    }
  },
}

async function leaseOf(api: VaultApi, mount: string): Promise<Outputs | undefined> {
  const data = await readObject(api, pathOf(mount, 'config', 'lease'), `reading ${mount}/config/lease`)
  if (data === undefined) return undefined
  return {
    id: `${mount}/config/lease`,
    mount,
    lease: durationIn(data.lease),
    lease_max: durationIn(data.lease_max),
  }
}

async function put(
  api: VaultApi,
  inputs: Readonly<Outputs | Parameters<typeof mountOf>[0]>,
): Promise<Outputs> {
  const mount = mountOf(inputs)
  const doing = `writing ${mount}/config/lease`
  const body = { lease: `${secondsOf(inputs.lease)}s`, lease_max: `${secondsOf(inputs.lease_max)}s` }
  await write(api, pathOf(mount, 'config', 'lease'), body, doing)
  const found = await leaseOf(api, mount)
  if (found !== undefined) return found
  throw new ServiceError(doing, {
    words: 'it is gone',
    help: 'Someone removed its mount meanwhile: plan again.',
  })
}

function isSame(inputs: Readonly<Record<string, unknown>>, out: Outputs): boolean {
  return ['lease', 'lease_max'].every(
    (name) => secondsOf(textOf(inputs[name] as never)) === secondsOf(out[name]),
  )
}
