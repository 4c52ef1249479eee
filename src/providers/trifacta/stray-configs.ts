import type { Outputs } from '../../core/resource.js'
import type { TrifactaApi } from './api.js'
import { outputsOf, ownersOf } from './find-config.js'
import { configById } from './generation.js'
import { configs } from './lists.js'
import { unlessNoRoute } from './refusal.js'
import type { WireConfig } from './wire.js'

/** How many numbers on each side of the highest known one are looked at. */
const reach = 20

/**
 * Configurations that belong to nobody, in release 6.0. It has no list of them: they are looked for by their numbers, which
 * are given in order, around the highest that anyone has; what an interrupted run left is among the latest.
 */
export async function strayConfigs(api: TrifactaApi): Promise<readonly Outputs[]> {
  const owners = await ownersOf(api)
  const listed = await unlessNoRoute(configs(api))
  const found = listed === 'no-route' ? await probe(api, owners) : listed
  return found
    .filter((config) => !owners.has(config.id))
    .map((config) => outputsOf(config, { person_id: null, workspace_id: null }, config.role ?? null))
}

async function probe(api: TrifactaApi, owners: ReadonlyMap<string, unknown>): Promise<readonly WireConfig[]> {
  const highest = Math.max(0, ...[...owners.keys()].map(Number))
  const numbers: string[] = []
  for (let id = Math.max(1, highest - reach); id <= highest + reach; id++)
    if (!owners.has(String(id))) numbers.push(String(id))
  const found = await Promise.all(numbers.map((id) => configById(api, id)))
  return found.filter((config) => config !== undefined)
}
