import { blockOf, parseAddress } from '../core/address.js'
import { warning } from '../core/diagnostic.js'
import type { Row } from '../core/state.js'
import { schemaOf } from './connections.js'
import { expand } from './expand.js'
import type { WalkContext } from './walk-context.js'

/**
 * Destroying walks rows. Of the configuration only provider blocks are evaluated, and, where a block still declares the
 * object, its `on_destroy`; what cannot be evaluated any more is taken from the row.
 */
export async function prepareDestroy(context: WalkContext): Promise<void> {
  warnOfUnrecorded(context)
  for (const row of [...context.rows.values()]) {
    const setting = declaredOnDestroy(context, row)
    if (setting !== undefined && setting !== row.onDestroy)
      context.rows.replace({ ...row, onDestroy: setting })
  }
}

/** What was never applied or adopted is not this state's to destroy. */
function warnOfUnrecorded(context: WalkContext): void {
  const blocks = [...context.input.configuration.resources.values()].filter(
    (block) => block.mode === 'managed' && context.selection.block(block.address),
  )
  const missing = blocks.map((b) => b.address).filter((address) => context.rows.ofBlock(address).size === 0)
  if (missing.length === 0) return
  context.diagnostics.push(
    warning('engine/not-in-state', 'Some of what is declared is not in the state', {
      detail: `Nothing is recorded for ${missing.sort().join(', ')}, so nothing of it is destroyed.`,
      help: 'Objects that exist at the service all the same are taken over by "rolecall apply" first.',
    }),
  )
}

function declaredOnDestroy(context: WalkContext, row: Row): string | undefined {
  const block = context.input.configuration.resources.get(blockOf(row.address))
  if (block === undefined || !block.body.declared.has('on_destroy')) return undefined
  try {
    let expansion = context.expansions.get(block.address)
    if (expansion === undefined) {
      const schema = schemaOf(context.input.providers, 'managed', row.type)
      expansion = expand(block, schema, context.evaluation.scope(new Set()))
      context.expansions.set(block.address, expansion)
    }
    const node = expansion.nodes.get(parseAddress(row.address)?.key)
    if (node === undefined) return undefined
    const body = block.body.evaluate(context.evaluation.scope(new Set(), node))
    const value = body.kind === 'object' ? body.entries.get('on_destroy') : undefined
    return value?.kind === 'string' ? value.value : undefined
  } catch {
    // A configuration that no longer evaluates must not stand in the way of destroying: the row knows the setting.
  }
  return undefined
}
