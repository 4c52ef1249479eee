import type { Condition, VariableBlock } from '../../core/configuration.js'
import { error, Failure } from '../../core/diagnostic.js'
import { markSensitive } from '../../core/leaves.js'
import { unknownValue, type Value } from '../../core/value.js'
import { toExpression } from '../expression.js'
import type { BlockNode } from '../hcl/ast.js'
import { argument, flagArgument, requiredArgument, textArgument } from './argument.js'
import { constantOf } from './constant.js'
import { hideWhole } from './hide-secret.js'
import { given, type Loading } from './loading.js'
import type { Declared } from './names.js'
import { anyType, applyConstraint, type TypeConstraint, typeConstraint } from './type-constraint.js'
import type { Use } from './uses.js'

/** Names that have a meaning of their own in a block, so that no variable can have them. */
const reserved = new Set([
  'source',
  'version',
  'providers',
  'count',
  'for_each',
  'lifecycle',
  'depends_on',
  'locals',
])

/** Reads a `variable` block. */
export function readVariable(
  name: string,
  { node: block, span }: Declared<BlockNode>,
  uses: Use[],
  loading: Loading,
): VariableBlock {
  const { body } = block
  if (reserved.has(name)) {
    loading.report(
      error('lang/invalid-name', 'Invalid name', {
        detail: `A variable cannot be called "${name}": the name is reserved.`,
        help: 'Choose another name.',
        span,
      }),
    )
  }
  const type = argument(body, 'type')
  const constraint = constraintOf(block, loading)
  const sensitive = flagArgument(body, 'sensitive', false, loading)
  const nullable = flagArgument(body, 'nullable', true, loading)
  const mark = (value: Value): Value => (sensitive ? markSensitive(value) : value)
  if (sensitive) hideDefault(block, loading)
  const initial = defaultOf(block, { constraint, nullable, mark }, loading)
  return {
    name,
    type: (constraint ?? anyType).type,
    // Where the type is broken, text is not read as anything that could be wrong.
    ...(type === undefined || constraint === undefined ? { untyped: true as const } : {}),
    ...given('description', textArgument(body, 'description', loading)),
    sensitive,
    nullable,
    ...given('default', initial && mark(initial)),
    convert(value) {
      if (constraint === undefined) return mark(unknownValue())
      // Marked before, so that no message shows it, and after, because of defaults.
      if (value.kind !== 'null' || nullable) return mark(applyConstraint(mark(value), constraint))
      if (initial !== undefined) return mark(initial)
      throw new Failure(
        error('lang/null-variable', 'Variable that cannot be null', {
          detail: `The variable "${name}" has nullable = false, and its value is null.`,
          help: 'Give it a value.',
        }),
      )
    },
    validations: block.body.blocks
      .filter((inner) => inner.type === 'validation')
      .flatMap((inner) => validation(name, inner, uses, loading)),
    span,
  }
}

/** Undefined: what stands there is not understood, or no type, which is reported. */
function constraintOf(block: BlockNode, loading: Loading): TypeConstraint | undefined {
  const node = argument(block.body, 'type')
  if (node === undefined) return loading.gaps.mayHold(block.span, 'type') ? undefined : anyType
  if (node.value.kind === 'broken' || loading.gaps.blur(node, block.span)) return undefined
  try {
    return typeConstraint(node.value)
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem
    for (const diagnostic of problem.diagnostics) loading.report(diagnostic)
    return undefined
  }
}

function hideDefault(block: BlockNode, loading: Loading): void {
  const node = argument(block.body, 'default')
  if (node !== undefined) hideWhole(node.value, loading)
}

interface DefaultRules {
  readonly constraint: TypeConstraint | undefined
  readonly nullable: boolean
  mark(value: Value): Value
}

/** The default; where it is wrong or not understood, an unknown value: there is one, so a value is not missing. */
function defaultOf(
  block: BlockNode,
  { constraint, nullable, mark }: DefaultRules,
  loading: Loading,
): Value | undefined {
  const node = argument(block.body, 'default')
  const standIn = unknownValue(constraint?.type)
  if (node === undefined) return loading.gaps.mayHold(block.span, 'default') ? standIn : undefined
  if (loading.gaps.blur(node, block.span)) return standIn
  const { span } = node.value
  const constant = constantOf(node.value)
  if (constant.kind === 'wrong') {
    for (const diagnostic of constant.diagnostics) loading.report(diagnostic)
    return standIn
  }
  if (constant.kind === 'dynamic') {
    loading.report(
      error('lang/not-constant', 'Not a constant', {
        detail: 'The default of a variable can refer to nothing, and cannot ask the environment.',
        help: 'Write the value itself; use a local value for what is computed.',
        span,
      }),
    )
    return standIn
  }
  if (constant.value.kind === 'null' && !nullable) {
    loading.report(
      error('lang/null-variable', 'Variable that cannot be null', {
        detail: 'The default is null, but the variable has nullable = false.',
        help: 'Remove the default, which makes a value required, or remove nullable.',
        span,
      }),
    )
    return standIn
  }
  try {
    return constraint === undefined ? standIn : applyConstraint(mark(constant.value), constraint)
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem
    for (const diagnostic of problem.diagnostics) {
      loading.report({ ...diagnostic, detail: `default: ${diagnostic.detail ?? diagnostic.summary}`, span })
    }
    return standIn
  }
}

function validation(name: string, block: BlockNode, uses: Use[], loading: Loading): readonly Condition[] {
  const condition = requiredArgument(block, 'condition', `length(var.${name}) > 0`, loading)
  const message = requiredArgument(block, 'error_message', '"What is wrong, as a sentence."', loading)
  for (const node of [condition, message]) {
    if (node !== undefined) uses.push({ expr: node.value, from: `var.${name}`, place: 'validation' })
  }
  if (condition === undefined || message === undefined) return []
  return [
    {
      condition: toExpression(condition.value),
      message: toExpression(message.value),
      span: condition.value.span,
    },
  ]
}
