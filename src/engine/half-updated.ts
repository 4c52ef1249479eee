import type { JsonObject } from '../core/json.js'
import type { Row } from '../core/state.js'
import { sameJson } from './compare.js'

/** The row of an object whose update was cut short: what was being sent may be there, and is ours to clean up. */
export function halfUpdated(row: Row, sent: JsonObject): Row {
  const attempted = row.attempted ?? []
  const known = attempted.some((inputs) => sameJson(inputs, sent))
  return { ...row, unfinished: 'update', attempted: known ? attempted : [...attempted, sent] }
}
