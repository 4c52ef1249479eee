import type { IssuedHere, IssueOptions } from '../app.js'
import { formatAddress, parseAddress } from '../core/address.js'
import { error, Failure } from '../core/diagnostic.js'
import { nearest } from '../core/nearest.js'
import { type Issued, LostAnswer, ServiceError } from '../core/resource.js'
import type { Row, State } from '../core/state.js'
import { type Providers, resourceType } from '../engine/connections.js'
import { otherEndpoint } from '../engine/resource-walk.js'
import { createWalkContext } from '../engine/walk.js'
import { diagnosticsOf, type WalkContext } from '../engine/walk-context.js'
import { readStateOf, storeOf } from './planning.js'
import { readSoundProject } from './project.js'
import { freshKey, type Session, walkInput, walkOptions } from './session.js'
import { sleep } from './system.js'

/** What credentials are got from. */
interface Source {
  readonly type: string
  readonly id: string
  /** The provider's local name. */
  readonly provider: string
  /** Absent: it was not named by its address. */
  readonly row?: Row
}

/** Gets credentials from an object. Nothing is recorded, and no lease is taken: whoever needs credentials does not wait for an apply. */
export async function issueCredentials(
  session: Session,
  name: string,
  options: IssueOptions,
): Promise<IssuedHere> {
  const issued = await issuedBy(session, name, options)
  // Sessions count everywhere at once.
  if (options.wait === false || issued.sessionToken !== undefined) return issued
  const { awaitKeys } = await import('../aws/await-keys.js')
  const { ambient } = session
  const unproven = await awaitKeys(
    { accessKeyId: issued.accessKeyId, secretAccessKey: issued.secretAccessKey.reveal() },
    await session.aws.open(),
    { now: () => ambient.now(), sleep: (ms) => sleep(ms, ambient.stop), signal: ambient.stop },
  )
  return unproven === undefined ? issued : { ...issued, unproven }
}

async function issuedBy(session: Session, name: string, options: IssueOptions): Promise<Issued> {
  // Mistakes in what no provider needs do not keep anybody from their credentials.
  const project = await readSoundProject(session, { ...options, mode: 'destroy' })
  const { state } = await readStateOf(session, await storeOf(session, project.configuration))
  const input = await walkInput(session, {
    ...project,
    state,
    fingerprintKey: state.fingerprintKey ?? freshKey(),
    options: { ...walkOptions({}), guarded: false },
  })
  const context = createWalkContext(input)
  try {
    const address = parseAddress(name)
    const source =
      address === undefined
        ? sourceNamed(context, name, options.provider)
        : recordedSource(input.providers, state, formatAddress(address))
    const connection = await context.connections.get(source.provider)
    if (source.row !== undefined && source.row.endpoint !== connection.endpoint)
      throw otherEndpoint(source.row, connection.endpoint)
    const issuing = resourceType(input.providers, source.type)?.issue
    if (issuing === undefined) throw new Error(`${source.type} hands out no credentials`)
    const api = connection.api({ readOnly: false, snapshot: false, signal: session.ambient.stop })
    return await issuing.get(api, source.id, options)
  } catch (cause) {
    if (cause instanceof LostAnswer) throw unanswered(cause)
    if (cause instanceof ServiceError) throw new Failure(diagnosticsOf(cause), { cause })
    throw cause
  } finally {
    await context.connections.close()
  }
}

function recordedSource(providers: Providers, { rows }: State, address: string): Source {
  const row = rows.get(address)
  if (row === undefined) {
    const near = nearest(address, rows.keys())
    throw refuse(
      `${address} is not in the state.`,
      near === undefined
        ? 'Apply it first, or name the role by its path, such as "aws/ci".'
        : `Did you mean ${near}? A role that is not managed here is named by its path, such as "aws/ci".`,
    )
  }
  if (resourceType(providers, row.type)?.issue === undefined)
    throw refuse(
      `${address} is a ${row.type}, which hands out no credentials.`,
      `These do: ${issuers(providers).join(', ')}.`,
    )
  return { type: row.type, id: row.id, provider: row.provider, row }
}

function sourceNamed({ input }: WalkContext, name: string, wanted: string | undefined): Source {
  const { configuration, providers } = input
  const found: Source[] = []
  for (const block of configuration.providers.values()) {
    if (wanted !== undefined && block.name !== wanted) continue
    for (const type of providers.get(block.type)?.resources.values() ?? []) {
      const id = type.issue?.idOf(name)
      if (id !== undefined) found.push({ type: type.schema.type, id, provider: block.name })
    }
  }
  const [source, ...more] = found
  if (source === undefined)
    throw refuse(
      wanted === undefined || configuration.providers.has(wanted)
        ? `${JSON.stringify(name)} names nothing that hands out credentials.`
        : `There is no provider "${wanted}" in the configuration.`,
      'Give the address of a vault_aws_role, or the path of a role, such as "aws/ci"; the configuration needs a provider "vault".',
    )
  if (more.length === 0) return source
  throw refuse(
    `Several providers may have ${name}: ${found.map(({ provider }) => provider).join(', ')}.`,
    'Say which one with --provider.',
  )
}

function issuers(providers: Providers): readonly string[] {
  return [...providers.values()].flatMap(({ resources }) =>
    [...resources.values()].filter((type) => type.issue !== undefined).map((type) => type.schema.type),
  )
}

/** Nobody may have the credentials, and yet they may exist. */
function unanswered(cause: LostAnswer): Failure {
  return new Failure(
    error('app/credentials-lost', 'The credentials did not arrive', {
      detail: `${cause.message}. It may have made credentials that nobody has: they end with their lease.`,
      help: 'Try again.',
    }),
    { cause },
  )
}

function refuse(detail: string, help: string): Failure {
  return new Failure(error('app/credentials', 'There is nothing to get credentials from', { detail, help }))
}
