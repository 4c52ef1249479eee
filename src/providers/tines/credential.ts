import type { Inputs, Outputs, ResourceType } from '../../core/resource.js'
import { ServiceError } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { textOf } from '../inputs.js'
import { unlessAbsent } from '../meaning.js'
import { loadSchemas } from '../schemas.js'
import { accessesOf } from './accesses.js'
import { folded, type TinesApi } from './api.js'
import { consequences } from './consequences.js'
import { changedMembers, commonMembers, idNumber } from './credential-members.js'
import { credentialById, credentialByName, normalize, outputsOf } from './credential-view.js'
import { credentials } from './lists.js'
import { clearedSince, modeMembers, undeclaredAws } from './modes.js'
import { lacks, requireTeam } from './teams.js'
import { type WireCredential, writtenCredential } from './wire.js'

const none: ReadonlySet<string> = new Set()

/** A credential of a team, in any mode. */
export const credential: ResourceType<TinesApi> = {
  schema: loadSchemas('tines').resources.get('tines_credential') as Schema,
  normalize,
  consequences,
  lacks,
  access: async (_, attributes) => accessesOf(attributes),

  async *list(api) {
    for (const one of await credentials(api)) yield outputsOf(one)
  },

  async read(api, id) {
    const found = await credentialById(api, id)
    return found === undefined ? undefined : outputsOf(found)
  },

  async find(api, inputs) {
    const found = await credentialByName(api, textOf(inputs.team_id) ?? '', textOf(inputs.name) ?? '')
    return found === undefined ? undefined : outputsOf(found)
  },

  async create(api, inputs) {
    const doing = `creating ${wordsOf(inputs)}`
    const teamId = textOf(inputs.team_id) ?? ''
    await requireTeam(api, teamId, doing)
    const body = {
      name: textOf(inputs.name),
      mode: textOf(inputs.mode),
      team_id: idNumber(teamId),
      ...commonMembers(inputs),
      ...modeMembers(api, inputs),
    }
    const path = ['user_credentials']
    const answer = await api.send({ method: 'POST', path, body, doing, accept: [200, 201] })
    const made = writtenCredential(answer.body, answer.reading)
    if (made.teamId !== teamId) await takeBack(api, inputs, made, doing)
    requireStaticExternalId(inputs, made, doing)
    if (inputs.oauth_grant_type === 'authorization_code') api.remark(toBeAgreed(inputs))
    return outputsOf(made)
  },

  async update(api, inputs, current, prior, applied = none) {
    const doing = `updating credential ${current.id} (${wordsOf(inputs)})`
    const anotherType = inputs.aws_authentication_type !== current.aws_authentication_type
    // How AWS is reached reads back. Another way is told with all that it needs, and rid of what it does not.
    const skip = anotherType ? none : new Set([...applied, 'aws_authentication_type'])
    const stale = clearedSince(inputs, prior, applied)
    const cleared = anotherType ? new Set([...stale, ...undeclaredAws(inputs)]) : stale
    const changes = { ...changedMembers(inputs, current), ...modeMembers(api, inputs, cleared, skip) }
    if (Object.keys(changes).length === 0) return current
    const answer = await api.send({
      method: 'PUT',
      path: ['user_credentials', current.id],
      body: { mode: textOf(inputs.mode), ...changes },
      doing,
      accept: [200, 201],
    })
    const after = writtenCredential(answer.body, answer.reading)
    requireStaticExternalId(inputs, after, doing)
    if (changes.oauth_grant_type === 'authorization_code') api.remark(toBeAgreed(inputs))
    return outputsOf(after)
  },

  async delete(api, _, current) {
    await remove(api, current.id)
    return {}
  },

  async importId(api, text) {
    const [, team, name] = /^([1-9][0-9]*)\/(.+)$/s.exec(text) ?? []
    if (team === undefined || name === undefined) return credential.read(api, text)
    return credential.find(api, { team_id: team, name })
  },
}

async function remove(api: TinesApi, id: string): Promise<void> {
  const path = ['user_credentials', id]
  await unlessAbsent(
    api.send({ method: 'DELETE', path, doing: `deleting credential ${id}`, accept: [200, 204] }),
  )
}

/**
 * The service made it for another team than the one asked for, as it does without a word for one that it does not know. It is
 * deleted again; what cannot be, and what an interrupted run may have left there, is named.
 */
async function takeBack(api: TinesApi, inputs: Inputs, made: WireCredential, doing: string): Promise<never> {
  const wanted = textOf(inputs.team_id)
  const stays = await remove(api, made.id).then(
    () => undefined,
    (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)),
  )
  const others = await credentials(api, made.teamId).then(
    (all) => all.filter((one) => one.id !== made.id && folded(one.name) === folded(made.name)),
    () => [],
  )
  const fate =
    stays === undefined ? 'it was deleted again' : `credential ${made.id} is still there, because ${stays}`
  const more =
    others.length === 0
      ? ''
      : `; credentials of this name that are there besides: ${others.map(({ id }) => id).join(', ')}`
  throw new ServiceError(doing, {
    words: `Tines put it in team ${made.teamId} instead of team ${wanted}, which it does not know or lets this key not use; ${fate}${more}`,
    help:
      stays === undefined && others.length === 0
        ? 'Check team_id, and whether the key may use that team.'
        : `Check team_id, and whether the key may use that team. Look into team ${made.teamId}, and delete there what nobody wants.`,
  })
}

function requireStaticExternalId(inputs: Inputs, after: WireCredential, doing: string): void {
  if (inputs.use_static_external_id !== true || after.staticExternalId === true) return
  throw new ServiceError(doing, {
    words: 'the tenant took the request, and the credential still has an external id of its own',
    help: 'This tenant may be too old for static external ids: remove use_static_external_id.',
  })
}

/** The answer may hold the address for that; whoever has it can agree in their own name, so it is not shown. */
function toBeAgreed(inputs: Inputs): string {
  return `${wordsOf(inputs)} works once somebody has opened it in Tines and agreed: its grant type is authorization_code`
}

function wordsOf(inputs: Inputs | Outputs): string {
  return `the credential ${JSON.stringify(textOf(inputs.name))} of team ${textOf(inputs.team_id)}`
}
