import type { Lifecycle } from '../../core/configuration.js'
import { error } from '../../core/diagnostic.js'
import type { Schema } from '../../core/schema.js'
import { asTraversal } from '../expression/traversal.js'
import type { AttributeNode, BlockNode } from '../hcl/ast.js'
import { argument, flagArgument } from './argument.js'
import { given, type Loading, suggestion } from './loading.js'

const plain: Lifecycle = { preventDestroy: false, createBeforeDestroy: false, ignoreChanges: [] }

/** The `lifecycle` block of a resource; a data source has none. */
export function lifecycleOf(block: BlockNode, schema: Schema | undefined, loading: Loading): Lifecycle {
  const found = block.body.blocks.find((inner) => inner.type === 'lifecycle')
  if (found === undefined) return plain
  if (block.type === 'data') {
    loading.report(
      error('lang/unknown-block', 'Unknown block', {
        detail: 'A data source is only read: it has no lifecycle.',
        help: 'Remove the block.',
        span: found.typeSpan,
      }),
    )
    return plain
  }
  return {
    preventDestroy: flagArgument(found.body, 'prevent_destroy', false, loading),
    createBeforeDestroy: flagArgument(found.body, 'create_before_destroy', false, loading),
    ignoreChanges: ignored(argument(found.body, 'ignore_changes'), schema, loading),
  }
}

function ignored(
  node: AttributeNode | undefined,
  schema: Schema | undefined,
  loading: Loading,
): readonly string[] | 'all' {
  if (node === undefined || node.value.kind === 'broken') return []
  if (node.value.kind === 'variable' && node.value.name === 'all') return 'all'
  const names: string[] = []
  for (const expr of node.value.kind === 'tuple' ? node.value.items : [node.value]) {
    if (expr.kind === 'broken') continue
    const traversal = node.value.kind === 'tuple' ? asTraversal(expr) : undefined
    if (traversal === undefined || traversal.steps.length > 0) {
      loading.report(
        error('lang/invalid-ignore-changes', 'Not the name of an attribute', {
          detail: 'ignore_changes takes a list of attribute names, or all.',
          help: 'Write ignore_changes = [email], for example: whole attributes, without quotes.',
          span: expr.span,
        }),
      )
      continue
    }
    const attribute = schema?.attributes.get(traversal.root)
    if (schema !== undefined && (attribute === undefined || attribute.readOnly)) {
      const settable = [...schema.attributes.values()].filter((one) => !one.readOnly).map((one) => one.name)
      loading.report(
        error('lang/unknown-attribute', 'Unknown attribute', {
          detail:
            attribute === undefined
              ? `${schema.type} has no attribute "${traversal.root}".`
              : `"${traversal.root}" of ${schema.type} is chosen by the service: there is nothing to ignore.`,
          ...given(
            'help',
            attribute === undefined ? suggestion(traversal.root, settable) : 'Remove it from the list.',
          ),
          span: expr.span,
        }),
      )
      continue
    }
    names.push(traversal.root)
  }
  return names
}
