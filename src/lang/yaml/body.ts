import type { ParsedNode, YAMLMap } from 'yaml'
import { error, type Span } from '../../core/diagnostic.js'
import type { Grammar } from '../grammar.js'
import type { AttributeNode, BlockNode, Body, Label } from '../hcl/ast.js'
import { resolved, spanOf, type Translation, toExpression } from './expression.js'
import { isMap, isScalar, isSeq } from './library.js'

/** The block as far as it is known while its labels are read. */
interface Opening {
  readonly type: string
  readonly typeSpan: Span
  readonly labels: readonly Label[]
}

/** A mapping as a body: keys that name a block in the grammar hold blocks, all others are arguments. */
export function toBody(node: YAMLMap, grammar: Grammar, span: Span, to: Translation): Body {
  const attributes: AttributeNode[] = []
  const blocks: BlockNode[] = []
  for (const pair of node.items) {
    const key = pair.key as ParsedNode
    if (!isScalar(key)) continue
    const name = String(key.value).normalize('NFC')
    if (name === '<<' && key.type === 'PLAIN') continue
    const nameSpan = spanOf(key, to)
    const value = pair.value as ParsedNode | null
    const block = grammar.blocks.get(name)
    if (block !== undefined) {
      collect(value, block, { type: name, typeSpan: nameSpan, labels: [] }, blocks, to)
      continue
    }
    const expression = toExpression(value, grammar.attributes.get(name) ?? 'value', nameSpan, to)
    attributes.push({
      name,
      nameSpan,
      value: expression,
      span: value ? to.source.span(key.range[0], value.range[1]) : nameSpan,
    })
  }
  return { attributes, blocks, span }
}

/** Adds the blocks of a value: one level of mapping for each label, then the body; a list at any level repeats. */
function collect(
  value: ParsedNode | null,
  grammar: Grammar,
  opening: Opening,
  blocks: BlockNode[],
  to: Translation,
): void {
  const node = value ? resolved(value, to) : null
  if (node === undefined) return
  const wanted = grammar.labels[opening.labels.length]
  const here = opening.labels.at(-1)?.span ?? opening.typeSpan
  const empty = node === null || (isScalar(node) && node.value === '' && node.type === 'PLAIN')
  if (node !== null && isSeq(node)) {
    for (const item of node.items) collect(item as ParsedNode, grammar, opening, blocks, to)
  } else if (wanted === undefined && (empty || isMap(node))) {
    // `all:` with nothing after it is an empty block; a label level with nothing in it holds no blocks.
    const span = node === null || empty ? here : { ...here, end: to.source.at(node.range[1]) }
    const body =
      node !== null && isMap(node)
        ? toBody(node, grammar, spanOf(node, to), to)
        : { attributes: [], blocks: [], span: here }
    blocks.push({ ...opening, body, span })
  } else if (node !== null && isMap(node)) {
    for (const pair of node.items) {
      const key = pair.key as ParsedNode
      if (!isScalar(key)) continue
      const label = { text: String(key.value).normalize('NFC'), span: spanOf(key, to) }
      const labels = [...opening.labels, label]
      collect(pair.value as ParsedNode | null, grammar, { ...opening, labels }, blocks, to)
    }
  } else if (!empty && node !== null) {
    const path = [opening.type, ...opening.labels.map((label) => label.text)].join(': ')
    to.diagnostics.push(
      error('lang/yaml-structure', 'A mapping is missing', {
        detail:
          wanted === undefined
            ? `"${path}" is a block: its arguments stand in a mapping under it.`
            : `Under "${path}" stands a mapping whose keys are each a ${wanted}.`,
        help: `Write it as ${[opening.type, ...grammar.labels.map((label) => `<${label}>`)].join(': { ')}: { … ${'}'.repeat(grammar.labels.length + 1)}.`,
        span: spanOf(node, to),
      }),
    )
  }
}
