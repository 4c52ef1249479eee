import type { TrifactaApi } from './api.js'
import { configs, listSome, positionIn, roles, withId } from './lists.js'
import { configIn, roleIn, type WireConfig, type WireRole } from './wire.js'

/*
 * The later releases read configurations and roles by whole lists only. An operation that asks for one object would pay for all
 * of them, and a change of very many objects for the square of their number. So it asks first for a few objects around the
 * place where a list had it last, or for the newest ones; whatever the order really is, an object that is found is the one.
 */

const fewObjects = 12

/** The configuration with an id, as it is now. Throws as `configs` does where there is no list. */
export async function oneConfig(api: TrifactaApi, id: string): Promise<WireConfig | undefined> {
  const offset = placeOf(api, api.shared.listed.configs, id)
  const near = offset === undefined ? [] : await listSome(api, 'awsConfigs', configIn, around(offset))
  return near.find((config) => config.id === id) ?? withId(await configs(api), id)
}

/** The awsRole with an id, as it is now. */
export async function oneRole(api: TrifactaApi, id: string): Promise<WireRole | undefined> {
  const offset = placeOf(api, api.shared.listed.roles, id)
  const near = offset === undefined ? [] : await listSome(api, 'awsRoles', roleIn, around(offset))
  return near.find((role) => role.id === id) ?? withId(await roles(api), id)
}

/** Undefined where the whole list is as good: it is kept for a walk, or is short, or was never read. */
function placeOf(
  api: TrifactaApi,
  listed: readonly { readonly id: string }[] | undefined,
  id: string,
): number | undefined {
  if (api.lists.keep !== 'fresh' || listed === undefined || listed.length <= fewObjects) return undefined
  return positionIn(listed, id) ?? 0
}

function around(place: number) {
  return { limit: fewObjects, offset: Math.max(0, place - Math.floor(fewObjects / 2)) }
}
