/** A refusal in AWS's words. Each protocol has its own form for it. */
export class AwsError extends Error {
  readonly status: number
  readonly code: string
  /** Elements besides code and message, such as `Region`. */
  readonly details: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    message: string,
    more: {
      readonly details?: Readonly<Record<string, string>>
      readonly headers?: Readonly<Record<string, string>>
    } = {},
  ) {
    super(message)
    this.name = 'AwsError'
    this.status = status
    this.code = code
    this.details = more.details ?? {}
    this.headers = more.headers ?? {}
  }
}

/** The one answer to everything that policies do not allow: it names who, what and on which resource, and never why. */
export function accessDenied(caller: string, action: string, resource: string): AwsError {
  return new AwsError(
    403,
    'AccessDenied',
    `User: ${caller} is not authorized to perform: ${action} on resource: ${resource}`,
  )
}

export function validationError(...problems: readonly string[]): AwsError {
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`
  return new AwsError(400, 'ValidationError', `${count}: ${problems.join('; ')}`)
}
