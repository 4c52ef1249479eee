import { type Inputs, type Outputs, ServiceError } from '../../core/resource.js'
import { objectIn } from '../../http/reading.js'
import { textOf } from '../inputs.js'
import type { TrifactaApi } from './api.js'
import { assignInReleaseA } from './assign-config.js'
import { contentOf, ownerMembers, ownerWords } from './config-content.js'
import { configOfPerson, findConfig, outputsOf, peopleOnly } from './find-config.js'
import { generationOf } from './generation.js'
import { configIn } from './wire.js'

/**
 * Creates a configuration and gives it to its owner. Later releases take the owner with the same request; what release 6.0 has
 * between the two belongs to nobody (`straysOf`). A configuration that the owner has already is never taken over, however equal
 * it looks: its keys cannot be compared, and the next plan shows what taking it over means.
 */
export async function createConfig(api: TrifactaApi, inputs: Inputs): Promise<Outputs> {
  const there = await findConfig(api, inputs)
  if (there !== undefined) throw exists(inputs, there)
  if ((await generationOf(api)) === 'A') return createInReleaseA(api, inputs)
  const doing = `creating the awsConfig of ${ownerWords(inputs)}`
  const body = { ...contentOf(inputs), ...ownerMembers(api, inputs) }
  const answer = await api.send({ method: 'POST', path: ['awsConfigs'], body, doing, accept: [200, 201] })
  const made = configIn(objectIn(answer.body, answer.reading), answer.reading)
  // The answer to a create is whole. The role that was sent is its active one.
  const role = textOf(inputs.role)
  if (role === null || textOf(made.activeRoleId) !== null) return outputsOf(made, ownerIn(inputs), role)
  return (await findConfig(api, inputs)) ?? outputsOf(made, ownerIn(inputs), null)
}

function exists(inputs: Inputs, there: Outputs): ServiceError {
  return new ServiceError(`creating the awsConfig of ${ownerWords(inputs)}`, {
    words: `awsConfig ${there.id} is there already`,
    help: 'It was not there when the plan was made: plan again, and see what taking it over means.',
  })
}

/** One at a time: between its two requests a configuration belongs to nobody, and looks like what was interrupted there. */
function createInReleaseA(api: TrifactaApi, inputs: Inputs): Promise<Outputs> {
  return api.shared.exclusive(async () => {
    const personId = requirePerson(inputs)
    const doing = `creating the awsConfig of ${ownerWords(inputs)}`
    const body = { mode: 'user', ...contentOf(inputs) }
    const answer = await api.send({ method: 'POST', path: ['awsConfigs'], body, doing, accept: [200, 201] })
    await assignInReleaseA(api, personId, configIn(objectIn(answer.body, answer.reading), answer.reading).id)
    const made = await configOfPerson(api, personId)
    if (made !== undefined) return made
    throw new ServiceError(doing, { words: `person ${personId} has none afterwards`, help: 'Plan again.' })
  })
}

function requirePerson(inputs: Inputs): string {
  const personId = textOf(inputs.person_id)
  if (personId !== null) return personId
  throw peopleOnly(`creating the awsConfig of ${ownerWords(inputs)}`)
}

function ownerIn(inputs: Inputs) {
  return { person_id: textOf(inputs.person_id), workspace_id: textOf(inputs.workspace_id) }
}
