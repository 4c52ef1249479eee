import type { Alias, ParsedNode, Scalar } from 'yaml'
import { type Diagnostic, error, Failure, type Position, type Span } from '../../core/diagnostic.js'
import type { AttributeRole } from '../grammar.js'
import type { Expr, ObjectItem } from '../hcl/ast.js'
import { parseExpression, parseTemplate } from '../hcl/parser.js'
import type { Source } from '../hcl/source.js'
import { isAlias, isMap, isScalar, isSeq } from './library.js'
import { moveSpans } from './move-spans.js'
import { scalarText } from './scalar.js'
import { plainType } from './scalar-type.js'

/** What the translation of one file needs to know, and where it reports. */
export interface Translation {
  readonly source: Source
  readonly aliases: ReadonlyMap<Alias, ParsedNode>
  /** Strings are what they say, and no templates. */
  readonly literal: boolean
  /** The lines that are not YAML. */
  readonly broken: ReadonlySet<number>
  readonly diagnostics: Diagnostic[]
  /** How many nodes aliases may still repeat: a few lines of YAML could stand for billions otherwise. */
  budget: number
}

export function spanOf(node: ParsedNode, { source }: Translation): Span {
  return source.span(node.range[0], node.range[1])
}

/** What an alias stands for; anything else is itself. Undefined (and reported) when the file repeats too much. */
export function resolved(node: ParsedNode, to: Translation): ParsedNode | undefined {
  if (!isAlias(node)) return node
  const target = to.aliases.get(node)
  if (target === undefined || to.budget < 0) return undefined
  to.budget -= size(target, to)
  if (to.budget >= 0) return target
  to.diagnostics.push(
    error('lang/yaml-limit', 'Too much YAML', {
      detail: 'The aliases of this file, written out, would make it too large.',
      help: 'Use a local value instead of anchors and aliases.',
      span: spanOf(node, to),
    }),
  )
  return undefined
}

/** Nodes of the tree as it stands; what aliases inside it stand for is counted when they are followed. */
function size(node: ParsedNode, to: Translation): number {
  if (isSeq(node)) return node.items.reduce((sum, item) => sum + size(item as ParsedNode, to), 1)
  if (!isMap(node)) return 1
  return node.items.reduce((sum, pair) => sum + (pair.value ? size(pair.value as ParsedNode, to) : 0) + 1, 1)
}

/** The expression that a node stands for: HCL's JSON profile. `at` is the place of an absent node. */
export function toExpression(
  node: ParsedNode | null | undefined,
  role: AttributeRole,
  at: Span,
  to: Translation,
): Expr {
  if (!node) return { kind: 'literal', value: null, span: at }
  const target = resolved(node, to)
  if (target === undefined) return { kind: 'broken', span: spanOf(node, to) }
  const span = spanOf(target, to)
  if (to.broken.has(span.start.line)) return { kind: 'broken', span }
  if (isScalar(target)) return scalar(target as Scalar<string>, role, span, to)
  if (isSeq(target)) {
    return {
      kind: 'tuple',
      items: target.items.map((item) => toExpression(item as ParsedNode, role, span, to)),
      span,
    }
  }
  if (!isMap(target)) return { kind: 'broken', span }
  const items: ObjectItem[] = []
  for (const pair of target.items) {
    const key = pair.key as ParsedNode
    if (!isScalar(key)) continue
    const keySpan = spanOf(key, to)
    items.push({
      key: template(key as Scalar<string>, keySpan, to),
      value: toExpression(pair.value as ParsedNode | null, role, keySpan, to),
    })
  }
  return { kind: 'object', items, span }
}

function scalar(node: Scalar<string>, role: AttributeRole, span: Span, to: Translation): Expr {
  if (node.type !== 'PLAIN' || node.tag !== undefined) {
    return role === 'reference' || role === 'type' ? bare(node, span, to) : text(node, span, to)
  }
  const plain = safely(() => plainType(node.value), span, to)
  if (plain === undefined) return { kind: 'broken', span }
  if (plain.kind === 'string') {
    return role === 'reference' || role === 'type' ? bare(node, span, to) : text(node, span, to)
  }
  if (plain.kind === 'literal') {
    // HCL has no negative literals: the same tree in both syntaxes.
    if (!node.value.startsWith('-')) return { kind: 'literal', value: plain.value, span }
    const digits = safely(() => plainType(node.value.slice(1)), span, to)
    if (digits?.kind !== 'literal') return { kind: 'broken', span }
    return { kind: 'unary', operator: '-', operand: { kind: 'literal', value: digits.value, span }, span }
  }
  to.diagnostics.push(
    error('lang/yaml-number', 'Not the number that it looks like', {
      detail: `${node.value} ${plain.problem}.`,
      help: plain.help,
      span,
    }),
  )
  return { kind: 'broken', span }
}

function safely<T>(make: () => T, span: Span, to: Translation): T | undefined {
  try {
    return make()
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem
    for (const diagnostic of problem.diagnostics) to.diagnostics.push({ span, ...diagnostic })
    return undefined
  }
}

/** A type or a reference: an expression without quotes or `${…}` around it (which are tolerated). */
function bare(node: Scalar<string>, span: Span, to: Translation): Expr {
  return /^\s*\$\{/.test(node.value) ? text(node, span, to) : parsed(node, parseExpression, to)
}

/** A string, which is a template; one that is exactly one `${…}` is the expression itself, with its type. */
function text(node: Scalar<string>, span: Span, to: Translation): Expr {
  const whole = template(node, span, to)
  if (whole.kind !== 'template') return whole
  const [first, second] = whole.parts
  return first?.kind === 'interpolation' && second === undefined ? first.value : whole
}

function template(node: Scalar<string>, span: Span, to: Translation): Expr {
  if (to.literal || !/[$%]\{/.test(node.value))
    return { kind: 'literal', value: node.value.normalize('NFC'), span }
  const whole = parsed(node, parseTemplate, to)
  if (whole.kind !== 'template') return whole
  const texts = whole.parts.flatMap((part) => (part.kind === 'text' ? [part.value] : []))
  return texts.length === whole.parts.length
    ? { kind: 'literal', value: texts.join(''), span }
    : { ...whole, span }
}

type Parse = (
  text: string,
  file: string,
  start?: Position,
) => { readonly expression: Expr; readonly diagnostics: readonly Diagnostic[] }

function parsed(node: Scalar<string>, parse: Parse, to: Translation): Expr {
  const { source } = to
  const from = scalarText(node, source.text)
  const zero = { line: 1, column: 1, offset: 0 }
  const result = parse(from.value, source.file, from.verbatim ? source.at(from.offset(0)) : zero)
  const move = (span: Span): Span =>
    from.verbatim ? span : source.span(from.offset(span.start.offset), from.offset(span.end.offset))
  for (const diagnostic of result.diagnostics) {
    to.diagnostics.push({
      ...diagnostic,
      ...(diagnostic.span === undefined ? {} : { span: move(diagnostic.span) }),
      // YAML ends an unquoted scalar at " #" and ": ", which cuts an expression short.
      ...(from.plain && diagnostic.help === undefined
        ? { help: 'Quote it: outside quotes YAML ends the text at " #".' }
        : {}),
    })
  }
  return from.verbatim ? result.expression : moveSpans(result.expression, move)
}
