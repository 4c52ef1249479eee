import type { Reference } from '../../core/configuration.js'
import type { Expr, TemplatePart } from '../hcl/ast.js'
import { pathOf } from './reference.js'

/** Roots that stand for themselves: what follows is an attribute, not a name. */
const whole: ReadonlySet<string> = new Set(['each', 'count', 'self', 'path', 'terraform', 'rolecall'])

/** Everything that an expression can refer to, in the order of the text, the names of its own `for` expressions left out. */
export function references(expr: Expr): Reference[] {
  const found: Reference[] = []
  collect(expr, new Set(), found)
  return found
}

function collect(expr: Expr, own: ReadonlySet<string>, found: Reference[]): void {
  switch (expr.kind) {
    case 'literal':
    case 'splat-item':
    case 'broken':
      return
    case 'template':
      for (const part of expr.parts) collectPart(part, own, found)
      return
    case 'variable':
    case 'attribute':
    case 'index': {
      const { start, steps } = pathOf(expr)
      if (start.kind === 'variable') {
        if (!own.has(start.name)) found.push(subjectOf(start, steps))
      } else {
        collect(start, own, found)
      }
      for (const step of steps) if (step.kind === 'index') collect(step.key, own, found)
      return
    }
    case 'splat':
      collect(expr.object, own, found)
      collect(expr.each, own, found)
      return
    case 'call':
      for (const argument of expr.arguments) collect(argument, own, found)
      return
    case 'unary':
      collect(expr.operand, own, found)
      return
    case 'binary':
      collect(expr.left, own, found)
      collect(expr.right, own, found)
      return
    case 'conditional':
      collect(expr.condition, own, found)
      collect(expr.then, own, found)
      collect(expr.else, own, found)
      return
    case 'tuple':
      for (const item of expr.items) collect(item, own, found)
      return
    case 'object':
      for (const item of expr.items) {
        collect(item.key, own, found)
        collect(item.value, own, found)
      }
      return
    case 'for': {
      collect(expr.collection, own, found)
      const inner = withNames(own, expr.keyName, expr.valueName)
      for (const part of [expr.key, expr.value, expr.condition]) {
        if (part !== undefined) collect(part, inner, found)
      }
      return
    }
    case 'parentheses':
      collect(expr.inner, own, found)
      return
  }
}

function collectPart(part: TemplatePart, own: ReadonlySet<string>, found: Reference[]): void {
  switch (part.kind) {
    case 'text':
      return
    case 'interpolation':
      collect(part.value, own, found)
      return
    case 'if':
      collect(part.condition, own, found)
      for (const inner of [...part.then, ...part.else]) collectPart(inner, own, found)
      return
    case 'for': {
      collect(part.collection, own, found)
      const names = withNames(own, part.keyName, part.valueName)
      for (const inner of part.body) collectPart(inner, names, found)
    }
  }
}

function withNames(own: ReadonlySet<string>, key: string | undefined, value: string): ReadonlySet<string> {
  return new Set(key === undefined ? [...own, value] : [...own, key, value])
}

function subjectOf(start: Extract<Expr, { kind: 'variable' }>, steps: readonly Expr[]): Reference {
  const count = whole.has(start.name) ? 0 : start.name === 'data' ? 2 : 1
  let subject = start.name
  let end = start.span.end
  for (const step of steps.slice(0, count)) {
    if (step.kind !== 'attribute') break
    subject += `.${step.name}`
    end = step.nameSpan.end
  }
  return { subject, span: { ...start.span, end } }
}
