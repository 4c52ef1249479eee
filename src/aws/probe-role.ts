import { parseArn } from '../core/aws.js'
import type { AwsAccess, AwsIdentity } from './access.js'
import { ask, type Patience } from './ask.js'
import { defaultRegion, stsClient } from './clients.js'
import {
  assumeDenied,
  credentialsInvalid,
  durationTooLong,
  type Outcome,
  otherIdentity,
  throttled,
  unreachable,
} from './probe-outcome.js'
import { emptyAnswer, isCallersFault, isThrottled, type Refusal } from './refusal.js'

/** A role, and how it is assumed. */
export interface RoleTarget {
  readonly role: string
  readonly externalId?: string
  /** Of the session; absent: what AWS gives, an hour. */
  readonly durationSeconds?: number
}

/** What a step found: the way on, or the end. `mayPass`: a change that AWS has not spread yet can be the cause. */
export type Step<T> = { readonly next: T } | { readonly end: Outcome; readonly mayPass: boolean }

const sessionName = 'rolecall-probe'

/** Assumes a role and checks who one became. */
export async function enterRole(
  target: RoleTarget,
  access: AwsAccess,
  patience: Patience,
): Promise<Step<{ readonly identity: AwsIdentity; readonly arn: string }>> {
  const entered = await assume(target, access, patience)
  if ('refusal' in entered) return roleRefused(target, entered.refusal)
  const identity = entered.answer
  const who = await whoIs(identity, access, patience, regionOfRole(target.role, access))
  if ('end' in who) return who
  if (!isSessionOf(who.next, target.role))
    return { end: otherIdentity(target.role, who.next), mayPass: false }
  return { next: { identity, arn: who.next } }
}

/** Whether a role that demands an external id, as far as anybody knows, lets in who gives none. */
export async function entersWithoutExternalId(
  target: RoleTarget,
  access: AwsAccess,
  patience: Patience,
): Promise<boolean> {
  const { role, durationSeconds } = target
  const without = durationSeconds === undefined ? { role } : { role, durationSeconds }
  return 'answer' in (await assume(without, access, patience))
}

/** Who keys belong to, as an ARN. Without keys: those that the access has. */
export async function whoIs(
  identity: AwsIdentity | undefined,
  access: AwsAccess,
  patience: Patience,
  region: string = defaultRegion(access),
  whose: 'own' | 'probed' | 'session' = identity === undefined ? 'own' : 'session',
): Promise<Step<string>> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts')
  const client = await stsClient(access, { region, ...(identity !== undefined && { identity }) })
  const asked = await ask(() => client.send(new GetCallerIdentityCommand({})), patience)
  client.destroy()
  if ('answer' in asked && asked.answer.Arn) return { next: asked.answer.Arn }
  const refusal = 'refusal' in asked ? asked.refusal : emptyAnswer('GetCallerIdentity', 'ARN')
  if (!refusal.foreign && refusal.status !== undefined && refusal.status < 500 && !isThrottled(refusal))
    return { end: credentialsInvalid(whose, refusal), mayPass: false }
  return { end: commonEnd(refusal, whose), mayPass: false }
}

/** What says the same wherever it happens. */
export function commonEnd(refusal: Refusal, whose: 'own' | 'probed' | 'session'): Outcome {
  if (refusal.foreign) return unreachable(refusal)
  if (isCallersFault(refusal)) return credentialsInvalid(whose, refusal)
  if (isThrottled(refusal)) return throttled(refusal)
  return unreachable(refusal)
}

/** How the regions of a partition begin, and one that it has had from its beginning. */
const regions: Readonly<Record<string, readonly [prefix: string, first: string]>> = {
  'aws-cn': ['cn-', 'cn-north-1'],
  'aws-us-gov': ['us-gov-', 'us-gov-west-1'],
  'aws-eusc': ['eusc-', 'eusc-de-east-1'],
  'aws-iso': ['us-iso-', 'us-iso-east-1'],
  'aws-iso-b': ['us-isob-', 'us-isob-east-1'],
}

/** Where STS is asked: in the usual region, if that is in the role's partition. No role can be assumed from another. */
export function regionOfRole(role: string | undefined, access: AwsAccess): string {
  const usual = defaultRegion(access)
  const partition = role === undefined ? undefined : parseArn(role)?.partition
  const [prefix, first] = regions[partition ?? ''] ?? ['', usual]
  return usual.startsWith(prefix) ? usual : first
}

async function assume(
  { role, externalId, durationSeconds }: RoleTarget,
  access: AwsAccess,
  patience: Patience,
): Promise<{ readonly answer: AwsIdentity } | { readonly refusal: Refusal }> {
  const { AssumeRoleCommand } = await import('@aws-sdk/client-sts')
  const client = await stsClient(access, { region: regionOfRole(role, access) })
  const command = new AssumeRoleCommand({
    RoleArn: role,
    RoleSessionName: sessionName,
    ...(externalId !== undefined && { ExternalId: externalId }),
    ...(durationSeconds !== undefined && { DurationSeconds: durationSeconds }),
  })
  const asked = await ask(() => client.send(command), patience)
  client.destroy()
  if ('refusal' in asked) return asked
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken,
  } = asked.answer.Credentials ?? {}
  if (accessKeyId === undefined || secretAccessKey === undefined || SessionToken === undefined)
    return { refusal: emptyAnswer('AssumeRole', 'credentials') }
  return { answer: { accessKeyId, secretAccessKey, sessionToken: SessionToken } }
}

function roleRefused(target: RoleTarget, refusal: Refusal): Step<never> {
  const { role, externalId, durationSeconds } = target
  const tooShort = /greater than or equal/i.test(refusal.words)
  const duration = /DurationSeconds|MaxSessionDuration|chain/i.test(refusal.words)
  if (refusal.code === 'ValidationError' && duration && !tooShort)
    return { end: durationTooLong(role, durationSeconds, refusal), mayPass: false }
  const client = refusal.status !== undefined && refusal.status >= 400 && refusal.status < 500
  const known = isCallersFault(refusal) || isThrottled(refusal) || refusal.code === 'RegionDisabledException'
  if (known || !client || refusal.foreign) return { end: commonEnd(refusal, 'own'), mayPass: false }
  return { end: assumeDenied(role, refusal, externalId !== undefined), mayPass: refusal.status === 403 }
}

/** A session's ARN has neither the role's path nor its service: account and last name are what can be compared. */
function isSessionOf(session: string, role: string): boolean {
  const [is, of] = [parseArn(session), parseArn(role)]
  const name = of?.resource.split('/').at(-1)
  return (
    is?.account === of?.account &&
    is?.resource.split('/')[1] === name &&
    /^assumed-role\//.test(is?.resource ?? '')
  )
}
