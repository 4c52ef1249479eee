import type { Condition, Scope, VariableBlock } from '../../core/configuration.js'
import { convert } from '../../core/convert.js'
import { type Diagnostic, error, Failure } from '../../core/diagnostic.js'
import { bool, string } from '../../core/type.js'
import { stringValue, unknownValue, type Value } from '../../core/value.js'

/** Evaluates the validations of all variables that have a value. */
export function checkValidations(
  variables: ReadonlyMap<string, VariableBlock>,
  values: ReadonlyMap<string, Value>,
): readonly Diagnostic[] {
  const scope = validationScope(variables, values)
  const found: Diagnostic[] = []
  for (const variable of variables.values()) {
    if (!values.has(variable.name)) continue
    for (const validation of variable.validations) {
      try {
        const failed = check(variable, validation, scope)
        if (failed !== undefined) found.push(failed)
      } catch (problem) {
        if (!(problem instanceof Failure)) throw problem
        for (const diagnostic of problem.diagnostics) found.push({ span: validation.span, ...diagnostic })
      }
    }
  }
  return found
}

function check(
  variable: VariableBlock,
  { condition, message, span }: Condition,
  scope: Scope,
): Diagnostic | undefined {
  const result = convert(condition.evaluate(scope), bool)
  if (result.kind === 'null') {
    return error('lang/wrong-type', 'Wrong type', {
      detail: 'A condition must be true or false, and this one is null.',
      span,
    })
  }
  if (result.kind !== 'bool' || result.value) return undefined
  const text = convert(message.evaluate(scope), string)
  const shown =
    text.kind !== 'string'
      ? 'The value is refused.'
      : text.sensitive
        ? 'The message is not shown, because it is made of something sensitive.'
        : text.value
  return error('lang/invalid-variable', 'Value that the variable refuses', {
    detail: `${variable.name}: ${shown}`,
    help: 'Give a value that meets the condition.',
    span,
  })
}

/** Only variables have values yet. */
function validationScope(
  variables: ReadonlyMap<string, VariableBlock>,
  values: ReadonlyMap<string, Value>,
): Scope {
  const refuse = (): never => {
    throw new Failure(
      error('lang/not-constant', 'Not available here', {
        detail: 'A validation can ask neither the environment nor files.',
        help: 'Compare with other variables.',
      }),
    )
  }
  return {
    environment: { env: refuse, readFile: refuse, fileExists: refuse, listFolder: refuse, now: refuse },
    names: () => [...variables.keys()].map((name) => `var.${name}`),
    resolve(root, steps) {
      const [step] = steps
      if (root === 'path') return { value: stringValue('.'), used: 1 }
      const variable = root === 'var' && step?.kind === 'attribute' ? variables.get(step.name) : undefined
      // Everything else is told where the references are checked.
      if (variable === undefined) return { value: unknownValue(), used: steps.length }
      return {
        value: values.get(variable.name) ?? unknownValue(variable.type, undefined, variable.sensitive),
        used: 1,
      }
    },
  }
}
