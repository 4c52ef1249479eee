import { numberKey } from './number.js'
import type { Value } from './value.js'

/**
 * A text that two values share if, and only if, they are equal: for tables of values. Marks are not looked at. The value must be
 * wholly known; anything else is a bug.
 */
export function identityOf(value: Value): string {
  switch (value.kind) {
    case 'string':
      return JSON.stringify(value.value)
    case 'number':
      return numberKey(value.value)
    case 'bool':
      return String(value.value)
    case 'null':
      return 'null'
    case 'unknown':
      throw new Error('what is known only after apply equals nothing')
    case 'list':
    case 'set':
    case 'tuple':
      return `${value.kind}[${value.items.map(identityOf).join()}]`
    case 'map':
    case 'object': {
      const entries = Array.from(
        value.entries,
        ([key, entry]) => `${JSON.stringify(key)}:${identityOf(entry)}`,
      )
      return `${value.kind}{${entries.join()}}`
    }
  }
}
