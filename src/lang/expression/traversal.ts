import type { Span } from '../../core/diagnostic.js'
import type { Expr, TemplatePart } from '../hcl/ast.js'

/** A reference with everything that follows it: `trifacta_person.p["a"].id`. */
export interface Traversal {
  readonly root: string
  readonly rootSpan: Span
  readonly steps: readonly TraversalStep[]
  readonly span: Span
}

export type TraversalStep =
  | { readonly kind: 'attribute'; readonly name: string; readonly span: Span }
  | { readonly kind: 'index'; readonly key: Expr; readonly span: Span }
  | { readonly kind: 'splat'; readonly span: Span }

type Names = ReadonlySet<string>
const none: Names = new Set()

/** All references in an expression, in the order of the text; the names that a `for` declares are not references. */
export function traversalsOf(expr: Expr): readonly Traversal[] {
  if (expr.kind === 'literal') return []
  const found: Traversal[] = []
  walk(expr, none, found)
  return found
}

/** The expression as one reference, and nothing else. */
export function asTraversal(expr: Expr): Traversal | undefined {
  const steps: TraversalStep[] = []
  const root = flatten(expr, steps)
  if (root?.kind !== 'variable') return undefined
  return { root: root.name, rootSpan: root.span, steps, span: expr.span }
}

/** Puts the steps in order into `steps`, and returns what they start from. */
function flatten(expr: Expr, steps: TraversalStep[]): Expr {
  switch (expr.kind) {
    case 'attribute': {
      const root = flatten(expr.object, steps)
      steps.push({ kind: 'attribute', name: expr.name, span: expr.nameSpan })
      return root
    }
    case 'index': {
      const root = flatten(expr.object, steps)
      steps.push({ kind: 'index', key: expr.key, span: expr.key.span })
      return root
    }
    case 'splat': {
      const root = flatten(expr.object, steps)
      steps.push({ kind: 'splat', span: expr.span })
      flatten(expr.each, steps)
      return root
    }
    default:
      return expr
  }
}

function walk(expr: Expr, bound: Names, found: Traversal[]): void {
  switch (expr.kind) {
    case 'literal':
    case 'splat-item':
    case 'broken':
      return
    case 'template':
      for (const part of expr.parts) walkPart(part, bound, found)
      return
    case 'variable':
    case 'attribute':
    case 'index':
    case 'splat': {
      const steps: TraversalStep[] = []
      const root = flatten(expr, steps)
      if (root.kind !== 'variable') walk(root, bound, found)
      else if (!bound.has(root.name)) {
        found.push({ root: root.name, rootSpan: root.span, steps, span: expr.span })
      }
      for (const step of steps) if (step.kind === 'index') walk(step.key, bound, found)
      return
    }
    case 'call':
      for (const argument of expr.arguments) walk(argument, bound, found)
      return
    case 'unary':
      walk(expr.operand, bound, found)
      return
    case 'binary':
      walk(expr.left, bound, found)
      walk(expr.right, bound, found)
      return
    case 'conditional':
      walk(expr.condition, bound, found)
      walk(expr.then, bound, found)
      walk(expr.else, bound, found)
      return
    case 'tuple':
      for (const item of expr.items) walk(item, bound, found)
      return
    case 'object':
      for (const { key, value } of expr.items) {
        walk(key, bound, found)
        walk(value, bound, found)
      }
      return
    case 'for': {
      walk(expr.collection, bound, found)
      const inside = binding(bound, expr.keyName, expr.valueName)
      if (expr.key !== undefined) walk(expr.key, inside, found)
      walk(expr.value, inside, found)
      if (expr.condition !== undefined) walk(expr.condition, inside, found)
      return
    }
    case 'parentheses':
      walk(expr.inner, bound, found)
      return
  }
}

function walkPart(part: TemplatePart, bound: Names, found: Traversal[]): void {
  switch (part.kind) {
    case 'text':
      return
    case 'interpolation':
      walk(part.value, bound, found)
      return
    case 'if':
      walk(part.condition, bound, found)
      for (const inner of [...part.then, ...part.else]) walkPart(inner, bound, found)
      return
    case 'for': {
      walk(part.collection, bound, found)
      const inside = binding(bound, part.keyName, part.valueName)
      for (const inner of part.body) walkPart(inner, inside, found)
      return
    }
  }
}

function binding(bound: Names, keyName: string | undefined, valueName: string): Names {
  return new Set([...bound, valueName, ...(keyName === undefined ? [] : [keyName])])
}
