import type { ResourceBlock } from '../../core/configuration.js'
import { type Diagnostic, error } from '../../core/diagnostic.js'
import { formatNumber } from '../../core/number.js'
import type { Schema } from '../../core/schema.js'
import type { Value } from '../../core/value.js'

/** Finds instances that have the same natural key, as far as keys are known. */
export function sameObjects(report: (diagnostic: Diagnostic) => void) {
  const first = new Map<string, string>()
  return {
    add(block: ResourceBlock, schema: Schema, address: string, body: Value): void {
      if (block.mode !== 'managed' || body.kind !== 'object') return
      const parts: [string, string][] = []
      for (const attribute of schema.attributes.values()) {
        if (!attribute.key || attribute.readOnly) continue
        const value = body.entries.get(attribute.name)
        if (value === undefined || value.kind === 'null') continue
        const text = keyText(attribute.name, value)
        if (text === undefined) return
        parts.push([attribute.name, text])
      }
      if (parts.length === 0) return
      const key = JSON.stringify([block.type, block.provider, ...parts])
      const other = first.get(key)
      if (other === undefined) {
        first.set(key, address)
        return
      }
      const names = parts.map(([name]) => name)
      const span = block.body.attributeSpan(names[0] as string) ?? block.span
      report(
        error('lang/same-object', 'One object declared twice', {
          detail: `${address} and ${other} have the same ${names.join(' and ')}, so both are the same object.`,
          help: 'Give them different keys, or keep only one of them.',
          span,
          address,
        }),
      )
    },
  }
}

function keyText(name: string, value: Value): string | undefined {
  switch (value.kind) {
    // No service tells addresses of e-mail apart by case; of other names only some do not, and those are compared at plan.
    case 'string':
      return name === 'email' ? value.value.trim().toLowerCase() : value.value
    case 'number':
      return formatNumber(value.value)
    default:
      return undefined
  }
}
