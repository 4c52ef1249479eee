import type { Scope } from '../../core/configuration.js'
import { failOnErrors } from '../../core/diagnostic.js'
import type { Value } from '../../core/value.js'
import { parseTemplate } from '../hcl/parser.js'
import type { Context } from './context.js'

/** Evaluates the text of a template file, which sees the names that it is given and nothing else. */
export function renderTemplate(
  text: string,
  file: string,
  names: ReadonlyMap<string, Value>,
  context: Context,
): Value {
  const { expression, diagnostics } = parseTemplate(text, file)
  failOnErrors(diagnostics)
  const scope: Scope = {
    resolve(root) {
      const value = names.get(root)
      return value === undefined ? undefined : { value, used: 0 }
    },
    names: () => names.keys(),
    environment: context.scope.environment,
  }
  return context.evaluate(expression, { ...context, scope, names: undefined, item: undefined })
}
