import type { Json } from '../core/json.js'
import type { Shown } from '../core/plan.js'
import { plainLines } from './shown-lines.js'

/** Deeper documents are shown as the strings that they are. */
const deepest = 60

/**
 * A JSON document in a string, as lines of HCL: elements of lists end with a comma each, so that adding one changes one line.
 * Undefined for anything that is not a JSON object or list.
 */
export function documentLines(value: Shown): string[] | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined
  let json: Json
  try {
    json = JSON.parse(value) as Json
  } catch {
    return undefined
  }
  return depthOf(json) > deepest ? undefined : plainLines(toShown(json))
}

function depthOf(json: Json): number {
  let level: readonly Json[] = [json]
  let depth = 0
  while (level.length > 0 && depth <= deepest) {
    depth++
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
  return depth
}

function toShown(json: Json): Shown {
  if (Array.isArray(json)) return json.map(toShown)
  if (typeof json !== 'object' || json === null) return json
  return new Map(Object.entries(json).map(([name, each]) => [name, toShown(each)]))
}
