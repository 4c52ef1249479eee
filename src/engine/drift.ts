import type { JsonObject } from '../core/json.js'
import type { Drift, FieldChange } from '../core/plan.js'
import type { Schema } from '../core/schema.js'
import type { Row } from '../core/state.js'
import { sameMeaning } from './compare.js'
import { fingerprintOf } from './record.js'
import { shownRecord } from './shown.js'

/** What someone changed since the last apply: the service against the row, not against the configuration. */
export function driftOf(schema: Schema, row: Row, present: JsonObject): readonly FieldChange[] {
  const fields: FieldChange[] = []
  for (const attribute of schema.attributes.values()) {
    if (attribute.writeOnly || attribute.local || attribute.volatile) continue
    const before = row.attributes[attribute.name]
    const after = present[attribute.name]
    if (sameMeaning(attribute, before, after)) continue
    // Marked as sensitive since, or no longer: that cannot be compared, and is no change at the service.
    if ((fingerprintOf(before) === undefined) !== (fingerprintOf(after) === undefined) && before && after)
      continue
    fields.push({
      name: attribute.name,
      before: shownRecord(before),
      after: shownRecord(after),
      forcesReplacement: false,
      document: attribute.json || attribute.policy !== undefined,
      writeOnly: false,
    })
  }
  return fields
}

/** Adds the row's drift, if there is any. */
export function noteDrift(drift: Drift[], schema: Schema, row: Row, present: JsonObject): void {
  const fields = driftOf(schema, row, present)
  if (fields.length > 0)
    drift.push({
      kind: 'changed',
      address: row.address,
      type: row.type,
      id: row.id,
      name: row.naturalKey,
      fields,
    })
}
