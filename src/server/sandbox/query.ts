import { authenticate, queryWords } from './authenticate.js'
import { AwsError } from './aws-error.js'
import { type Form, readForm } from './form.js'
import { callIam, iamCalls } from './iam.js'
import { partitionOfRegion } from './region.js'
import type { Service } from './service.js'
import type { Authorization, SignedRequest } from './signature.js'
import { stsCalls } from './sts.js'
import { type XmlElements, xmlDocument } from './xml.js'

/** The services of the query protocol, with the versions of their APIs. */
const apis = {
  sts: { version: '2011-06-15', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/', calls: stsCalls },
  iam: { version: '2010-05-08', namespace: 'https://iam.amazonaws.com/doc/2010-05-08/', calls: iamCalls },
} as const

export type QueryService = keyof typeof apis

/** Where IAM is signed for, by partition: it has one region in each. */
const iamRegions: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
}

/** Answers a request of STS or IAM: parameters in a form, the answer in XML. */
export async function answerQuery(
  service: Service,
  name: QueryService,
  request: SignedRequest,
  authorization: Authorization | undefined,
): Promise<Response> {
  const requestId = uuid(service.random(16))
  const { namespace } = apis[name]
  try {
    const { action, result } = await perform(service, name, request, authorization)
    const content = {
      ...(result !== undefined && { [`${action}Result`]: result }),
      ResponseMetadata: { RequestId: requestId },
    }
    return xmlResponse(200, xmlDocument(`${action}Response`, namespace, content), requestId)
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause
    const { status, code, message } = cause
    const error = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message }
    const content = { Error: error, RequestId: requestId }
    return xmlResponse(status, xmlDocument('ErrorResponse', namespace, content), requestId)
  }
}

async function perform(
  service: Service,
  name: QueryService,
  request: SignedRequest,
  authorization: Authorization | undefined,
): Promise<{ readonly action: string; readonly result: XmlElements | undefined }> {
  const { calls, version } = apis[name]
  if (service.pace.isTooFast(name)) throw new AwsError(400, 'Throttling', 'Rate exceeded')
  const form = readParameters(request)
  const action = form.get('Action') ?? ''
  if (authorization === undefined)
    throw new AwsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token')
  if (!Object.hasOwn(calls, action))
    throw new AwsError(400, 'InvalidAction', `Could not find operation ${action} for version ${version}`)
  if (form.get('Version') !== version)
    throw new AwsError(
      400,
      'InvalidAction',
      `Could not find operation ${action} for version ${form.get('Version') ?? 'NO_VERSION_SPECIFIED'}`,
    )
  const caller = await authenticate(service, request, authorization, queryWords)
  checkScope(name, request, authorization, caller.partition)
  const result =
    name === 'sts'
      ? (stsCalls[action] as (typeof stsCalls)[string])(service, caller, form)
      : await callIam(service, caller, action, form)
  return { action, result }
}

function readParameters({ url, body, headers }: SignedRequest): Form {
  const parameters = new URLSearchParams(url.search)
  if (headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true)
    for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8')))
      parameters.append(name, value)
  return readForm(parameters)
}

/** Keys count in their own partition only; the region that is signed for is the endpoint's. */
function checkScope(
  name: QueryService,
  { url }: SignedRequest,
  { region }: Authorization,
  partition: string,
): void {
  if (partitionOfRegion(region) !== partition) throw queryWords.unknownKey('')
  const host = /^sts\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(url.hostname)?.[1]
  const expected =
    name === 'iam' ? iamRegions[partition] : url.hostname === 'sts.amazonaws.com' ? 'us-east-1' : host
  if (expected !== undefined && expected !== region)
    throw new AwsError(
      403,
      'SignatureDoesNotMatch',
      `Credential should be scoped to a valid region, not '${region}'. `,
    )
}

function xmlResponse(status: number, body: string, requestId: string): Response {
  return new Response(body, {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  })
}

function uuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  )
}
