import { isFunction } from '../expression/call.js'
import { asTraversal } from '../expression/traversal.js'
import type { Expr } from '../hcl/ast.js'
import type { Loading } from './loading.js'

/** What a reference begins with that is none to an object. */
export const referenceRoots: ReadonlySet<string> = new Set(['var', 'local', 'data', 'each', 'count', 'path'])

/** Their texts say where a secret is, not what it is. */
const namesPlaces: ReadonlySet<string> = new Set(['env', 'secretfile', 'file', 'filebase64'])

/**
 * Hides what may be a secret in an expression that makes one, and the comment behind it: texts, numbers, and names that are none of a
 * function, a variable or a type. References and calls that can be told to be such stay, so that a mistake in them can be seen.
 */
export function hideSecret(expr: Expr, loading: Loading): void {
  loading.hideAfter(expr.span)
  hideParts(expr, loading)
}

/** Hides a value that is a secret in whole, and the comment behind it. */
export function hideWhole({ kind, span }: Expr, loading: Loading): void {
  loading.hideAfter(span)
  // One that is broken begins with the name; in a broken file the names tell what to cover up.
  if (kind !== 'broken') loading.hide(span)
}

function hideParts(expr: Expr, loading: Loading): void {
  const each = (all: readonly Expr[]) => {
    for (const one of all) hideParts(one, loading)
  }
  switch (expr.kind) {
    case 'broken':
      return
    case 'literal':
      if (expr.value !== null && typeof expr.value !== 'boolean') loading.hide(expr.span)
      return
    case 'template':
      for (const part of expr.parts) {
        if (part.kind === 'interpolation') hideParts(part.value, loading)
        else loading.hide(part.span)
      }
      return
    case 'variable':
    case 'attribute':
    case 'index':
    case 'splat': {
      const root = asTraversal(expr)?.root
      if (root === undefined || !(referenceRoots.has(root) || loading.schemas.resource(root) !== undefined))
        loading.hide(expr.span)
      return
    }
    case 'call':
      if (!isFunction(expr.name)) loading.hide(expr.span)
      else
        each(
          namesPlaces.has(expr.name)
            ? expr.arguments.filter(({ kind }) => kind !== 'literal')
            : expr.arguments,
        )
      return
    case 'parentheses':
      hideParts(expr.inner, loading)
      return
    case 'unary':
      hideParts(expr.operand, loading)
      return
    case 'binary':
      each([expr.left, expr.right])
      return
    case 'conditional':
      each([expr.condition, expr.then, expr.else])
      return
    case 'tuple':
      each(expr.items)
      return
    case 'object':
      each(expr.items.flatMap(({ key, value }) => [key, value]))
      return
    default:
      loading.hide(expr.span)
  }
}
