/** An answer that is an error, in the first of the shapes that the vendor's own SDK expects. */
export class ApiError extends Error {
  readonly status: ErrorStatus
  readonly details: string

  constructor(status: ErrorStatus, message: string, details: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.details = details
  }
}

export type ErrorStatus = 400 | 401 | 403 | 404 | 413 | 415 | 422 | 429 | 500 | 503

export function errorBody({ message, details }: ApiError) {
  return { errors: [{ message, details }] }
}

export function unauthorized(): ApiError {
  return new ApiError(401, 'Unauthorized', 'send an API key as Authorization: Bearer')
}

export function forbidden(details: string): ApiError {
  return new ApiError(403, 'Forbidden', details)
}

export function notFound(kind: string, id: string): ApiError {
  return new ApiError(404, 'Not found', `${kind} ${id} was not found`)
}

export function badRequest(details: string): ApiError {
  return new ApiError(400, 'Bad request', details)
}

/** What the caller sent breaks a rule. Details never quote values: they may be secrets. */
export function invalid(details: string): ApiError {
  return new ApiError(422, 'Validation failed', details)
}
