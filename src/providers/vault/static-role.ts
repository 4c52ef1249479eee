import type { Consequence, Inputs, Outputs, ResourceType } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import type { Body } from '../../http/client.js'
import { stillThere } from '../meanwhile.js'
import { loadSchemas } from '../schemas.js'
import { listNames, readObject, textOf, type VaultApi, write } from './api.js'
import { issueStatic } from './issue.js'
import { namedVerbs } from './named-verbs.js'
import { type Place, pathOf, placeOf, wordsOf } from './place.js'
import { isNotOffered, requireHeeded } from './refusal.js'
import { durationIn, secondsOf, textIn } from './wire.js'

const optional = ['assume_role_arn', 'assume_role_session_name', 'external_id'] as const

/** The key of an IAM user that the engine rotates. */
export const staticRole: ResourceType<VaultApi> = {
  schema: loadSchemas('vault').resources.get('vault_aws_static_role') as Schema,
  listsIds: true,
  outlivesParent: true,
  // The engine asks AWS for the user, with its root credentials.
  after: { type: 'vault_aws_root', by: 'mount' },

  ...namedVerbs({
    kind: 'static-roles',
    noun: 'static role',
    names: namesOf,
    at: staticRoleAt,
    isAsDeclared,
    put,
  }),

  access: async () => [
    {
      missing: 'its key is with Vault: "rolecall creds" gets it, and "aws sts get-caller-identity" tries it',
    },
  ],

  consequences: ({ before, after }) => consequences(before, after),

  issue: {
    idOf: (text) => (placeOf(text, 'static-roles') === undefined ? undefined : text),
    async get(api, id, request) {
      const place = placeOf(id, 'static-roles')
      if (place === undefined) throw new Error(`${id} is no static role`)
      return issueStatic(api, place, request)
    },
  },
}

/** Releases before 1.14 have none. */
async function namesOf(api: VaultApi, mount: string): Promise<readonly string[]> {
  try {
    return await listNames(api, pathOf(mount, 'static-roles'), `listing the static roles of ${mount}`)
  } catch (error) {
    if (isNotOffered(error)) return []
    throw error
  }
}

async function staticRoleAt(api: VaultApi, place: Place): Promise<Outputs | undefined> {
  const { mount, name } = place
  const doing = `reading static role ${wordsOf(place)}`
  const data = await readObject(api, pathOf(mount, 'static-roles', name), doing)
  if (data === undefined) return undefined
  return {
    id: `${mount}/static-roles/${name}`,
    mount,
    name,
    username: textIn(data.username),
    rotation_period: durationIn(data.rotation_period),
    ...Object.fromEntries(optional.map((field) => [field, textIn(data[field])])),
    user_id: textIn(data.id),
  }
}

async function put(
  api: VaultApi,
  place: Place,
  inputs: Inputs,
  current: Outputs | undefined,
  verb: string,
): Promise<Outputs> {
  const doing = `${verb} static role ${wordsOf(place)}`
  const body: Record<string, Body> = { username: textOf(inputs.username) }
  const period = secondsOf(inputs.rotation_period)
  // A period that is sent starts the time anew, even if it is the same.
  if (period !== secondsOf(current?.rotation_period)) body.rotation_period = period
  for (const field of optional) {
    const wanted = textOf(inputs[field])
    if (wanted !== null) body[field] = wanted
    else if (textOf(current?.[field]) !== null) body[field] = ''
  }
  await write(api, pathOf(place.mount, 'static-roles', place.name), body, doing)
  const found = stillThere(await staticRoleAt(api, place), doing)
  const isLost = (field: string) => textOf(inputs[field]) !== null && textOf(found[field]) === null
  requireHeeded(optional.filter(isLost), doing)
  return found
}

function isAsDeclared(inputs: Inputs, out: Outputs): boolean {
  return (
    ['username', ...optional].every((field) => textOf(inputs[field]) === textOf(out[field])) &&
    secondsOf(inputs.rotation_period) === secondsOf(out.rotation_period)
  )
}

function consequences(before: Outputs | undefined, after: Inputs | undefined): readonly Consequence[] {
  if (after === undefined)
    return [
      {
        kind: 'loses-access',
        text: `The access key of ${before?.username} that the engine knows is deleted in AWS; the user stays.`,
      },
    ]
  if (before !== undefined) return []
  const who = textOf(after.username) ?? 'The user'
  return [
    {
      kind: 'note',
      text: `${who} gets a new access key at once; where there are two already, AWS loses the older one.`,
    },
  ]
}
