import { unlessAbsent } from '../meaning.js'
import type { TrifactaApi } from './api.js'
import { personById } from './find-person.js'
import { unlessNoRoute } from './refusal.js'

/** Gives a configuration to a person by a change of the person: the way of release 6.0. */
export async function assignInReleaseA(api: TrifactaApi, personId: string, configId: string): Promise<void> {
  await api.send({
    method: 'PATCH',
    path: ['people', personId],
    body: { awsConfig: { id: Number(configId) } },
    doing: `assigning awsConfig ${configId} to person ${personId}`,
    accept: [200, 204],
  })
}

/**
 * Takes a configuration away from a person who has it. False: the service has no call that changes people, so the person
 * keeps it.
 */
export async function unassign(api: TrifactaApi, personId: string, configId: string): Promise<boolean> {
  const person = await personById(api, personId)
  if (person === undefined || person.awsConfigId !== configId) return true
  const answer = await unlessNoRoute(
    unlessAbsent(
      api.send({
        method: 'PATCH',
        path: ['people', personId],
        body: { awsConfig: null },
        doing: `taking awsConfig ${configId} away from person ${personId}`,
        accept: [200, 204],
      }),
    ),
  )
  return answer !== 'no-route'
}
