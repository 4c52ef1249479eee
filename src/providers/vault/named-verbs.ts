import type { Inputs, Outputs, ResourceType } from '../../core/resource.js'
import { someoneWasFaster } from '../meanwhile.js'
import { remove, type VaultApi } from './api.js'
import { awsMounts } from './mounts.js'
import { declaredPlace, type Place, pathOf, placeOf, wordsOf } from './place.js'

/** What is in an engine under a name: roles, and static roles. */
export interface Named {
  /** As in its path and its id. */
  readonly kind: 'roles' | 'static-roles'
  /** For messages: "static role". */
  readonly noun: string
  names(api: VaultApi, mount: string): Promise<readonly string[]>
  at(api: VaultApi, place: Place): Promise<Outputs | undefined>
  /** Whether what is there is what is declared. */
  isAsDeclared(inputs: Inputs, out: Outputs): boolean
  /** Writes it and says what is there then. `verb`: "creating". */
  put(
    api: VaultApi,
    place: Place,
    inputs: Inputs,
    current: Outputs | undefined,
    verb: string,
  ): Promise<Outputs>
}

type Verb = 'list' | 'read' | 'find' | 'create' | 'update' | 'delete'

/** The verbs of a type whose objects are in an engine under a name. */
export function namedVerbs(named: Named): Required<Pick<ResourceType<VaultApi>, Verb>> {
  const { kind, noun, names, at, isAsDeclared, put } = named
  return {
    async *list(api) {
      const all = await Promise.all(
        (await awsMounts(api)).map(async ({ path }) => ({ path, found: await names(api, path) })),
      )
      for (const { path, found } of all) for (const name of found) yield { id: `${path}/${kind}/${name}` }
    },

    async read(api, id) {
      const place = placeOf(id, kind)
      return place === undefined ? undefined : at(api, place)
    },

    find: (api, inputs) => at(api, declaredPlace(inputs)),

    async create(api, inputs) {
      const place = declaredPlace(inputs)
      const left = await at(api, place)
      // What an interrupted run of this verb has made.
      if (left !== undefined && isAsDeclared(inputs, left)) return left
      if (left !== undefined)
        throw someoneWasFaster(
          `creating ${noun} ${wordsOf(place)}`,
          'made it meanwhile, and it is not as declared',
        )
      return put(api, place, inputs, undefined, 'creating')
    },

    async update(api, inputs, current) {
      // After a move of its mount, it is where it is declared, not where it was, and most likely as it is declared.
      const place = declaredPlace(inputs)
      const moved = current.mount === place.mount ? undefined : await at(api, place)
      if (moved !== undefined && isAsDeclared(inputs, moved)) return moved
      return put(api, place, inputs, moved ?? current, 'updating')
    },

    async delete(api, _, current) {
      const place = placeOf(current.id, kind)
      if (place === undefined) throw new Error(`${current.id} is no ${noun}`)
      await remove(api, pathOf(place.mount, kind, place.name), `deleting ${noun} ${wordsOf(place)}`)
      return {}
    },
  }
}
