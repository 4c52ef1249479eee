import type { Expression, OutputBlock } from '../../core/configuration.js'
import { error, Failure } from '../../core/diagnostic.js'
import { hasSensitive, markSensitive } from '../../core/leaves.js'
import { toExpression } from '../expression.js'
import type { BlockNode } from '../hcl/ast.js'
import { flagArgument, requiredArgument, textArgument } from './argument.js'
import { dependsOn } from './depends-on.js'
import { given, type Loading } from './loading.js'
import type { Declared } from './names.js'
import type { Use } from './uses.js'

/** Reads an `output` block. Undefined when it has no value, which is reported. */
export function readOutput(
  name: string,
  { node: block, span }: Declared<BlockNode>,
  uses: Use[],
  loading: Loading,
): OutputBlock | undefined {
  const { body } = block
  const node = requiredArgument(block, 'value', 'trifacta_person.jane.id', loading)
  const sensitive = flagArgument(body, 'sensitive', false, loading)
  const description = textArgument(body, 'description', loading)
  const dependencies = dependsOn(body, `output.${name}`, uses, loading)
  if (node === undefined) return undefined
  uses.push({ expr: node.value, from: `output.${name}`, place: 'general' })
  return {
    name,
    ...given('description', description),
    value: guarded(name, toExpression(node.value), sensitive),
    sensitive,
    dependsOn: dependencies,
    span,
  }
}

/** Outputs are printed and written to state: a secret must be called one by who writes the output. */
function guarded(name: string, expression: Expression, sensitive: boolean): Expression {
  return {
    span: expression.span,
    references: expression.references,
    evaluate(scope) {
      const value = expression.evaluate(scope)
      if (sensitive) return markSensitive(value)
      if (!hasSensitive(value)) return value
      throw new Failure(
        error('lang/sensitive-output', 'Output holds a secret', {
          detail: `The value of the output "${name}" comes from something sensitive, and would be printed.`,
          help: 'Add sensitive = true to the output, or nonsensitive(…) around a part that is no secret.',
          span: expression.span,
        }),
      )
    },
  }
}
