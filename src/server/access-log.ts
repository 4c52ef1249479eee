/**
 * One request, for the operator. It never holds what could be secret: no body, no header, and of the address only the path,
 * since queries carry e-mail addresses.
 */
export interface AccessLogLine {
  /** ISO 8601: when the request arrived. */
  readonly at: string
  readonly method: string
  readonly path: string
  /** Undefined: the connection was cut without an answer. */
  readonly status: number | undefined
  /** Milliseconds. */
  readonly ms: number
  readonly requestId: string
  /** What went wrong inside the server, for an answer of 500. */
  readonly error?: string
}

/** The line as JSON, without its line end. */
export function formatAccessLogLine(line: AccessLogLine): string {
  return JSON.stringify({ ...line, status: line.status ?? null })
}
