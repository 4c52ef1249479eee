import type { Consequence, Inputs, Outputs, ResourceType } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { textsOf } from '../inputs.js'
import { stillThere } from '../meanwhile.js'
import { loadSchemas } from '../schemas.js'
import { accessesOf } from './accesses.js'
import { listNames, readObject, type VaultApi, write } from './api.js'
import { issue } from './issue.js'
import { namedVerbs } from './named-verbs.js'
import { type Place, pathOf, placeOf, wordsOf } from './place.js'
import { requireHeeded } from './refusal.js'
import { isAsDeclared, outputsOf, roleBody, unheededFields } from './role-content.js'
import { withoutNothing } from './wire.js'

/** A role of the engine: what the credentials may do that it issues. */
export const role: ResourceType<VaultApi> = {
  schema: loadSchemas('vault').resources.get('vault_aws_role') as Schema,
  listsIds: true,

  ...namedVerbs({ kind: 'roles', noun: 'role', names: roleNames, at: roleAt, isAsDeclared, put }),

  normalize: (inputs) => withoutNothing(inputs, ['default_sts_ttl', 'max_sts_ttl'], { user_path: '/' }),

  consequences: ({ before, after, withParent = false }) => consequences(before, after, withParent),

  access: async (_, attributes) => accessesOf(attributes),

  issue: {
    idOf: roleIdOf,
    async get(api, id, request) {
      const place = placeOf(id, 'roles')
      if (place === undefined) throw new Error(`${id} is no role`)
      return issue(api, place, request)
    },
  },
}

/** `aws/roles/ci`, and for short `aws/ci`. */
function roleIdOf(text: string): string | undefined {
  if (placeOf(text, 'roles') !== undefined) return text
  if (placeOf(text, 'static-roles') !== undefined) return undefined
  const [, mount, name] = /^(.+)\/([^/]+)$/.exec(text) ?? []
  const id = `${mount}/roles/${name}`
  return mount !== undefined && placeOf(id, 'roles') !== undefined ? id : undefined
}

export function roleNames(api: VaultApi, mount: string): Promise<readonly string[]> {
  return listNames(api, pathOf(mount, 'roles'), `listing the roles of ${mount}`)
}

export async function roleAt(api: VaultApi, place: Place): Promise<Outputs | undefined> {
  const data = await readObject(
    api,
    pathOf(place.mount, 'roles', place.name),
    `reading role ${wordsOf(place)}`,
  )
  return data === undefined ? undefined : outputsOf(place, data)
}

async function put(
  api: VaultApi,
  place: Place,
  inputs: Inputs,
  current: Outputs | undefined,
  verb: string,
): Promise<Outputs> {
  const doing = `${verb} role ${wordsOf(place)}`
  await write(api, pathOf(place.mount, 'roles', place.name), roleBody(inputs, current), doing)
  const found = stillThere(await roleAt(api, place), doing)
  requireHeeded(unheededFields(inputs, found), doing)
  return found
}

/** Who may do more, and who less. What waits for apply is null in `after`, and nothing is said about it. */
function consequences(
  before: Outputs | undefined,
  after: Inputs | undefined,
  withMount: boolean,
): readonly Consequence[] {
  if (before === undefined) return []
  if (after === undefined)
    return [
      {
        kind: 'loses-access',
        text: `Nobody gets credentials from it any more; those it has issued ${withMount ? 'are revoked with its mount' : 'live on until their leases end'}.`,
      },
    ]
  return [
    ...changesOf('role_arns', 'can be assumed', before, after),
    ...changesOf('policy_arns', 'applies', before, after),
  ]
}

function changesOf(field: string, words: string, before: Outputs, after: Inputs): readonly Consequence[] {
  if (!Array.isArray(after[field])) return []
  const had = new Set(textsOf(before[field]))
  const has = new Set(textsOf(after[field]))
  const told = (kind: Consequence['kind'], arns: readonly string[], what: string): readonly Consequence[] =>
    arns.length === 0 ? [] : [{ kind, text: `${listed(arns)} ${what}.` }]
  const more = [...has].filter((arn) => !had.has(arn))
  const less = [...had].filter((arn) => !has.has(arn))
  return [...told('widens-access', more, words), ...told('loses-access', less, `no longer ${words}`)]
}

function listed(arns: readonly string[]): string {
  const rest = arns.length - 10
  return `${arns.slice(0, 10).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
