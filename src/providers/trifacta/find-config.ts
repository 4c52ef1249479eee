import { type Inputs, type Outputs, ServiceError } from '../../core/resource.js'
import { textOf, textsOf } from '../inputs.js'
import { ownWorkspace, type TrifactaApi } from './api.js'
import { normalEmail, personById } from './find-person.js'
import { configById, generationOf } from './generation.js'
import { configs, listError, people, roles, withId } from './lists.js'
import { oneConfig, oneRole } from './one-of-list.js'
import { unlessNoRoute } from './refusal.js'
import type { WireConfig, WirePerson, WireRole } from './wire.js'

/** Whose a configuration is: at most one of both. */
export interface Owner {
  readonly person_id: string | null
  readonly workspace_id: string | null
}

/**
 * An awsConfig joined with what the service keeps elsewhere: its owner, from the side of the people, and the ARN of its
 * active role, from the awsRoles.
 */
export function outputsOf(config: WireConfig, owner: Owner, role: string | null): Outputs {
  return {
    id: config.id,
    ...owner,
    credential_provider: config.credentialProvider,
    role,
    default_bucket: config.defaultBucket,
    extra_buckets: config.extraBuckets,
    credential_id: config.credentialId,
    active_role_id: config.activeRoleId ?? null,
    external_id: config.externalId,
    created_at: config.createdAt,
    updated_at: config.updatedAt,
  }
}

/** The e-mail addresses of owners, which are no attributes, by the outputs that they were joined to: to name them to people. */
const emails = new WeakMap<Outputs, string>()

function ownedBy(person: WirePerson | undefined, out: Outputs): Outputs {
  if (person !== undefined) emails.set(out, normalEmail(person.email))
  return out
}

/** The person that has a configuration, as people know them, and the number: `jane@example.com (person 2)`. */
export function ownerName(out: Outputs, personId: string): string {
  const email = emails.get(out)
  return email === undefined ? `Person ${personId}` : `${email} (person ${personId})`
}

/**
 * Every configuration that gives access to AWS: it has a role, or a person with key and secret. One with key and secret that
 * belongs to nobody may be the workspace's, but most of them are what a destroy had to leave behind, and that is no news.
 */
export async function* listConfigs(api: TrifactaApi): AsyncGenerator<Outputs> {
  for await (const out of ownedConfigs(api)) {
    const withKeys = out.credential_provider !== 'temporary' && out.person_id !== null
    if (withKeys || out.role !== null) yield out
  }
}

/** Every configuration that belongs to a person, or could be the workspace's. */
async function* ownedConfigs(api: TrifactaApi): AsyncGenerator<Outputs> {
  const inA = (await generationOf(api)) === 'A'
  const owners = await ownersOf(api)
  const arns = new Map(inA ? [] : (await roles(api)).map((role) => [role.id, role.role]))
  for (const config of await everyConfig(api)) {
    const role = (inA ? config.role : arns.get(config.activeRoleId ?? '')) ?? null
    const out = ownedBy(owners.get(config.id), outputsOf(config, ownerOf(api, config, owners, role), role))
    if (out.person_id !== null || out.workspace_id !== null) yield out
  }
}

/** The configuration with an id; undefined if there is none. */
export async function readConfig(api: TrifactaApi, id: string): Promise<Outputs | undefined> {
  const config = await wireConfig(api, id)
  return config === undefined ? undefined : complete(api, config, await ownersOf(api))
}

/** The configuration of a person or of a workspace. */
export async function findConfig(api: TrifactaApi, inputs: Inputs): Promise<Outputs | undefined> {
  const personId = textOf(inputs.person_id)
  if (personId !== null) return configOfPerson(api, personId)
  const workspaceId = textOf(inputs.workspace_id)
  if (workspaceId === null) return undefined
  if ((await generationOf(api)) === 'A')
    throw peopleOnly(`looking for the awsConfig of workspace ${workspaceId}`)
  return configOfWorkspace(api, requireOwnWorkspace(api, workspaceId), inputs)
}

/** The configuration that a person has. */
export async function configOfPerson(api: TrifactaApi, personId: string): Promise<Outputs | undefined> {
  const person = await personFor(api, personId)
  if (person === undefined) return undefined
  const id = visibleConfig(person)
  if (id === null) return undefined
  const config = await wireConfig(api, id)
  if (config === undefined)
    throw listError(
      [person],
      `reading the AWS configuration of ${person.email}`,
      `the person has awsConfig ${id}, but the service does not show it`,
      'Use the token of an administrator: others see their own configuration only.',
    )
  const role = await roleOf(api, config)
  return ownedBy(person, outputsOf(config, { person_id: personId, workspace_id: null }, role))
}

/** The id of the person's awsConfig, null if the person has none. Throws if this token may not see it. */
export function visibleConfig(person: WirePerson): string | null {
  if (person.awsConfigId !== undefined) return person.awsConfigId
  throw listError(
    [person],
    `reading the AWS configuration of ${person.email}`,
    'the service does not show whether the person has one',
    'Use the token of an administrator: others see names and e-mail addresses only.',
  )
}

async function personFor(api: TrifactaApi, id: string): Promise<WirePerson | undefined> {
  if (api.lists.keep !== 'whole') return personById(api, id)
  return withId(await people(api), id) ?? personById(api, id)
}

/** The config itself. Release 6.0 reads it by id, later ones list; those in between may do either. */
export async function wireConfig(api: TrifactaApi, id: string): Promise<WireConfig | undefined> {
  if ((await generationOf(api)) === 'A') return configById(api, id)
  const listed = await unlessNoRoute(oneConfig(api, id))
  return listed === 'no-route' ? configById(api, id) : listed
}

/** Release 6.0 has no way to give a configuration to a workspace. */
export function peopleOnly(doing: string): ServiceError {
  return new ServiceError(doing, {
    words: 'release 6.0 assigns configurations to people only',
    help: 'Declare person_id instead of workspace_id.',
  })
}

/** The owner of each awsConfig that belongs to a person. */
export async function ownersOf(api: TrifactaApi): Promise<ReadonlyMap<string, WirePerson>> {
  const owners = new Map<string, WirePerson>()
  for (const person of await people(api)) {
    const id = visibleConfig(person)
    if (id !== null) owners.set(id, person)
  }
  return owners
}

async function complete(
  api: TrifactaApi,
  config: WireConfig,
  owners: ReadonlyMap<string, WirePerson>,
): Promise<Outputs> {
  const role = await roleOf(api, config)
  return ownedBy(owners.get(config.id), outputsOf(config, ownerOf(api, config, owners, role), role))
}

export async function roleOf(api: TrifactaApi, config: WireConfig): Promise<string | null> {
  if ((await generationOf(api)) === 'A') return config.role ?? null
  return activeRoleOf(api, config)
}

async function activeRoleOf(api: TrifactaApi, config: WireConfig): Promise<string | null> {
  return (await activeRole(api, config))?.role ?? null
}

/** The awsRole object that is active for a config; undefined if it has none. */
export async function activeRole(api: TrifactaApi, config: WireConfig): Promise<WireRole | undefined> {
  if (config.activeRoleId === null || config.activeRoleId === undefined) return undefined
  return oneRole(api, config.activeRoleId)
}

/**
 * The service does not say which configuration is the workspace's: it is one that belongs to no person and still has a role
 * or keys. (What a destroy had to leave behind has no role any more.)
 */
function ownerOf(
  api: TrifactaApi,
  config: WireConfig,
  owners: ReadonlyMap<string, WirePerson>,
  role: string | null,
): Owner {
  const person = owners.get(config.id)
  if (person !== undefined) return { person_id: person.id, workspace_id: null }
  const live = role !== null || config.credentialId !== null
  return { person_id: null, workspace_id: live ? ownWorkspace(api) : null }
}

async function configOfWorkspace(
  api: TrifactaApi,
  workspaceId: string,
  inputs: Inputs,
): Promise<Outputs | undefined> {
  const candidates: Outputs[] = []
  for await (const out of ownedConfigs(api)) if (out.workspace_id === workspaceId) candidates.push(out)
  const [first] = candidates
  if (candidates.length < 2) return first
  const newest = newestEqual(candidates, inputs)
  if (newest !== undefined) return newest
  throw new ServiceError(`looking for the AWS configuration of workspace ${workspaceId}`, {
    words: `several belong to no person, and the service does not say which is the workspace's: ${candidates.map((c) => c.id).join(', ')}`,
    help: 'Import one of them by its number ("rolecall import ADDRESS NUMBER"); applying then makes it the workspace’s.',
  })
}

/** Among configurations, the latest that has what is wanted: the trace of a create whose answer was lost. */
export function newestEqual(candidates: readonly Outputs[], inputs: Inputs): Outputs | undefined {
  return candidates.filter((out) => hasContent(out, inputs)).sort((a, b) => Number(b.id) - Number(a.id))[0]
}

/** Whether a configuration has the content that is wanted, as far as it can be read back. */
export function hasContent(out: Outputs, inputs: Inputs): boolean {
  const same = (a: readonly string[], b: readonly string[]) =>
    [...a].sort().join('\n') === [...b].sort().join('\n')
  return (
    out.credential_provider === inputs.credential_provider &&
    textOf(out.role) === textOf(inputs.role) &&
    out.default_bucket === inputs.default_bucket &&
    same(textsOf(out.extra_buckets), textsOf(inputs.extra_buckets))
  )
}

export function requireOwnWorkspace(api: TrifactaApi, workspaceId: string): string {
  const own = ownWorkspace(api)
  if (workspaceId === own) return own
  throw new ServiceError(`managing the AWS configuration of workspace ${workspaceId}`, {
    words: `this provider works in workspace ${own}`,
    help: `Set workspace_id = "${workspaceId}" in the provider block, with a token of that workspace.`,
  })
}

/** Every awsConfig that the service shows. Without a list of them (early releases): those that people have. */
export async function everyConfig(api: TrifactaApi): Promise<readonly WireConfig[]> {
  const listed = await unlessNoRoute(configs(api))
  if (listed !== 'no-route') return listed
  const found = await Promise.all([...(await ownersOf(api)).keys()].map((id) => configById(api, id)))
  return found.filter((config) => config !== undefined)
}
