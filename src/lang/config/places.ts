import type { Span } from '../../core/diagnostic.js'
import type { BlockNode, Body } from '../hcl/ast.js'

/**
 * Tells in whose text a place is: `rolecall`, `provider.trifacta`, `var.x`, `local.x`, `output.x`, `trifacta_person.jane`,
 * `data.trifacta_people.all`. Undefined: in no declaration's.
 */
export function declarationAt(bodies: readonly Body[], { file, start }: Span): string | undefined {
  const holds = (span: Span) =>
    span.file === file && span.start.offset <= start.offset && start.offset <= span.end.offset
  for (const { blocks } of bodies) {
    const block = blocks.find((one) => holds(one.span))
    if (block !== undefined) return subjectOf(block, holds)
  }
  return undefined
}

function subjectOf({ type, labels, body }: BlockNode, holds: (span: Span) => boolean): string | undefined {
  const [first, second] = labels.map((label) => label.text)
  switch (type) {
    case 'resource':
      return `${first}.${second}`
    case 'data':
      return `data.${first}.${second}`
    case 'variable':
      return `var.${first}`
    case 'output':
    case 'provider':
      return `${type}.${first}`
    case 'rolecall':
      return type
    case 'locals': {
      const local = body.attributes.find((one) => holds(one.span))
      return local === undefined ? undefined : `local.${local.name}`
    }
    default:
      return undefined
  }
}
