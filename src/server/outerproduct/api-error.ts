import type { Json } from '../../core/json.js'

/** An answer that is an error, with the `detail` that the vendor's framework gives it: a text, or a list of mistakes. */
export class ApiError extends Error {
  readonly status: ErrorStatus
  readonly detail: Json

  constructor(status: ErrorStatus, detail: Json) {
    super(typeof detail === 'string' ? detail : `HTTP ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.detail = detail
  }
}

export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 422 | 500 | 503

/** One thing that is wrong with a body. Never quotes it: it may hold a secret. */
export interface Mistake {
  /** Where: `body`, and the member. */
  readonly loc: readonly string[]
  readonly msg: string
  readonly type: string
}

export function invalid(mistakes: readonly Mistake[]): ApiError {
  return new ApiError(
    422,
    mistakes.map(({ type, loc, msg }) => ({ type, loc: [...loc], msg })),
  )
}
