import type { AwsAccess, AwsIdentity } from './access.js'
import { ask, type Patience } from './ask.js'
import { s3Client } from './clients.js'
import {
  bucketDenied,
  emptyPrefix,
  noSuchBucket,
  type Outcome,
  ownerMismatch,
  wrongRegion,
} from './probe-outcome.js'
import { commonEnd, type Step } from './probe-role.js'
import { emptyAnswer, type Refusal } from './refusal.js'

/** A place in S3, and what is expected of it. */
export interface BucketTarget {
  readonly bucket: string
  /** Of keys, as it is configured. Default: the whole bucket. */
  readonly prefix?: string
  /** The account that must own the bucket: 12 digits. */
  readonly owner?: string
  /** Where the bucket should be. Absent: wherever it is. */
  readonly region?: string
}

export interface BucketOptions extends Patience {
  readonly access: AwsAccess
  readonly identity: AwsIdentity
  /** Whose identity it is. */
  readonly whose: 'probed' | 'session'
  /** Where to ask first, if the target says no region. */
  readonly startRegion: string
  /** One request may go to the bucket whoever owns it, to tell a wrong owner from a lack of permission. */
  readonly confirmOwner: boolean
}

/** The bucket can be listed. `remarks` are what is wrong nevertheless. */
interface Listed {
  readonly region: string
  readonly remarks: readonly Outcome[]
}

/** More than this many regions one after the other is a circle. */
const mostHops = 3

/** Lists the bucket below the prefix, in its region, in the name of an identity. */
export async function listBucket(target: BucketTarget, options: BucketOptions): Promise<Step<Listed>> {
  let region = await regionOf(target, options)
  if (typeof region !== 'string') return { end: commonEnd(region, options.whose), mayPass: false }
  const tried = new Set<string>()
  for (;;) {
    tried.add(region)
    const asked = await list(target, options, region, target.owner)
    if ('answer' in asked) {
      const { bucket, prefix = '' } = target
      const elsewhere = target.region !== undefined && target.region !== region
      return {
        next: {
          region,
          remarks: [
            ...(elsewhere ? [wrongRegion(bucket, region, target.region)] : []),
            ...(asked.answer > 0 ? [] : [emptyPrefix(bucket, prefix)]),
          ],
        },
      }
    }
    const { refusal } = asked
    if (!regionCodes.has(refusal.code)) return await refused(target, options, region, refusal)
    if (refusal.region === undefined || tried.has(refusal.region) || tried.size >= mostHops)
      return { end: wrongRegion(target.bucket, refusal.region, undefined), mayPass: false }
    region = refusal.region
  }
}

const regionCodes = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
])

/** The region, which S3 tells even those whom it denies everything; or what kept it from answering at all. */
async function regionOf(target: BucketTarget, options: BucketOptions): Promise<string | Refusal> {
  const { HeadBucketCommand } = await import('@aws-sdk/client-s3')
  let region = target.region ?? options.startRegion
  for (let hop = 0; hop < mostHops; hop++) {
    const client = await s3Client(options.access, { identity: options.identity, region })
    const { bucket: Bucket, owner } = target
    const command = new HeadBucketCommand({
      Bucket,
      ...(owner !== undefined && { ExpectedBucketOwner: owner }),
    })
    const asked = await ask(() => client.send(command), options)
    client.destroy()
    if ('answer' in asked) return asked.answer.BucketRegion ?? region
    const { refusal } = asked
    if (refusal.status === undefined) return refusal
    if (refusal.region === undefined || refusal.region === region) return region
    region = refusal.region
  }
  return region
}

/** How many keys there are, of one at most. */
async function list(
  { bucket, prefix = '' }: BucketTarget,
  { access, identity, ...patience }: BucketOptions,
  region: string,
  owner: string | undefined,
): Promise<{ readonly answer: number } | { readonly refusal: Refusal }> {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3')
  const client = await s3Client(access, { identity, region })
  const command = new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: prefix,
    MaxKeys: 1,
    ...(owner !== undefined && { ExpectedBucketOwner: owner }),
  })
  const asked = await ask(() => client.send(command), patience)
  client.destroy()
  if ('refusal' in asked) return asked
  const { KeyCount, Contents, Name } = asked.answer
  if (KeyCount === undefined && Contents === undefined && Name === undefined)
    return { refusal: emptyAnswer('ListObjectsV2', 'bucket') }
  return { answer: KeyCount ?? Contents?.length ?? 0 }
}

async function refused(
  target: BucketTarget,
  options: BucketOptions,
  region: string,
  refusal: Refusal,
): Promise<Step<never>> {
  const { bucket, prefix = '', owner } = target
  switch (refusal.code) {
    case 'NoSuchBucket':
    case 'InvalidBucketName':
      return { end: noSuchBucket(bucket), mayPass: false }
    case 'InvalidBucketOwnerAWSAccountID':
      return { end: ownerMismatch(bucket, owner ?? '', refusal), mayPass: false }
  }
  if (refusal.code !== 'AccessDenied' && refusal.code !== 'AllAccessDisabled')
    return { end: commonEnd(refusal, options.whose), mayPass: false }
  const ask = owner !== undefined && options.confirmOwner
  const anybody = ask ? await list(target, options, region, undefined) : undefined
  if (anybody !== undefined && 'answer' in anybody)
    return { end: ownerMismatch(bucket, owner ?? ''), mayPass: false }
  return { end: bucketDenied({ bucket, prefix, owner }, refusal, ask), mayPass: true }
}
