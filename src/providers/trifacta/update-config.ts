import { type Inputs, type Outputs, ServiceError } from '../../core/resource.js'
import type { Row } from '../../core/state.js'
import type { Body } from '../../http/client.js'
import { textOf, textsOf } from '../inputs.js'
import { stillThere } from '../meanwhile.js'
import type { TrifactaApi } from './api.js'
import { assignInReleaseA, unassign } from './assign-config.js'
import { bucketsOf, keysOf, type Members, ownerMembers, ownerWords } from './config-content.js'
import { activeRole, outputsOf, readConfig, visibleConfig, wireConfig } from './find-config.js'
import { personById } from './find-person.js'
import { generationOf } from './generation.js'
import { cleanUpRoles, rolesChange, rolesOf, rolesThatWeSet } from './own-roles.js'
import type { WireRole } from './wire.js'

/**
 * Brings a configuration in line. Only what differs is sent, but key and secret whenever they are declared, since they
 * cannot be compared. Every request leads on from wherever an earlier run stopped.
 */
export async function updateConfig(
  api: TrifactaApi,
  inputs: Inputs,
  current: Outputs,
  prior: Row | undefined,
): Promise<Outputs> {
  const doing = `updating awsConfig ${current.id} of ${ownerWords(inputs)}`
  await refuseOccupied(api, inputs, current, doing)
  const trusted =
    prior === undefined && inputs.on_adopt === 'trust' && current.credential_provider === 'default'
  const changes: Record<string, Body> = {
    ...changedContent(inputs, current),
    ...(trusted ? {} : keysOf(inputs)),
  }
  if ((await generationOf(api)) === 'A') return updateInReleaseA(api, inputs, current, changes, doing)

  const before = await rolesBefore(api, inputs, current, prior)
  rolesChange(api, current.id)
  Object.assign(changes, await roleChanges(api, inputs, current, before, prior))
  // That it is the workspace's is inferred, not read: it is said again, so that it becomes true.
  if (isMoved(inputs, current) || textOf(inputs.workspace_id) !== null)
    Object.assign(changes, ownerMembers(api, inputs))
  await put(api, current.id, changes, doing)
  if (textOf(inputs.person_id) === null) await takeFromPerson(api, current, doing)
  return readAfter(api, inputs, current, before, prior, doing)
}

function changedContent(inputs: Inputs, current: Outputs): Members {
  const changes: Record<string, Body> = {}
  if (inputs.credential_provider !== current.credential_provider)
    changes.credentialProvider = textOf(inputs.credential_provider)
  const { defaultBucket, extraBuckets } = bucketsOf(inputs)
  if (defaultBucket !== textOf(current.default_bucket)) changes.defaultBucket = defaultBucket ?? null
  const before = [...textsOf(current.extra_buckets)].sort()
  const after = [...textsOf(inputs.extra_buckets)].sort()
  if (before.join('\n') !== after.join('\n')) changes.extraBuckets = extraBuckets ?? []
  return changes
}

/** The roles that it has already: needed to give it another one, or to clean up after an update that was interrupted. */
async function rolesBefore(
  api: TrifactaApi,
  inputs: Inputs,
  current: Outputs,
  prior: Row | undefined,
): Promise<readonly WireRole[]> {
  const role = textOf(inputs.role)
  const stays = role === textOf(current.role) && rolesThatWeSet(prior).every((one) => one === role)
  return stays ? [] : rolesOf(api, current.id)
}

/**
 * How to make the wanted role the active one without litter: by the object that the configuration has for it already; else
 * by changing the active one in place, which keeps its id; else by the configuration, which makes a new object. What the
 * identity provider or someone else made is not changed.
 */
async function roleChanges(
  api: TrifactaApi,
  inputs: Inputs,
  current: Outputs,
  all: readonly WireRole[],
  prior: Row | undefined,
): Promise<Members> {
  const role = textOf(inputs.role)
  if (role === null || role === textOf(current.role)) return {}
  const same = all.find((one) => one.role === role)
  if (same !== undefined) return { activeRoleId: Number(same.id) }
  if (current.credential_provider !== 'temporary') return { role }
  const active = all.find((one) => one.id === current.active_role_id)
  if (active === undefined || !isOurs(active, prior)) return { role }
  await api.send({
    method: 'PUT',
    path: ['awsRoles', active.id],
    body: { role },
    doing: `updating awsRole ${active.id} of awsConfig ${current.id}`,
    accept: [200],
  })
  return {}
}

/** Whether an active awsRole came with the configuration or from us. At adoption all that is there is taken over. */
function isOurs(role: WireRole, prior: Row | undefined): boolean {
  if (role.createdFrom !== 'api') return false
  if (prior === undefined || prior.attributes.active_role_id === role.id) return true
  return role.role !== null && rolesThatWeSet(prior).includes(role.role)
}

/** The service may let a person keep what became the workspace's. */
async function takeFromPerson(api: TrifactaApi, current: Outputs, doing: string): Promise<void> {
  const personId = textOf(current.person_id)
  if (personId === null || (await unassign(api, personId, current.id))) return
  throw new ServiceError(doing, {
    words: `person ${personId} still has it, and this service has no call that changes people`,
    help: 'Take it away from the person in the application, then plan again.',
  })
}

function isMoved(inputs: Inputs, current: Outputs): boolean {
  return (
    textOf(inputs.person_id) !== textOf(current.person_id) ||
    textOf(inputs.workspace_id) !== textOf(current.workspace_id)
  )
}

/** Handing it to a person who has another one would leave that one behind, with nobody to see it. */
async function refuseOccupied(
  api: TrifactaApi,
  inputs: Inputs,
  current: Outputs,
  doing: string,
): Promise<void> {
  const personId = textOf(inputs.person_id)
  if (personId === null || personId === current.person_id) return
  const person = await personById(api, personId)
  if (person === undefined)
    throw new ServiceError(doing, { words: `there is no person ${personId}`, help: 'Plan again.' })
  const other = visibleConfig(person)
  if (other === null || other === current.id) return
  throw new ServiceError(doing, {
    words: `${person.email} has awsConfig ${other} already`,
    help: 'Destroy that one first, or import it and change it instead.',
  })
}

async function put(api: TrifactaApi, id: string, body: Members, doing: string): Promise<void> {
  if (Object.keys(body).length === 0) return
  await api.send({ method: 'PUT', path: ['awsConfigs', id], body, doing, accept: [200, 204] })
}

/** The answer to a change is minimal: reads what it came to, and removes the roles of ours that it left behind. */
async function readAfter(
  api: TrifactaApi,
  inputs: Inputs,
  current: Outputs,
  before: readonly WireRole[],
  prior: Row | undefined,
  doing: string,
): Promise<Outputs> {
  const config = stillThere(await wireConfig(api, current.id), doing)
  const wanted = textOf(inputs.role)
  const unused = rolesThatWeSet(prior).filter((role) => role !== wanted)
  await cleanUpRoles(
    api,
    before.filter((role) => role.id !== config.activeRoleId),
    unused,
  )
  const active = await activeRole(api, config)
  const personId = textOf(inputs.person_id)
  if (personId !== null && (await personById(api, personId))?.awsConfigId !== config.id)
    throw new ServiceError(doing, {
      words: `the service took the request, but person ${personId} does not have it afterwards`,
      help: 'Plan again; if this stays, assign it in the application.',
    })
  const owner = { person_id: personId, workspace_id: textOf(inputs.workspace_id) }
  return outputsOf(config, owner, active?.role ?? null)
}

/** Release 6.0 keeps the role in the configuration, and assigns it from the side of the person. */
async function updateInReleaseA(
  api: TrifactaApi,
  inputs: Inputs,
  current: Outputs,
  content: Members,
  doing: string,
): Promise<Outputs> {
  const role = textOf(inputs.role)
  const changes = role !== null && role !== textOf(current.role) ? { ...content, role } : content
  if (Object.keys(changes).length > 0) await put(api, current.id, { mode: 'user', ...changes }, doing)
  const former = textOf(current.person_id)
  const next = textOf(inputs.person_id)
  if (next !== null && next !== former) {
    // In this order an interruption leaves it with nobody, never with both.
    if (former !== null) await unassign(api, former, current.id)
    await assignInReleaseA(api, next, current.id)
  }
  return stillThere(await readConfig(api, current.id), doing)
}
