import { corrupt, parseObject, toBytes } from './journal-object.js'
import { type StateDocument, stateDocumentShape } from './journal-shape.js'
import type { JsonObject } from './json.js'
import { rowKey, type State } from './state.js'
import { compareCodePoints } from './type.js'

/**
 * A state on its own, without its history: what `state pull` writes, `state push` reads and a `reset` entry carries
 * (`{ event: 'reset', state: exportState(state) }`).
 */
export function exportState(state: State): JsonObject {
  const document: StateDocument = {
    format: 'rolecall-state',
    version: 1,
    lineage: state.lineage,
    seq: state.seq,
    ...(state.fingerprintKey !== undefined && { fingerprintKey: state.fingerprintKey }),
    outputs: state.outputs,
    rows: [...state.rows.values()].sort((a, b) => compareCodePoints(rowKey(a), rowKey(b))),
  }
  return document as unknown as JsonObject
}

/** The bytes of a state document, indented, for a file that people look at. */
export function printState(state: State): Uint8Array {
  return toBytes(`${JSON.stringify(exportState(state), undefined, 2)}\n`)
}

/** Reads a state document. `place` is the file, for messages. Throws a `Failure` for anything else. */
export function parseState(bytes: Uint8Array, place: string): JsonObject & StateDocument {
  const object = parseObject(bytes, 'rolecall-state', place)
  const wrong = stateDocumentShape(object)
  if (wrong !== undefined) throw corrupt(place, `the state${wrong}`)
  const state = object as unknown as StateDocument
  const keys = new Set<string>()
  for (const row of state.rows) {
    if (keys.has(rowKey(row))) throw corrupt(place, `two rows are for ${rowKey(row)}`)
    keys.add(rowKey(row))
  }
  return state as JsonObject & StateDocument
}
