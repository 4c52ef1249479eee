import type { Inputs, Outputs } from '../../core/resource.js'
import type { TrifactaApi } from './api.js'
import { hasContent, outputsOf, ownersOf } from './find-config.js'
import { configById, generationOf } from './generation.js'
import { configs } from './lists.js'
import { unlessNoRoute } from './refusal.js'
import type { WireConfig } from './wire.js'

/** How many numbers on each side of the highest known one are looked at, and beyond the last that was found. */
const reach = 20
/** So many that belong to nobody are not looked through to the end. */
const mostStrays = 2_000

/**
 * What an interrupted create of release 6.0 may have left: configurations of the same content that belong to nobody, the latest
 * first. Not while another create is between its two requests, when what it makes looks just so. Later releases give a
 * configuration its owner with the request that makes it.
 */
export async function straysOf(api: TrifactaApi, inputs: Inputs): Promise<readonly Outputs[]> {
  if ((await generationOf(api)) !== 'A') return []
  return api.shared.exclusive(async () =>
    (await strayConfigs(api))
      .filter((out) => hasContent(out, inputs))
      .sort((a, b) => Number(b.id) - Number(a.id)),
  )
}

/**
 * Configurations that belong to nobody, in release 6.0. It has no list of them: they are looked for by their numbers, which
 * are given in order, around the highest that anyone has; what an interrupted run left is among the latest.
 */
async function strayConfigs(api: TrifactaApi): Promise<readonly Outputs[]> {
  const owners = await ownersOf(api)
  const listed = await unlessNoRoute(configs(api))
  const found = listed === 'no-route' ? await probe(api, owners) : listed
  return found
    .filter((config) => !owners.has(config.id))
    .map((config) => outputsOf(config, { person_id: null, workspace_id: null }, config.role ?? null))
}

async function probe(api: TrifactaApi, owners: ReadonlyMap<string, unknown>): Promise<readonly WireConfig[]> {
  const found: WireConfig[] = []
  let highest = [...owners.keys()].reduce((most, id) => Math.max(most, Number(id)), 0)
  let next = Math.max(1, highest - reach)
  while (next <= highest + reach && found.length < mostStrays) {
    const numbers = [...Array(highest + reach + 1 - next).keys()].map((i) => String(next + i))
    const free = numbers.filter((id) => !owners.has(id))
    const there = (await Promise.all(free.map((id) => configById(api, id)))).filter(
      (one) => one !== undefined,
    )
    found.push(...there)
    next += numbers.length
    highest = Math.max(highest, ...there.map((config) => Number(config.id)))
  }
  return found
}
