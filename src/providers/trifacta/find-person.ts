import { ServiceError } from '../../core/resource.js'
import { objectIn } from '../../http/reading.js'
import { meaningOf, unlessAbsent } from '../meaning.js'
import type { TrifactaApi } from './api.js'
import { listAll, listError, noted, people } from './lists.js'
import { isDeleted, personIn, type WirePerson } from './wire.js'

/** The form in which e-mail addresses are compared and kept. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase()
}

export async function personById(api: TrifactaApi, id: string): Promise<WirePerson | undefined> {
  const doing = `reading person ${id}`
  const answer = await unlessAbsent(api.send({ method: 'GET', path: ['people', id], doing, accept: [200] }))
  if (answer === undefined) return undefined
  const person = answer.reading
  const object = objectIn(answer.body, person)
  return isDeleted(object) ? undefined : noted(personIn(object, person), person)
}

/** The person with an e-mail address, whatever its case. Throws if there are several, as in several workspaces. */
export async function personByEmail(api: TrifactaApi, email: string): Promise<WirePerson | undefined> {
  const whole = api.lists.keep === 'whole'
  const asked = whole ? undefined : await personAsked(api, email)
  // The filter may mind the case, and what was stored may be written otherwise.
  return asked ?? single(await people(api), email)
}

/** As `personByEmail`, by the service's own filter alone: enough for an address that we wrote ourselves. */
export async function personAsked(api: TrifactaApi, email: string): Promise<WirePerson | undefined> {
  const query = { email, workspaceId: api.shared.workspaceId }
  // What the filter does is not documented clearly: every answer is checked.
  return single(await listAll(api, 'people', personIn, query), email)
}

function single(all: readonly WirePerson[], email: string): WirePerson | undefined {
  const wanted = normalEmail(email)
  const [first, second] = all.filter((person) => normalEmail(person.email) === wanted)
  if (first !== undefined && second !== undefined)
    throw listError(
      [second],
      `looking for the person ${email}`,
      `there are several: ${first.id} and ${second.id}`,
      'Set workspace_id in the provider block to say which workspace is meant.',
    )
  return first
}

/**
 * Refuses what would lock out whoever signs in. The caller is known by the service, or by the user name; if neither tells,
 * it is refused too.
 */
export async function refuseForCaller(
  api: TrifactaApi,
  person: { id: string; email: string },
  doing: string,
) {
  const caller = await callerOf(api)
  // Without credentials there is nobody to lock out.
  if (caller === undefined && api.shared.anonymous) return
  if (caller === undefined)
    throw new ServiceError(doing, {
      words:
        'it cannot be told whether this is the account that is signed in here, because this release does not say',
      help: 'Sign in with username and password, set on_destroy = "keep", or drop the record with "rolecall state rm".',
    })
  if (caller.id === person.id || caller.email === normalEmail(person.email))
    throw new ServiceError(doing, {
      words: 'this is the account that is signed in here; it is never disabled or deleted',
      help: 'Sign in with another administrator, set on_destroy = "keep", or drop the record with "rolecall state rm".',
    })
}

async function callerOf(
  api: TrifactaApi,
): Promise<{ readonly id?: string; readonly email: string } | undefined> {
  const doing = 'asking who is signed in'
  try {
    const answer = await api.send({ method: 'GET', path: ['people', 'current'], doing, accept: [200] })
    const { id, email } = personIn(objectIn(answer.body, answer.reading), answer.reading)
    return { id, email: normalEmail(email) }
  } catch (error) {
    // Releases before 9 take "current" for an id.
    const status = error instanceof ServiceError ? error.facts.status : undefined
    if (meaningOf(error) === undefined && status !== 400) throw error
    return api.shared.username === undefined ? undefined : { email: normalEmail(api.shared.username) }
  }
}
