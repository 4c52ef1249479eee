import type { Row } from '../core/state.js'
import type { Node } from './node.js'

/** The row of a declared instance whose object is to go: how it goes is for the block to say, also if it says so only now. */
export function endingRow(node: Node): Row {
  const row = node.row as Row
  const declared = node.desired?.inputs.on_destroy
  return typeof declared === 'string' ? { ...row, onDestroy: declared } : row
}
