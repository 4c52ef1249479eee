import type { ProbedOutcome } from '../core/probed.js'
import type { Refusal } from './refusal.js'

/** Every way that a probe can end. */
export const outcomeClasses = [
  'ok',
  'ok_empty_prefix',
  'wrong_region',
  'no_such_bucket',
  'owner_mismatch',
  'bucket_denied',
  'assume_denied',
  'trust_without_external_id',
  'duration_too_long',
  'caller_credentials_invalid',
  'throttled',
  'unreachable',
] as const
export type OutcomeClass = (typeof outcomeClasses)[number]

/** One thing that a probe found. `actualRegion` is that of `wrong_region`. */
export interface Outcome extends ProbedOutcome {
  readonly class: OutcomeClass
}

export function fine(text: string): Outcome {
  return { class: 'ok', severity: 'ok', text }
}

export function emptyPrefix(bucket: string, prefix: string): Outcome {
  const place = prefix === '' ? 'in it' : `below ${prefix}`
  return {
    class: 'ok_empty_prefix',
    severity: 'warning',
    text: `The bucket ${bucket} can be listed, but there is no object ${place}.`,
    remedy:
      prefix === ''
        ? 'Nothing, if the data is still to come; otherwise check the name of the bucket.'
        : 'Nothing, if the data is still to come; otherwise check the spelling of the prefix: upper and lower case and the slash at its end count.',
  }
}

/** `configured`: the region that the configuration names; absent: the bucket's region could not be found. */
export function wrongRegion(
  bucket: string,
  actual: string | undefined,
  configured: string | undefined,
): Outcome {
  if (actual === undefined || configured === undefined)
    return {
      class: 'wrong_region',
      severity: 'error',
      text: `The bucket ${bucket} was in none of the regions that S3 pointed to.`,
      remedy: 'A bucket that was just made or moved needs some minutes; otherwise name its region.',
      ...(actual !== undefined && { actualRegion: actual }),
    }
  return {
    class: 'wrong_region',
    severity: 'error',
    text: `The bucket ${bucket} is in ${actual}, not in ${configured}.`,
    remedy: `Write ${actual} as the region.`,
    actualRegion: actual,
  }
}

export function noSuchBucket(bucket: string): Outcome {
  return failed(
    'no_such_bucket',
    `There is no bucket "${bucket}".`,
    'Check the spelling of its name, and the partition: a bucket of the commercial regions does not exist in China or GovCloud. If it is to be made, make it first.',
  )
}

export function ownerMismatch(bucket: string, owner: string, refusal?: Refusal): Outcome {
  if (refusal !== undefined)
    return failed(
      'owner_mismatch',
      `S3 does not take ${JSON.stringify(owner)} for the id of an account: ${said(refusal)}.`,
      'An AWS account id has 12 digits, leading zeros included: quote it.',
    )
  return failed(
    'owner_mismatch',
    `The account ${owner} does not own the bucket ${bucket}: the same request works when no owner is expected.`,
    "Check the bucket's name first: it may be somebody else's bucket. If it is the right one, write the account that owns it as the expected owner.",
  )
}

/** `ruledOut`: it was tried without the owner too, so the owner is not the reason. */
export function bucketDenied(
  place: { readonly bucket: string; readonly prefix: string; readonly owner: string | undefined },
  refusal: Refusal,
  ruledOut: boolean,
): Outcome {
  const { bucket, prefix, owner } = place
  const below = prefix === '' ? '' : ` and lets it list below ${prefix} (a condition on s3:prefix may not)`
  const another =
    owner === undefined || ruledOut
      ? ''
      : ` Or ${owner} is not the owner of the bucket, for which S3 has the same answer.`
  return failed(
    'bucket_denied',
    `Listing s3://${bucket}/${prefix} is denied: ${said(refusal)}.`,
    `Check that the policy of the identity allows s3:ListBucket on arn:aws:s3:::${bucket}${below}, and that neither the bucket's policy, a VPC endpoint nor an organisation's policy forbids it.${another}`,
  )
}

export function assumeDenied(role: string, refusal: Refusal, externalId: boolean): Outcome {
  if (refusal.code === 'ValidationError' || refusal.code === 'InvalidParameterValue')
    return failed(
      'assume_denied',
      `AWS does not take the request to assume ${role}: ${said(refusal)}.`,
      'Check the ARN of the role, and that the external id has 2 to 1224 letters, digits and _+=,.@:/- only. A session lasts at least 900 seconds.',
    )
  const condition = externalId ? ' under exactly this external id' : ' without asking for an external id'
  return failed(
    'assume_denied',
    `${role} cannot be assumed: ${said(refusal)}.`,
    `AWS does not tell which it is: the role does not exist (check account, path and spelling), its trust policy does not name the caller${condition}, the caller's own policy lacks sts:AssumeRole, or an organisation's policy forbids it. Look at the role's trust policy first.`,
  )
}

export function otherIdentity(role: string, became: string): Outcome {
  return failed(
    'assume_denied',
    `${role} was assumed, but AWS says that this made us ${became}.`,
    'What answers is no AWS that keeps accounts apart. Check AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_STS.',
  )
}

export function trustWithoutExternalId(role: string): Outcome {
  return {
    class: 'trust_without_external_id',
    severity: 'warning',
    text: `${role} can be assumed without its external id as well, so that anybody who makes the service use it for them gets in (the confused deputy).`,
    remedy:
      'Add a condition to the role\'s trust policy: "StringEquals": {"sts:ExternalId": the external id}.',
  }
}

export function durationTooLong(role: string, seconds: number | undefined, refusal: Refusal): Outcome {
  const asked = seconds === undefined ? 'The session' : `A session of ${seconds} seconds`
  const remedy = /chain/i.test(refusal.words)
    ? 'The caller is itself a session of a role, and a session from a session (role chaining) lasts 3600 seconds at most: ask for no more, or call with the keys of a user.'
    : "Ask for less, or raise the role's maximum session duration in IAM (up to 43200 seconds)."
  return failed('duration_too_long', `${asked} of ${role} is too long: ${said(refusal)}.`, remedy)
}

/** `own`: the keys that are probed with; otherwise those that are probed, or a role's that AWS just gave. */
export function credentialsInvalid(whose: 'own' | 'probed' | 'session', refusal: Refusal): Outcome {
  const clock = /Skew|RequestExpired/.test(refusal.code)
    ? 'The clock of this machine is off: set it.'
    : undefined
  const help = {
    own: 'Check who calls: AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the expiry of a session, and the clock. "aws sts get-caller-identity" shows the same.',
    probed:
      'The access key is not known, not active, or does not belong to this secret. Check both in IAM, and the clock.',
    session:
      "S3 refuses the session that STS has just given. Check that AWS_ENDPOINT_URL… leads to one and the same AWS, and that the bucket's region is enabled for the account.",
  }[whose]
  const words = refusal.code === 'CredentialsProviderError' ? 'there are none' : said(refusal)
  return failed('caller_credentials_invalid', `AWS does not accept the credentials: ${words}.`, clock ?? help)
}

export function throttled(refusal: Refusal): Outcome {
  return failed(
    'throttled',
    `AWS slows requests down, after several tries: ${said(refusal)}.`,
    'Try again later, or probe fewer accesses at a time (--parallelism).',
  )
}

export function unreachable(refusal: Refusal): Outcome {
  if (refusal.code === 'RegionDisabledException')
    return failed(
      'unreachable',
      `STS does not serve this account in the region: ${said(refusal)}.`,
      'Enable the region in the account, or set AWS_REGION to one that is.',
    )
  if (refusal.foreign)
    return failed(
      'unreachable',
      `What answers is not AWS (HTTP ${refusal.status}).`,
      'A proxy or another server stands in between, or in its place: check AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS and AWS_ENDPOINT_URL_S3, and HTTPS_PROXY and NO_PROXY.',
    )
  return refusal.status === undefined
    ? failed(
        'unreachable',
        `AWS does not answer: ${said(refusal)}.`,
        'Check the network, HTTPS_PROXY and NO_PROXY, and AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS and AWS_ENDPOINT_URL_S3.',
      )
    : failed(
        'unreachable',
        `AWS answered with an error (HTTP ${refusal.status}): ${said(refusal)}.`,
        'Try again later. If it stays, check that the endpoint is that of AWS.',
      )
}

function failed(name: OutcomeClass, text: string, remedy: string): Outcome {
  return { class: name, severity: 'error', text, remedy }
}

/** AWS's code and words, on one line and without the full stop. */
function said({ code, words }: Refusal): string {
  const line = words.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')
  return line === '' || line === code || line === 'UnknownError' ? code : `${code}, "${line}"`
}
