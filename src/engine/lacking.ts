import { error, Failure } from '../core/diagnostic.js'
import type { Objection } from '../core/resource.js'
import { covering } from './hidden-texts.js'
import type { Node } from './node.js'
import { mapPooled } from './pool.js'
import type { Looked } from './resource-walk.js'
import type { WalkContext } from './walk-context.js'

/**
 * Refuses what the service would not make where it is declared. A create that fails in apply leaves nothing behind, but that of
 * a replacement comes after the end of the object that was there.
 */
export async function refuseLacking(context: WalkContext, looked: Looked): Promise<void> {
  const { type, connection, nodes, block } = looked
  if (type.lacks === undefined) return
  const making = nodes.filter(
    ({ failed, change, parentIsNew }) =>
      !failed && !parentIsNew && (change?.action === 'create' || change?.action === 'replace'),
  )
  if (making.length === 0) return
  const api = connection.api(context.readCall)
  const { lacks } = type
  await mapPooled(making, context.input.options.parallelism, async (node) => {
    try {
      const objections = await lacks(api, node.desired?.inputs ?? {})
      for (const objection of covering(objections, node)) refuse(context, node, objection)
    } catch (cause) {
      node.failed = true
      context.report(cause, { address: node.address, block })
    }
  })
}

function refuse(context: WalkContext, node: Node, { text, help, attribute }: Objection): void {
  const { body, span: block } = node.block
  const span = attribute === undefined ? block : (body.attributeSpan(attribute) ?? block)
  const detail = node.change?.action === 'replace' ? `${text} What is there would have gone first.` : text
  node.failed = true
  context.report(
    new Failure(error('engine/lacking', 'The object cannot be made', { detail, help, span })),
    node,
  )
}
