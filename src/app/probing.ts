import type { ProbeRunOptions } from '../app.js'
import type { AwsAccess } from '../aws/access.js'
import { probe } from '../aws/probe.js'
import { whoIs } from '../aws/probe-role.js'
import { type Address, blockOf, formatAddress, parseAddress } from '../core/address.js'
import type { Configuration } from '../core/configuration.js'
import { error, Failure, failOnErrors } from '../core/diagnostic.js'
import { nearest } from '../core/nearest.js'
import { accessKey, type Probed, type ProbeResult, provesPermissionsOnly, verdictOf } from '../core/probed.js'
import type { Access } from '../core/resource.js'
import type { State } from '../core/state.js'
import { covers } from '../engine/hidden-texts.js'
import { mapPooled } from '../engine/pool.js'
import { createWalkContext, walk } from '../engine/walk.js'
import { existingAccesses, type FoundAccess } from './accesses.js'
import { readStateOf, storeOf } from './planning.js'
import { readSoundProject } from './project.js'
import { freshKey, type Session, walkInput, walkOptions } from './session.js'
import { sleep } from './system.js'

/** Probes the accesses of recorded objects, as the services have them. Writes nothing. */
export async function probeExisting(session: Session, options: ProbeRunOptions): Promise<ProbeResult> {
  const project = await readSoundProject(session, options)
  const store = await storeOf(session, project.configuration)
  const { state } = await readStateOf(session, store)
  const addresses = options.addresses.map((text) => knownAddress(text, project.configuration, state))
  const context = createWalkContext(
    await walkInput(session, {
      ...project,
      state,
      fingerprintKey: state.fingerprintKey ?? freshKey(),
      options: { ...walkOptions({ ...options, targets: addresses }), guarded: false },
    }),
  )
  try {
    const walked = await walk(context)
    failOnErrors(walked.diagnostics)
    return await probeAccesses(session, await existingAccesses(walked, addresses), options)
  } finally {
    await context.connections.close()
  }
}

/** The address that a text of the command line names; it must be recorded, or an instance of it. */
function knownAddress(text: string, { resources }: Configuration, { rows }: State): Address {
  const parts = parseAddress(text)
  const address = parts === undefined ? text : formatAddress(parts)
  const recorded = [...rows.values()].map((row) => row.address)
  if (recorded.some((one) => one === address || blockOf(one) === address)) return address
  const near = nearest(address, recorded)
  const declared = resources.has(blockOf(address))
  throw new Failure(
    error('app/not-recorded', 'There is no such object to probe', {
      detail: `${text} is ${declared ? 'declared, but not' : 'neither declared nor'} in the state.`,
      help: declared
        ? '"rolecall apply" makes it; "rolecall plan --probe" tries it before.'
        : near === undefined
          ? '"rolecall state list" names what is recorded.'
          : `Did you mean ${near}?`,
    }),
  )
}

/** Probes accesses, some at a time; the results are in their order. */
export async function probeAccesses(
  session: Session,
  found: readonly FoundAccess[],
  options: Pick<ProbeRunOptions, 'parallelism' | 'confirmOwner' | 'untrustedOk'>,
): Promise<ProbeResult> {
  const { parallelism = 10, confirmOwner = false } = options
  const probing = found.flatMap(({ access }) => ('missing' in access ? [] : [access]))
  if (probing.length === 0) return { accesses: found.map((one) => described(one)) }
  const { ambient } = session
  const access = await session.aws.open()
  const patience = { sleep: (ms: number) => sleep(ms, ambient.stop), signal: ambient.stop }
  const own = probing.some(({ role, keys }) => role !== undefined && keys === undefined)
  const who = own ? await whoIs(undefined, access, patience) : undefined
  const caller = who !== undefined && 'next' in who ? who.next : undefined
  let done = 0
  const accesses = await mapPooled(found, parallelism, async (one) => {
    if ('missing' in one.access) return described(one)
    const started = ambient.now().getTime()
    const report = await probe(targetOf(one.access), {
      ...patience,
      access: assumedWith(one.access, access),
      now: () => ambient.now(),
      confirmOwner,
    })
    const milliseconds = ambient.now().getTime() - started
    const whole = inView({ ...described(one), ...report, milliseconds }, caller, options)
    const probed = concealed(whole, one)
    const classes = probed.outcomes.map((outcome) => outcome.class).join(', ')
    const { address } = one
    const verdict = verdictOf(probed)
    ambient.progress({ kind: 'probe-end', address, classes, verdict, done: ++done, total: probing.length })
    return probed
  })
  return { accesses, ...(caller !== undefined && { caller }) }
}

/** What else is to be said of a refusal by whoever knows how the probe was asked for. */
function inView(probed: Probed, caller: string | undefined, options: ProbeFlags): Probed {
  const { confirmOwner = false, untrustedOk = false } = options
  const { owner, assumedBy } = probed
  const closed = assumedBy !== undefined && provesPermissionsOnly(probed, caller)
  return {
    ...probed,
    outcomes: probed.outcomes.map((one) => {
      // A role that somebody else assumes when it is really used may be right not to let us in.
      if (one.class === 'assume_denied' && closed) {
        const more = `Or it lets in only whom it is for (${assumedBy}), which a probe from here cannot tell${untrustedOk ? '' : '; with --untrusted-ok this is a warning'}.`
        const severity = untrustedOk ? 'warning' : one.severity
        return { ...one, severity, remedy: `${one.remedy ?? ''} ${more}`.trim() }
      }
      if (one.class === 'bucket_denied' && owner !== undefined && !confirmOwner)
        return { ...one, remedy: `${one.remedy ?? ''} --confirm-owner tells which of the two it is.`.trim() }
      return one
    }),
  }
}

type ProbeFlags = Pick<ProbeRunOptions, 'confirmOwner' | 'untrustedOk'>

function targetOf({ keys, ...place }: Access) {
  return keys === undefined || place.role !== undefined ? place : { ...place, identity: identityOf(keys) }
}

/** A role that comes with keys is assumed with them. */
function assumedWith({ keys, role }: Access, access: AwsAccess): AwsAccess {
  return keys === undefined || role === undefined ? access : { ...access, identity: identityOf(keys) }
}

function identityOf({ id, secret }: NonNullable<Access['keys']>) {
  return { accessKeyId: id, secretAccessKey: secret.reveal() }
}

/** AWS may quote a key that it refuses, and a role or bucket may be declared as sensitive. */
function concealed(probed: Probed, { access, hidden }: FoundAccess): Probed {
  const { keys, role, bucket, prefix, owner: account }: Access = 'missing' in access ? {} : access
  // Sentences have parts of what is hidden: the name of a role, the bucket of an address.
  const parts = [role, role?.split('/').at(-1), bucket, prefix, account].flatMap((part) => part || [])
  const cover = covers([
    ...hidden,
    ...parts.filter((part) => hidden.some((text) => text.includes(part))),
    ...(keys === undefined ? [] : [keys.id, keys.secret.reveal()]),
  ])
  const { identity, place, owner, became } = probed
  return {
    ...probed,
    ...(identity !== undefined && { identity: cover(identity) }),
    ...(place !== undefined && { place: cover(place) }),
    ...(owner !== undefined && { owner: cover(owner) }),
    ...(became !== undefined && { became: cover(became) }),
    outcomes: probed.outcomes.map((one) => ({
      ...one,
      text: cover(one.text),
      ...(one.remedy !== undefined && { remedy: cover(one.remedy) }),
    })),
  }
}

function described({ address, type, span, access }: FoundAccess): Probed {
  const base = { address, type, outcomes: [], milliseconds: 0, ...(span !== undefined && { span }) }
  if ('missing' in access) return { ...base, skipped: access.missing }
  const { role, keys, bucket, prefix = '', owner, assumedBy } = access
  // The id of a key is as sensitive as the configuration says.
  const identity = role ?? (keys === undefined ? undefined : accessKey)
  return {
    ...base,
    ...(identity !== undefined && { identity }),
    ...(bucket !== undefined && { place: `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}` }),
    ...(owner !== undefined && { owner }),
    ...(assumedBy !== undefined && { assumedBy }),
    ...(keys !== undefined && { withOwnKeys: true as const }),
  }
}
