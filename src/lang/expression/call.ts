import { convert, typeOf } from '../../core/convert.js'
import { error, Failure, type Span } from '../../core/diagnostic.js'
import { hasSensitive, isWhollyKnown, markSensitive, someLeaf, waitsOf } from '../../core/leaves.js'
import { didYouMean } from '../../core/nearest.js'
import { describeType, type Type } from '../../core/type.js'
import { type UnknownValue, unknownValue, type Value } from '../../core/value.js'
import {
  ArgumentError,
  type LanguageFunction,
  type LazyFunction,
  type Parameter,
  signature,
} from '../functions/function.js'
import { functions } from '../functions/registry.js'
import type { Expr } from '../hcl/ast.js'
import { longestString } from '../limits.js'
import { at, type Context, charge, spend } from './context.js'
import { renderTemplate } from './render.js'
import { asTraversal } from './traversal.js'

type Call = Extract<Expr, { kind: 'call' }>

/** An argument with the place to point to: that of the expression it comes from, also when it was one of several in a list. */
interface Argument {
  readonly value: Value
  readonly span: Span
}

export function evaluateCall(expr: Call, context: Context): Value {
  const definition = find(expr)
  if ('callLazily' in definition) return callLazily(definition, expr, context)
  const given = evaluateArguments(expr, context)
  if ('kind' in given) {
    const type = typeof definition.returns === 'function' ? undefined : definition.returns
    return unknownValue(type, given.waits, given.sensitive)
  }
  checkCount(definition, given.length, expr)
  refuseNoReference(definition, expr)
  const args = given.map((argument, i) => {
    const parameter = parameterAt(definition, i)
    if (isGoneThrough(parameter)) charge(context.run, argument.value, argument.span)
    return accept(definition, parameter, argument, i)
  })
  const unknowns = args.filter((arg, i) => !mayBeUnknown(arg, parameterAt(definition, i)))
  const sensitive = args.some((arg, i) => parameterAt(definition, i).marks === undefined && hasSensitive(arg))
  if (unknowns.length > 0) {
    const type = typeof definition.returns === 'function' ? definition.returns(args) : definition.returns
    return unknownValue(type, waitsOf(...args), args.some(hasSensitive))
  }
  const result = run(definition, args, given, expr, context)
  charge(context.run, result, expr.span)
  return sensitive ? markSensitive(result) : result
}

/** What to do without functions that Terraform has or had. */
const instead: ReadonlyMap<string, string> = new Map([
  ['list', 'Write [a, b], or tolist([a, b]).'],
  ['map', 'Write { a = b }, or tomap({ a = b }).'],
  ['type', 'It is known in the console only.'],
  ['uuid', 'A random value would change in every plan: use uuidv5() of a name.'],
  ['bcrypt', 'Its result would change in every plan: hash the secret outside and pass the hash in.'],
  ['rsadecrypt', 'Decrypt outside, and pass the secret in with env() or secretfile().'],
])

/** Is there a function of this name, which may have its prefix? */
export function isFunction(name: string): boolean {
  return functions.has(withoutPrefix(name))
}

function withoutPrefix(name: string): string {
  return name.startsWith('core::') ? name.slice('core::'.length) : name
}

function find(expr: Call): LanguageFunction | LazyFunction {
  const name = withoutPrefix(expr.name)
  const definition = functions.get(name)
  if (definition !== undefined) return definition
  const help = name.includes('::')
    ? 'The only functions are the built-in ones, which may be written with the prefix core::.'
    : (instead.get(name) ?? didYouMean(name, functions.keys()))
  throw new Failure(
    error('lang/unknown-function', 'Unknown function', {
      detail: `There is no function named ${JSON.stringify(expr.name)}.`,
      ...(help === undefined ? {} : { help }),
      span: expr.nameSpan,
    }),
  )
}

/** A text that stands right there needs no function to be a template, and in it `${…}` has been evaluated already. */
function refuseNoReference(definition: LanguageFunction, expr: Call): void {
  for (const [i, { reference }] of definition.parameters.entries()) {
    const argument = expr.arguments[i]
    if (reference === undefined || argument === undefined || (expr.expand && i === expr.arguments.length - 1))
      continue
    if (asTraversal(argument) === undefined)
      throw badArgument(definition, i, argument.span, 'it must be a reference, such as local.x', reference)
  }
}

/** The arguments, or the list after which `...` stands if it is not known how many they are. */
function evaluateArguments(expr: Call, context: Context): readonly Argument[] | UnknownValue {
  const args: Argument[] = []
  for (const [i, argument] of expr.arguments.entries()) {
    const value = context.evaluate(argument, context)
    const { span } = argument
    if (!expr.expand || i < expr.arguments.length - 1) args.push({ value, span })
    else if (value.kind === 'unknown' && expandable.has(value.type.kind)) return value
    else if (!('items' in value)) throw notExpandable(value, span)
    else for (const item of value.items) args.push({ value: item, span })
  }
  return args
}

const expandable: ReadonlySet<Type['kind']> = new Set(['list', 'set', 'tuple', 'dynamic'])

function notExpandable(value: Value, span: Span): Failure {
  const code = value.kind === 'null' ? 'lang/null-value' : 'lang/wrong-type'
  const what = value.kind === 'null' ? 'null' : describeType(typeOf(value))
  const detail = `The argument before "..." must be a list, set or tuple, but this is ${what}.`
  return new Failure(error(code, 'Cannot be expanded', { detail, span }))
}

function checkCount(definition: LanguageFunction | LazyFunction, count: number, expr: Call): void {
  const { name, parameters, rest } = definition
  const required = parameters.filter((parameter) => parameter.optional === undefined)
  const missing = required[count]
  const most = rest === undefined ? parameters.length : Number.POSITIVE_INFINITY
  if (missing === undefined && count <= most) return
  const takes =
    required.length === most
      ? `${most}`
      : most === Number.POSITIVE_INFINITY
        ? `at least ${required.length}`
        : `${required.length} to ${most}`
  const what = missing === undefined ? '' : `; "${missing.name}" is missing`
  throw new Failure(
    error('lang/wrong-argument-count', 'Wrong number of arguments', {
      detail: `${name}() takes ${takes} argument${takes === '1' ? '' : 's'}, but there ${count === 1 ? 'is' : 'are'} ${count}${what}.`,
      help: `Write ${signature(definition)}.`,
      span: missing === undefined ? (expr.arguments[most]?.span ?? expr.span) : expr.span,
    }),
  )
}

function parameterAt(definition: LanguageFunction, index: number): Parameter {
  const parameter = definition.parameters[index] ?? definition.rest
  if (parameter === undefined) throw new Error(`${definition.name} has no parameter ${index}`)
  return parameter
}

/** Whether every part of the argument is looked at, be it for its type or for what is unknown or sensitive in it. */
function isGoneThrough({ type, unknown, marks }: Parameter): boolean {
  return type.kind !== 'dynamic' || unknown === undefined || marks === undefined
}

/** The argument as the parameter's type. */
function accept(
  definition: LanguageFunction,
  parameter: Parameter,
  argument: Argument,
  index: number,
): Value {
  if (argument.value.kind === 'null' && parameter.null === undefined) {
    throw badArgument(definition, index, argument.span, 'it must not be null', undefined, 'lang/null-value')
  }
  try {
    return convert(argument.value, parameter.type)
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause
    const { detail = '', help } = cause.diagnostics[0] ?? {}
    throw badArgument(
      definition,
      index,
      argument.span,
      lowerFirst(detail.replace(/\.$/, '')),
      help,
      undefined,
      cause,
    )
  }
}

function badArgument(
  definition: LanguageFunction,
  index: number,
  span: Span,
  what: string,
  help?: string,
  code = 'lang/wrong-argument',
  cause?: unknown,
): Failure {
  const { name } = parameterAt(definition, index)
  return new Failure(
    error(code, 'Wrong argument', {
      detail: `Argument ${index + 1} ("${name}") of ${definition.name}(): ${what}.`,
      ...(help === undefined ? {} : { help }),
      span,
    }),
    cause === undefined ? {} : { cause },
  )
}

function mayBeUnknown(arg: Value, parameter: Parameter): boolean {
  if (parameter.unknown === 'all') return true
  return parameter.unknown === 'parts' ? arg.kind !== 'unknown' : isWhollyKnown(arg)
}

function run(
  definition: LanguageFunction,
  args: readonly Value[],
  given: readonly Argument[],
  expr: Call,
  context: Context,
): Value {
  try {
    const result = definition.call(args, {
      environment: context.scope.environment,
      spend: (steps) => spend(context.run, steps, expr.span),
      renderTemplate: (text, file, names) => renderTemplate(text, file, names, context),
    })
    if (someLeaf(result, (leaf) => leaf.kind === 'string' && leaf.value.length > longestString)) {
      throw tooLong(definition, expr)
    }
    return result
  } catch (cause) {
    // What went wrong may quote the argument.
    if (args.some(hasSensitive) && (cause instanceof ArgumentError || isUnlocated(cause))) {
      throw secretly(definition, expr)
    }
    if (cause instanceof ArgumentError) {
      const span = given[cause.index]?.span ?? expr.span
      throw badArgument(
        definition,
        cause.index,
        span,
        lowerFirst(cause.message.replace(/\.$/, '')),
        cause.help,
        undefined,
        cause,
      )
    }
    if (cause instanceof Failure) throw named(definition, cause, expr)
    // What V8 says when a string or an array would become too large.
    if (cause instanceof RangeError && !/call stack/.test(cause.message)) throw tooLong(definition, expr)
    throw cause
  }
}

function isUnlocated(cause: unknown): boolean {
  return cause instanceof Failure && cause.diagnostics.some((d) => d.span === undefined)
}

function secretly(definition: LanguageFunction, expr: Call): Failure {
  return new Failure(
    error('lang/function-failed', 'Function failed', {
      detail: `${definition.name}() failed. The reason is not shown, because an argument is sensitive.`,
      help: 'To see it, try the same in the console with a value that is no secret.',
      span: expr.span,
    }),
  )
}

function named(definition: LanguageFunction, failure: Failure, expr: Call): Failure {
  return new Failure(
    failure.diagnostics.map((d) =>
      d.span === undefined
        ? { ...d, detail: `${definition.name}(): ${d.detail ?? d.summary}`, span: expr.span }
        : d,
    ),
    { cause: failure },
  )
}

function tooLong(definition: LanguageFunction, expr: Call): Failure {
  return new Failure(
    error('lang/too-large', 'String too long', {
      detail: `${definition.name}() makes a string of more than ${longestString} characters.`,
      span: expr.span,
    }),
  )
}

function callLazily(definition: LazyFunction, expr: Call, context: Context): Value {
  const expressions = expr.expand ? expandLazily(expr, context) : laterOf(expr, context)
  checkCount(definition, expressions.length, expr)
  return at(expr.span, () => definition.callLazily(expressions))
}

/** A mistake in one of the expressions must leave no trace in the count of levels. */
function laterOf(expr: Call, context: Context): readonly (() => Value)[] {
  return expr.arguments.map((argument) => () => {
    const { depth } = context.run
    try {
      return context.evaluate(argument, context)
    } finally {
      context.run.depth = depth
    }
  })
}

/** With "..." the values are there already. */
function expandLazily(expr: Call, context: Context): readonly (() => Value)[] {
  const given = evaluateArguments(expr, context)
  return 'kind' in given
    ? [() => given]
    : given.map(
        ({ value }) =>
          () =>
            value,
      )
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
