import { isObject, type Json, type JsonObject } from '../core/json.js'
import { LostAnswer, ServiceError } from '../core/resource.js'

/**
 * Which answer is being read, and what it is an answer to: what a message needs that is about what stands in it. Only the client
 * makes one, with each `Answer`; whoever reads the content passes it on.
 */
export interface Reading {
  readonly doing: string
  readonly status: number
  /** By which the service knows it. Made when a message needs it: looking for secrets in it is most of the cost of an answer. */
  readonly requestId: () => string | undefined
  /** It is a write that succeeded: what was asked for is probably done, however little of its answer can be used. */
  readonly wrote: boolean
  /** What the endpoint should be that of: "a Tines tenant". */
  readonly api: string
}

/**
 * An error about an answer that came as it should, and whose content cannot be used. That of a write is as good as lost: the
 * service must be looked at to know what is there now.
 */
export function unusable(reading: Reading, words: string, help: string): ServiceError | LostAnswer {
  const { doing, status, wrote } = reading
  const requestId = reading.requestId()
  const error = new ServiceError(doing, {
    status,
    words,
    help,
    ...(requestId !== undefined && { requestId }),
  })
  return wrote ? new LostAnswer(error.message, { cause: error }) : error
}

/** The error of an answer that is JSON, and not of the form that it should have. `expected`: what there should be. */
export function unexpected(reading: Reading, expected: string): ServiceError | LostAnswer {
  return unusable(
    reading,
    `the answer has not the expected form: there should be ${expected}`,
    `Check that the endpoint is that of ${reading.api}.`,
  )
}

/** The object that an answer, or a part of it, must be. */
export function objectIn(body: Json | undefined, reading: Reading): JsonObject {
  if (isObject(body)) return body
  throw unexpected(reading, 'an object')
}

/** A member of an object; undefined where it has none, or where the JSON is no object. */
export function member(json: Json | undefined, name: string): Json | undefined {
  return isObject(json) && Object.hasOwn(json, name) ? json[name] : undefined
}
