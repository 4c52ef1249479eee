import type { Expr, TemplatePart } from './ast.js'
import { addError, chainLimit, chainTooLong, divideChain, nestingLimit, type Parser } from './parser-state.js'

/**
 * Whether no part of the expression is so deep in it that walking over it would be dangerous; otherwise reports it.
 * @param chainedBefore the parser's count of chained operators before the expression. Without many of them the limit of
 *   nesting is enough, and nothing has to be measured.
 */
export function expressionIsShallow(p: Parser, expression: Expr, chainedBefore: number): boolean {
  if (p.chained - chainedBefore <= nestingLimit) return true
  let level: readonly Expr[] = [expression]
  for (let depth = 0; depth < chainLimit && level.length > 0; depth++) level = level.flatMap(children)
  if (level.length === 0) return true
  addError(p, 'too-deep', expression.span, chainTooLong, divideChain)
  return false
}

function children(expression: Expr): readonly Expr[] {
  switch (expression.kind) {
    case 'literal':
    case 'variable':
    case 'splat-item':
    case 'broken':
      return []
    case 'template':
      return expression.parts.flatMap(inPart)
    case 'attribute':
      return [expression.object]
    case 'index':
      return [expression.object, expression.key]
    case 'splat':
      return [expression.object, expression.each]
    case 'call':
      return expression.arguments
    case 'unary':
      return [expression.operand]
    case 'binary':
      return [expression.left, expression.right]
    case 'conditional':
      return [expression.condition, expression.then, expression.else]
    case 'tuple':
      return expression.items
    case 'object':
      return expression.items.flatMap((item) => [item.key, item.value])
    case 'for':
      return [expression.collection, expression.key, expression.value, expression.condition].filter(
        (part) => part !== undefined,
      )
    case 'parentheses':
      return [expression.inner]
  }
}

function inPart(part: TemplatePart): readonly Expr[] {
  switch (part.kind) {
    case 'text':
      return []
    case 'interpolation':
      return [part.value]
    case 'if':
      return [part.condition, ...part.then.flatMap(inPart), ...part.else.flatMap(inPart)]
    case 'for':
      return [part.collection, ...part.body.flatMap(inPart)]
  }
}
