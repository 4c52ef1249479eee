/**
 * One request, for the operator. It never holds what could be secret: no body, no header, and of the address only the path,
 * since queries carry e-mail addresses.
 */
export interface AccessLogLine {
  /** ISO 8601: when the request arrived. */
  readonly at: string
  readonly method: string
  readonly path: string
  readonly system: string
  /** The address of whoever connected; absent in a process that asks itself. A proxy's, if there is one in between. */
  readonly from?: string
  /** In whose name the request was made. */
  readonly caller?: string
  /** What was shown instead of a token that opens: never the token itself. */
  readonly refused?: string
  /** Undefined: the connection was cut without an answer. */
  readonly status: number | undefined
  /** Milliseconds. */
  readonly ms: number
  readonly requestId: string
  /** What went wrong inside the server, for an answer of 500. */
  readonly error?: string
}

/** What went wrong with work that goes on beside requests, for the operator. */
export interface WorkLogLine {
  /** ISO 8601. */
  readonly at: string
  readonly system: string
  /** What was being done, such as `revoking the lease aws/creds/ci/…`. */
  readonly work: string
  readonly error: string
  /** ISO 8601: when it is tried again, if that is known. */
  readonly again?: string
}

export function formatWorkLogLine(line: WorkLogLine): string {
  return JSON.stringify({ ...line, work: withoutTokens(line.work) })
}

/** The line as JSON, without its line end. */
export function formatAccessLogLine(line: AccessLogLine): string {
  return JSON.stringify({ ...line, path: withoutTokens(line.path), status: line.status ?? null })
}

/** Some old calls of Vault have a token in their path. */
function withoutTokens(path: string): string {
  return path.replaceAll(/rolecall_[0-9a-f]{16}_[\w-]+|\b(?:hv[sbr]|[sbr])\.[\w.-]{20,}/g, '***')
}
