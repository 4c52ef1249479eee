import { checkBucketName } from '../../core/aws.js'
import { authenticate, s3Words } from './authenticate.js'
import { AwsError } from './aws-error.js'
import { type Caller, may } from './caller.js'
import type { Bucket } from './fixture.js'
import { partitionOfRegion } from './region.js'
import { type S3Address, s3Address } from './s3-address.js'
import { type S3Operation, s3Namespace, s3Operation, xml } from './s3-operations.js'
import type { Service } from './service.js'
import type { Authorization, SignedRequest } from './signature.js'
import { xmlDocument } from './xml.js'

/** Answers a request of S3. */
export async function answerS3(
  service: Service,
  request: SignedRequest,
  authorization: Authorization | undefined,
): Promise<Response> {
  const requestId = Buffer.from(service.random(8)).toString('hex').toUpperCase()
  const hostId = Buffer.from(service.random(48)).toString('base64')
  const answer = await perform(service, request, authorization).catch((cause: unknown) => {
    if (!(cause instanceof AwsError)) throw cause
    const { status, code, message, details, headers } = cause
    const error = { Code: code, Message: message, ...details, RequestId: requestId, HostId: hostId }
    // Answers to HEAD have no body: only their status and headers speak.
    return new Response(request.method === 'HEAD' ? null : xmlDocument('Error', undefined, error), {
      status,
      headers: { 'content-type': 'application/xml', ...headers },
    })
  })
  answer.headers.set('x-amz-request-id', requestId)
  answer.headers.set('x-amz-id-2', hostId)
  return answer
}

async function perform(
  service: Service,
  request: SignedRequest,
  authorization: Authorization | undefined,
): Promise<Response> {
  if (service.pace.isTooFast('s3')) throw new AwsError(503, 'SlowDown', 'Please reduce your request rate.')
  const address = readAddress(request.url)
  if (authorization !== undefined && address.region !== undefined && authorization.region !== address.region)
    throw wrongRegion(authorization.region, address.region, {})
  if (address.bucket === undefined) return listBuckets(service, request, authorization)
  const bucket = findBucket(service, address.bucket, address.region ?? authorization?.region)
  const operation = s3Operation(request, address.key)
  if (bucket !== undefined && operation.everywhere === undefined) checkRegion(bucket, address, authorization)
  const located = bucket === undefined ? {} : { 'x-amz-bucket-region': bucket.region }
  if (authorization === undefined && bucket !== undefined) throw denied(located)
  const caller = authorization === undefined ? undefined : await identify(service, request, authorization)
  if (caller === undefined || bucket === undefined)
    throw new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist', {
      details: { BucketName: address.bucket },
    })
  checkOwner(request, bucket, located)
  if (!isPermitted(caller, operation, bucket, address.key, request.url.searchParams)) throw denied(located)
  try {
    return await operation.run(service, bucket, address.key, request)
  } catch (cause) {
    // Whoever may not list the bucket is not told what is not in it.
    const listing = { action: 's3:ListBucket' }
    const hidden = cause instanceof AwsError && cause.code === 'NoSuchKey'
    if (hidden && !isPermitted(caller, listing, bucket, '', new URLSearchParams())) throw denied(located)
    throw cause
  }
}

function readAddress(url: URL): S3Address {
  try {
    return s3Address(url)
  } catch (cause) {
    if (cause instanceof URIError) throw new AwsError(400, 'InvalidURI', "Couldn't parse the specified URI.")
    throw cause
  }
}

/** The bucket, if it is in the partition that is asked. */
function findBucket({ fixture }: Service, name: string, region: string | undefined): Bucket | undefined {
  const bucket = fixture.buckets.get(name)
  if (bucket === undefined && checkBucketName(name) !== undefined)
    throw new AwsError(400, 'InvalidBucketName', 'The specified bucket is not valid.', {
      details: { BucketName: name },
    })
  return region === undefined || bucket?.partition === partitionOfRegion(region) ? bucket : undefined
}

/** An endpoint of another region redirects; behind one that is of none, the bucket is there, and the signature is for elsewhere. */
function checkRegion(
  { name, region, partition }: Bucket,
  address: S3Address,
  authorization: Authorization | undefined,
): void {
  const headers = { 'x-amz-bucket-region': region }
  if (address.region !== undefined && address.region !== region) {
    const end = partition === 'aws-cn' ? '.cn' : ''
    throw new AwsError(
      301,
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      { details: { Endpoint: `${name}.s3.${region}.amazonaws.com${end}`, Bucket: name }, headers },
    )
  }
  if (authorization !== undefined && authorization.region !== region)
    throw wrongRegion(authorization.region, region, headers)
}

function wrongRegion(signed: string, expected: string, headers: Readonly<Record<string, string>>): AwsError {
  return new AwsError(
    400,
    'AuthorizationHeaderMalformed',
    `The authorization header is malformed; the region '${signed}' is wrong; expecting '${expected}'`,
    { details: { Region: expected }, headers },
  )
}

function denied(headers: Readonly<Record<string, string>> = {}): AwsError {
  return new AwsError(403, 'AccessDenied', 'Access Denied', { headers })
}

/** Keys count in their own partition only. */
async function identify(
  service: Service,
  request: SignedRequest,
  authorization: Authorization,
): Promise<Caller> {
  const caller = await authenticate(service, request, authorization, s3Words)
  if (partitionOfRegion(authorization.region) !== caller.partition)
    throw s3Words.unknownKey(authorization.accessKeyId)
  return caller
}

function checkOwner(
  { headers }: SignedRequest,
  { account }: Bucket,
  located: Readonly<Record<string, string>>,
): void {
  const expected = headers.get('x-amz-expected-bucket-owner')
  if (expected === undefined) return
  if (!/^\d{12}$/.test(expected))
    throw new AwsError(
      400,
      'InvalidBucketOwnerAWSAccountID',
      'The value of the expected bucket owner parameter must be an AWS Account ID...',
    )
  if (expected !== account) throw denied(located)
}

function isPermitted(
  caller: Caller,
  { action, keys }: Pick<S3Operation, 'action' | 'keys'>,
  { name, account, partition, policy }: Bucket,
  key: string,
  parameters: URLSearchParams,
): boolean {
  const resource = `arn:${partition}:s3:::${name}${key === '' ? '' : `/${key}`}`
  const access = {
    action,
    resource,
    keys: new Map([...(keys?.(parameters) ?? []), ['s3:resourceaccount', account]]),
  }
  return may(caller, access, { account, ...(policy !== undefined && { policy: policy.policy }) })
}

/** The buckets of the caller's account. */
async function listBuckets(
  service: Service,
  request: SignedRequest,
  authorization: Authorization | undefined,
): Promise<Response> {
  if (request.method !== 'GET')
    throw new AwsError(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.')
  if (authorization === undefined) throw denied()
  const caller = await identify(service, request, authorization)
  const { account } = caller.principal
  const access = { action: 's3:ListAllMyBuckets', resource: '*' }
  if (!may(caller, access, { account })) throw denied()
  const buckets = [...service.fixture.buckets.values()]
    .filter((bucket) => bucket.account === account)
    .map(({ name }) => ({ Name: name, CreationDate: new Date(0).toISOString() }))
  return xml(
    xmlDocument('ListAllMyBucketsResult', s3Namespace, {
      Owner: { ID: account },
      Buckets: { Bucket: buckets },
    }),
  )
}
