import { error } from '../../core/diagnostic.js'
import { configurationGrammar, type Grammar } from '../grammar.js'
import type { AttributeNode, BlockNode, Body } from '../hcl/ast.js'
import { given, headOf, type Loading, nameOf, placeOf, suggestion } from './loading.js'

const identifier = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u

/** A name that can stand in a reference: a letter or `_`, then letters, digits, `_` and `-`. */
export function isName(text: string): boolean {
  return identifier.test(text)
}

/**
 * Reports what does not belong into a body: unknown or refused blocks and attributes, wrong labels, repeated blocks. `owner` is the
 * block of the body, undefined for a file. Attributes of an open body are left to its schema.
 */
export function checkShape(
  body: Body,
  grammar: Grammar,
  owner: BlockNode | undefined,
  loading: Loading,
): void {
  for (const attribute of body.attributes) checkAttribute(attribute, grammar, owner, loading)
  for (const block of body.blocks) checkBlock(block, grammar, owner, body.blocks, loading)
}

function checkAttribute(
  node: AttributeNode,
  grammar: Grammar,
  owner: BlockNode | undefined,
  loading: Loading,
): void {
  const role = grammar.attributes.get(node.name)
  if (typeof role === 'object') {
    loading.unread(node.span)
    loading.report(
      error('lang/not-built', 'Not supported here', {
        detail: `"${node.name}" cannot be used in ${within(owner)}.`,
        help: `${role.refused[0]?.toUpperCase()}${role.refused.slice(1)}.`,
        span: node.nameSpan,
      }),
    )
    return
  }
  if (role !== undefined || grammar.open) return
  loading.unread(node.span)
  const block = grammar.blocks.get(node.name)
  if (block !== undefined) {
    loading.report(
      error('lang/unknown-attribute', 'Unknown attribute', {
        detail: `"${node.name}" is a block, not an attribute.`,
        help: `Write ${headExample(node.name, block)} { … }, without "=".`,
        span: node.nameSpan,
      }),
    )
    return
  }
  const names = [...grammar.attributes.keys(), ...grammar.blocks.keys()]
  // In YAML a block with a slip in its name looks like an attribute.
  const onlyBlocks = grammar.attributes.size === 0
  loading.report(
    error(
      onlyBlocks ? 'lang/unknown-block' : 'lang/unknown-attribute',
      onlyBlocks ? 'Unknown block' : 'Unknown attribute',
      {
        detail: `There is no ${onlyBlocks ? 'block' : 'attribute'} "${node.name}" in ${within(owner)}.`,
        ...given('help', suggestion(node.name, names, listing(grammar))),
        span: node.nameSpan,
      },
    ),
  )
}

function checkBlock(
  block: BlockNode,
  grammar: Grammar,
  owner: BlockNode | undefined,
  siblings: readonly BlockNode[],
  loading: Loading,
): void {
  const inner = grammar.blocks.get(block.type)
  if (inner === undefined) {
    loading.unread(block.span)
    const attribute = grammar.attributes.has(block.type)
    loading.report(
      error('lang/unknown-block', 'Unknown block', {
        detail: `There is no block "${block.type}" in ${within(owner)}.`,
        ...given(
          'help',
          attribute
            ? `It is an attribute: write ${block.type} = ….`
            : suggestion(
                block.type,
                grammar.blocks.keys(),
                grammar.open ? `If it is an attribute, write ${block.type} = { … }.` : listing(grammar),
              ),
        ),
        span: block.typeSpan,
      }),
    )
    return
  }
  if (inner.refused !== undefined) {
    loading.unread(block.span)
    loading.report(
      error('lang/not-built', 'Not supported here', {
        detail: `A "${block.type}" block cannot be used in ${within(owner)}.`,
        help: `${inner.refused[0]?.toUpperCase()}${inner.refused.slice(1)}.`,
        span: headOf(block),
      }),
    )
    return
  }
  checkLabels(block, inner, loading)
  if (!hasLabels(block, inner)) loading.unread(block.span)
  const first = inner.once ? siblings.find((other) => other.type === block.type) : block
  if (first !== undefined && first !== block) {
    loading.unread(block.span)
    loading.report(
      error('lang/duplicate-block', 'Duplicate block', {
        detail: `${within(owner)} already has a "${block.type}" block, at ${placeOf(first.typeSpan)}.`,
        help: 'Put everything into one of them.',
        span: block.typeSpan,
      }),
    )
  }
  checkShape(block.body, inner, block, loading)
}

/**
 * With an unclosed block in it, what stands below has become a part of that block: takes out again what can only be a block of the
 * top level, so that its mistakes are told too, and it is not called missing.
 */
export function unnested(body: Body): Body {
  const out: BlockNode[] = []
  const without = (block: BlockNode, grammar: Grammar | undefined): BlockNode => {
    const kept: BlockNode[] = []
    for (const inner of block.body.blocks) {
      const known = grammar?.blocks.get(inner.type)
      if (known === undefined && configurationGrammar.blocks.has(inner.type)) outward(inner)
      else kept.push(without(inner, known))
    }
    return { ...block, body: { ...block.body, blocks: kept } }
  }
  const outward = (block: BlockNode): void => {
    const at = out.push(block) - 1
    out[at] = without(block, configurationGrammar.blocks.get(block.type))
  }
  for (const block of body.blocks) outward(block)
  return { ...body, blocks: out }
}

function within(owner: BlockNode | undefined): string {
  return owner === undefined ? 'a configuration' : nameOf(owner)
}

function checkLabels(block: BlockNode, grammar: Grammar, loading: Loading): void {
  if (block.labels.length !== grammar.labels.length) {
    loading.report(
      error('lang/wrong-labels', 'Wrong labels', {
        detail:
          grammar.labels.length === 0
            ? `A "${block.type}" block takes no labels.`
            : `A "${block.type}" block takes ${grammar.labels.length === 1 ? 'one label' : `${grammar.labels.length} labels`}: ${grammar.labels.map((label) => `its ${label}`).join(' and ')}.`,
        help: `Write ${headExample(block.type, grammar)} { … }.`,
        span: headOf(block),
      }),
    )
  }
  for (const label of block.labels) {
    if (isName(label.text)) continue
    loading.report(
      error('lang/invalid-name', 'Invalid name', {
        detail: `${JSON.stringify(label.text)} cannot be a name.`,
        help: 'A name starts with a letter or "_" and goes on with letters, digits, "_" and "-".',
        span: label.span,
      }),
    )
  }
}

/** Are the labels those that the grammar asks for? Blocks that are not are reported by `checkShape` and otherwise passed over. */
export function hasLabels(block: BlockNode, grammar: Grammar): boolean {
  return block.labels.length === grammar.labels.length && block.labels.every((label) => isName(label.text))
}

function headExample(type: string, grammar: Grammar): string {
  return [type, ...grammar.labels.map((label) => `"${label.toUpperCase()}"`)].join(' ')
}

function listing(grammar: Grammar): string | undefined {
  const blocks = [...grammar.blocks].filter(([, block]) => block.refused === undefined).map(([name]) => name)
  const attributes = [...grammar.attributes]
    .filter(([, role]) => typeof role === 'string')
    .map(([name]) => name)
  const all = [...attributes, ...blocks]
  return all.length === 0 ? undefined : `There are: ${all.join(', ')}.`
}
