import type { Inputs, Outputs, ResourceType } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { someoneWasFaster, stillThere } from '../meanwhile.js'
import { loadSchemas } from '../schemas.js'
import { readObject, type VaultApi, write } from './api.js'
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
      throw someoneWasFaster(`writing ${mount}/config/lease`, 'set it meanwhile')
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

async function put(api: VaultApi, inputs: Inputs): Promise<Outputs> {
  const mount = mountOf(inputs)
  const doing = `writing ${mount}/config/lease`
  const body = { lease: `${secondsOf(inputs.lease)}s`, lease_max: `${secondsOf(inputs.lease_max)}s` }
  await write(api, pathOf(mount, 'config', 'lease'), body, doing)
  return stillThere(await leaseOf(api, mount), doing, 'its mount')
}

function isSame(inputs: Inputs, out: Outputs): boolean {
  return ['lease', 'lease_max'].every((name) => secondsOf(inputs[name]) === secondsOf(out[name]))
}
