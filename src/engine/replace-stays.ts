import { type Diagnostic, error, Failure } from '../core/diagnostic.js'
import type { ResourceType } from '../core/resource.js'
import type { Row } from '../core/state.js'
import type { Node } from './node.js'

/** A new object with the key of the old one cannot be made where destroying the old one leaves it at the service. */
export function replaceStays(node: Node, destroys: 'disable' | 'keep', key: string): Diagnostic {
  const way = destroys === 'disable' ? 'only disables it' : 'leaves it as it is'
  return error('engine/replace-keeps-object', 'The object cannot be replaced, because it would stay', {
    detail: `${node.address} is to be replaced by a new object with the same natural key, ${key}; destroying it ${way}, so that there is no room for a new one.`,
    help: 'Set on_destroy = "delete" to have it deleted and made again.',
    address: node.address,
    span: node.block.span,
  })
}

/** The same at apply. Throws a `Failure`. */
export function refuseStaying(type: ResourceType, node: Node, row: Row): void {
  const destroys = type.onDestroy?.(row) ?? 'delete'
  if (destroys !== 'delete') throw new Failure(replaceStays(node, destroys, row.naturalKey))
}
