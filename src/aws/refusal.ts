/** What AWS said no with, or what kept a request from being answered. */
export interface Refusal {
  /** AWS's error code; for what has no body the HTTP status; for a network failure what the system calls it. */
  readonly code: string
  /** Undefined: no answer came. */
  readonly status: number | undefined
  readonly words: string
  /** It answered, and not as AWS does: a proxy, perhaps. What has no body never says. */
  readonly foreign: boolean
  /** Where a bucket really is, when the answer tells. */
  readonly region: string | undefined
}

/** Reads what a command of the SDK threw. */
export function refusalOf(cause: unknown): Refusal {
  const status = numberAt(memberOf(cause, '$metadata'), 'httpStatusCode')
  const headers = memberOf(memberOf(cause, '$response'), 'headers')
  const words = cause instanceof Error ? cause.message : String(cause)
  // The SDK gives errors without a body names of its own, such as "NotFound" and "UnknownError".
  const own = textAt(cause, 'Code')
  const name = own ?? textAt(cause, 'name') ?? 'Error'
  const code = status === undefined ? (networkCode(cause) ?? name) : name
  const foreign = status !== undefined && own === undefined
  return {
    code,
    status,
    words,
    foreign,
    region: textAt(headers, 'x-amz-bucket-region') ?? textAt(cause, 'Region'),
  }
}

/** A success that holds nothing of what was asked for: something else than AWS has answered. */
export function emptyAnswer(action: string, what: string): Refusal {
  const words = `the answer to ${action} holds no ${what}`
  return { code: 'MalformedAnswer', status: 200, words, foreign: true, region: undefined }
}

/** Sent too much, too fast: to be asked again later. */
export function isThrottled({ code, status }: Refusal): boolean {
  return (
    /^(?:Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|ServiceUnavailable)/.test(code) ||
    status === 503
  )
}

/** AWS itself is broken for the moment, or has not settled where a new bucket is. */
export function isBroken({ status }: Refusal): boolean {
  return status !== undefined && (status >= 500 || status === 307)
}

/** The keys that requests are signed with are wrong, unknown or out of date, or the clock is. */
export function isCallersFault({ code }: Refusal): boolean {
  return callersFaults.has(code)
}

const callersFaults = new Set([
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'RequestTimeTooSkewed',
  'RequestExpired',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidToken',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'UnrecognizedClientException',
  // There are no keys: the SDK found none.
  'CredentialsProviderError',
])

/** A connection that failed is told by the error at its root. */
function networkCode(cause: unknown): string | undefined {
  return (
    textAt(cause, 'code') ?? (cause instanceof Error && cause.cause ? networkCode(cause.cause) : undefined)
  )
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined
}

function textAt(value: unknown, name: string): string | undefined {
  const found = memberOf(value, name)
  return typeof found === 'string' && found !== '' ? found : undefined
}

function numberAt(value: unknown, name: string): number | undefined {
  const found = memberOf(value, name)
  return typeof found === 'number' ? found : undefined
}
