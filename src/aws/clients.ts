import type { IAMClient } from '@aws-sdk/client-iam'
import type { S3Client } from '@aws-sdk/client-s3'
import type { STSClient } from '@aws-sdk/client-sts'
import type { AwsAccess, AwsIdentity } from './access.js'
import { answerHandler } from './answer-handler.js'

export interface ClientOptions {
  /** In whose name. Absent: that of the access. */
  readonly identity?: AwsIdentity
  /** Absent: `AWS_REGION`, else `us-east-1`. */
  readonly region?: string
  /** A URL instead of the one that the SDK would choose. */
  readonly endpoint?: string
}

/** Milliseconds for a connection, and for an answer. */
const patience = { connectionTimeout: 5_000, requestTimeout: 15_000 }

/** A client of STS. The SDK of a service is loaded with its first client: it costs 60 to 170 ms. */
export async function stsClient(access: AwsAccess, options: ClientOptions = {}): Promise<STSClient> {
  const { STSClient } = await import('@aws-sdk/client-sts')
  return new STSClient(settings(access, options))
}

/** A client of IAM. */
export async function iamClient(access: AwsAccess, options: ClientOptions = {}): Promise<IAMClient> {
  const { IAMClient } = await import('@aws-sdk/client-iam')
  return new IAMClient(settings(access, options))
}

/**
 * A client of S3. It addresses buckets by path in the sandbox and at an endpoint of one's own, which have no host for each
 * bucket. It follows no redirection to another region by itself: who probes wants to know.
 */
export async function s3Client(access: AwsAccess, options: ClientOptions = {}): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3')
  const own = options.endpoint ?? access.env('AWS_ENDPOINT_URL_S3') ?? access.env('AWS_ENDPOINT_URL')
  return new S3Client({
    ...settings(access, options),
    forcePathStyle: access.answer !== undefined || own !== undefined,
  })
}

/** The region that is asked where none is named. */
export function defaultRegion({ env }: AwsAccess): string {
  return env('AWS_REGION') ?? env('AWS_DEFAULT_REGION') ?? 'us-east-1'
}

function settings(access: AwsAccess, { identity = access.identity, region, endpoint }: ClientOptions) {
  const carried = access.answer ?? access.carry
  return {
    region: region ?? defaultRegion(access),
    // Whether something may be repeated is for the caller to know.
    maxAttempts: 1,
    requestHandler: carried === undefined ? patience : answerHandler(carried),
    ...(identity === undefined ? {} : { credentials: { ...identity } }),
    ...(endpoint === undefined ? {} : { endpoint }),
  }
}
