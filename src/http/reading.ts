import { ServiceError } from '../core/resource.js'
import type { Answer } from './answer.js'

/** What was being done, and which answer to it is being read: what a message needs that is about what stands in the answer. */
export interface Reading {
  readonly doing: string
  readonly status: number
  readonly requestId?: string
}

export function reading({ status, requestId }: Answer, doing: string): Reading {
  return { doing, status, ...(requestId !== undefined && { requestId }) }
}

/** An error about an answer that came as it should, and whose content cannot be used. */
export function unusable({ doing, ...facts }: Reading, words: string, help: string): ServiceError {
  return new ServiceError(doing, { ...facts, words, help })
}
