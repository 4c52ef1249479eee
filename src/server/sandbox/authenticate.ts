import { AwsError } from './aws-error.js'
import { type Caller, sessionCaller, userCaller } from './caller.js'
import type { Service } from './service.js'
import { openSession } from './session.js'
import { type Authorization, checkSignature, type SignatureWords, type SignedRequest } from './signature.js'
import { findKey } from './users.js'

/** The words in which a service refuses credentials: S3 has its own. */
export interface CredentialWords extends SignatureWords {
  readonly unknownKey: (id: string) => AwsError
  readonly badToken: () => AwsError
  readonly expired: () => AwsError
}

export const queryWords: CredentialWords = {
  unknownKey: () =>
    new AwsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'),
  badToken: () =>
    new AwsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'),
  expired: () => new AwsError(403, 'ExpiredToken', 'The security token included in the request is expired'),
  mismatch: () =>
    new AwsError(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    ),
  skewed: (sent, now) =>
    new AwsError(
      403,
      'SignatureDoesNotMatch',
      sent < now
        ? `Signature expired: ${compact(sent)} is now earlier than ${compact(new Date(now.getTime() - 900_000))} (${compact(now)} - 15 min.)`
        : `Signature not yet current: ${compact(sent)} is still later than ${compact(new Date(now.getTime() + 900_000))} (${compact(now)} + 15 min.)`,
    ),
}

export const s3Words: CredentialWords = {
  unknownKey: (id) =>
    new AwsError(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      {
        details: { AWSAccessKeyId: id },
      },
    ),
  badToken: () => new AwsError(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.'),
  expired: () => new AwsError(400, 'ExpiredToken', 'The provided token has expired.'),
  mismatch: () =>
    new AwsError(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    ),
  skewed: (sent, now) =>
    new AwsError(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      {
        details: {
          RequestTime: compact(sent),
          ServerTime: now.toISOString(),
          MaxAllowedSkewMilliseconds: '900000',
        },
      },
    ),
}

/** Finds who signed a request, and checks that they did. Throws an `AwsError` in the service's words. */
export async function authenticate(
  service: Service,
  request: SignedRequest,
  authorization: Authorization,
  words: CredentialWords,
): Promise<Caller> {
  const { accessKeyId } = authorization
  const token = request.headers.get('x-amz-security-token')
  const now = service.now()
  if (token === undefined) {
    const key = await findKey(service, accessKeyId)
    if (key === undefined) throw words.unknownKey(accessKeyId)
    await checkSignature(request, authorization, key.secret, now, words)
    return inContext(service, await userCaller(service, key.user), request, authorization)
  }
  const session = openSession(service, token)
  if (session === undefined) throw words.badToken()
  if (session.accessKeyId !== accessKeyId) throw words.unknownKey(accessKeyId)
  await checkSignature(request, authorization, session.secret, now, words)
  if (session.expires <= now.getTime()) throw words.expired()
  const caller = await sessionCaller(service, session)
  if (caller === undefined) throw words.unknownKey(accessKeyId)
  return inContext(service, caller, request, authorization)
}

/** Adds what conditions know of every request, and what the caller's organisation allows. */
function inContext(
  service: Service,
  caller: Caller,
  { url, headers }: SignedRequest,
  { region }: Authorization,
): Caller {
  const now = service.now()
  const userAgent = headers.get('user-agent')
  const keys = new Map<string, string | readonly string[]>([
    ['aws:currenttime', now.toISOString()],
    ['aws:epochtime', String(Math.floor(now.getTime() / 1000))],
    ['aws:requestedregion', region],
    ['aws:securetransport', String(url.protocol === 'https:')],
    // The sandbox has no other callers than those of its machine.
    ['aws:sourceip', '127.0.0.1'],
    ...(userAgent === undefined ? [] : ([['aws:useragent', userAgent]] as const)),
    ...caller.keys,
  ])
  const { organisation } = service.fixture.accounts.get(caller.principal.account) ?? {}
  const permissions = { ...caller.permissions, ...(organisation !== undefined && { organisation }) }
  return { ...caller, keys, permissions }
}

/** `20250131T235959Z`. */
function compact(time: Date): string {
  return `${time.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}
