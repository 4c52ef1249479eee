import type { AwsAccess, AwsIdentity } from './access.js'
import { type BucketTarget, listBucket } from './probe-bucket.js'
import { fine, type Outcome, trustWithoutExternalId } from './probe-outcome.js'
import { enterRole, entersWithoutExternalId, regionOfRole, type Step, whoIs } from './probe-role.js'

/** What is probed: a role or keys, and the place that they should reach. */
export interface ProbeTarget extends Partial<BucketTarget> {
  /** The ARN of the role to assume. */
  readonly role?: string
  readonly externalId?: string
  /** Of the session of the role. */
  readonly durationSeconds?: number
  /** Keys to try in the place of a role. */
  readonly identity?: AwsIdentity
}

export interface ProbeOptions {
  /** The AWS, and in whose name the role is assumed. */
  readonly access: AwsAccess
  now(): Date
  sleep(milliseconds: number): Promise<void>
  /** When something was last changed that the access depends on: what is denied within two minutes of it is tried again. */
  readonly changedAt?: Date
  /**
   * Allows one request to the bucket without naming its owner, which may be a stranger, when access is denied: it tells a
   * wrong owner from a lack of permission. Default: false.
   */
  readonly confirmOwner?: boolean
  /** Tries the role without its external id too, once it could be assumed with it. Default: true. */
  readonly confirmExternalId?: boolean
  /** Called with a sentence when the probe waits. */
  progress?(text: string): void
  readonly signal?: AbortSignal
}

export interface ProbeReport {
  /** At least one. What ended the probe, or that it went well, comes first. */
  readonly outcomes: readonly Outcome[]
  /** Who one became, as an ARN, as soon as AWS said so. */
  readonly became?: string
  /** Where the bucket is. */
  readonly region?: string
}

/** For how long after a change AWS may still deny what it allows. */
const settling = 120_000
const firstWait = 2_000
const longestWait = 15_000

/**
 * Finds out whether an access works: assumes the role, checks who one became, and lists the bucket. What AWS refuses is an
 * outcome, never an error that is thrown.
 */
export async function probe(target: ProbeTarget, options: ProbeOptions): Promise<ProbeReport> {
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    const tried = await once(target, options)
    const { changedAt } = options
    const end = changedAt === undefined ? 0 : changedAt.getTime() + settling
    const [first] = tried.report.outcomes
    if (!tried.mayPass || first === undefined || options.now().getTime() + wait > end)
      return await withTrust(target, options, tried.report)
    const seconds = Math.round(wait / 1000)
    options.progress?.(`${first.class}: AWS may not have spread a recent change yet, next try in ${seconds}s`)
    await options.sleep(wait)
    options.signal?.throwIfAborted()
  }
}

async function once(
  target: ProbeTarget,
  options: ProbeOptions,
): Promise<{ readonly report: ProbeReport; readonly mayPass: boolean }> {
  const entered = await enter(target, options)
  if ('end' in entered) return { report: { outcomes: [entered.end] }, mayPass: entered.mayPass }
  const { identity, arn: became } = entered.next
  const { bucket, role, prefix = '' } = target
  if (bucket === undefined)
    return { report: { outcomes: [fine(`We became ${became}.`)], became }, mayPass: false }
  const listed = await listBucket(
    { ...target, bucket },
    {
      access: options.access,
      identity,
      whose: role === undefined ? 'probed' : 'session',
      startRegion: regionOfRole(role, options.access),
      confirmOwner: options.confirmOwner ?? false,
      ...patienceOf(options),
    },
  )
  if ('end' in listed) return { report: { outcomes: [listed.end], became }, mayPass: listed.mayPass }
  const { region, remarks } = listed.next
  const outcomes =
    remarks.length > 0 ? remarks : [fine(`s3://${bucket}/${prefix} in ${region} can be listed as ${became}.`)]
  return { report: { outcomes, became, region }, mayPass: false }
}

async function enter(
  target: ProbeTarget,
  options: ProbeOptions,
): Promise<Step<{ readonly identity: AwsIdentity; readonly arn: string }>> {
  const { role, identity } = target
  if (role !== undefined) return await enterRole({ ...target, role }, options.access, patienceOf(options))
  if (identity === undefined) throw new Error('a probe needs a role or keys')
  const who = await whoIs(identity, options.access, patienceOf(options), undefined, 'probed')
  return 'end' in who ? who : { next: { identity, arn: who.next } }
}

/** A role that was entered is tried without its external id, too. */
async function withTrust(
  target: ProbeTarget,
  options: ProbeOptions,
  report: ProbeReport,
): Promise<ProbeReport> {
  const { role, externalId } = target
  const wanted = options.confirmExternalId ?? true
  if (!wanted || role === undefined || externalId === undefined || report.became === undefined) return report
  if (!(await entersWithoutExternalId({ ...target, role }, options.access, patienceOf(options))))
    return report
  return { ...report, outcomes: [...report.outcomes, trustWithoutExternalId(role)] }
}

function patienceOf({ sleep, signal }: ProbeOptions) {
  return signal === undefined ? { sleep } : { sleep, signal }
}
