/** An answer that is an error. The vendor's body has a name, a message that is constant for it, and details. */
export class ApiError extends Error {
  readonly status: ErrorStatus
  readonly exception: string
  readonly details: string

  constructor(status: ErrorStatus, exception: string, message: string, details: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.exception = exception
    this.details = details
  }
}

export type ErrorStatus = 400 | 401 | 403 | 404 | 410 | 413 | 415 | 500 | 503

/** The vendor's error body. Only `ValidationFailed` is a name that it documents. */
export function errorBody({ exception: name, message, details }: ApiError) {
  return { exception: { name, message, details } }
}

/** What the caller sent is wrong. Details never quote values: they may be secrets. */
export function invalid(details: string): ApiError {
  return new ApiError(400, 'ValidationFailed', 'Input validation failed', details)
}

export function unauthenticated(): ApiError {
  const details = 'send the credentials of a person who is active'
  return new ApiError(401, 'AuthenticationRequired', 'Authentication required', details)
}

export function forbidden(details: string): ApiError {
  return new ApiError(403, 'PermissionDenied', 'Permission denied', details)
}

/** An object that never was. */
export function notFound(kind: string, id: number): ApiError {
  return new ApiError(404, 'ResourceNotFound', 'Resource not found', `${kind} ${id} was not found`)
}

/** An object that was deleted. */
export function gone(kind: string, id: number): ApiError {
  return new ApiError(410, 'ResourceDeleted', 'Resource deleted', `${kind} ${id} was deleted`)
}

/** A method and path that this server does not have, whatever objects there are. */
export function unknownRoute(method: string, path: string): ApiError {
  return new ApiError(404, 'RouteNotFound', "Route doesn't exist", `Route doesn't exist: ${method} ${path}`)
}

export function wrongHeader(details: string): ApiError {
  return new ApiError(415, 'UnsupportedMediaType', 'Unsupported media type', details)
}

export function tooLarge(limit: number): ApiError {
  return new ApiError(
    413,
    'PayloadTooLarge',
    'Request body too large',
    `a request body has at most ${limit} bytes`,
  )
}
