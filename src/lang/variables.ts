import type { Configuration, VariableBlock } from '../core/configuration.js'
import { type Diagnostic, error, Failure, type Span, warning } from '../core/diagnostic.js'
import type { Value } from '../core/value.js'
import { stringValue } from '../core/value.js'
import { constantOf } from './config/constant.js'
import { given, suggestion } from './config/loading.js'
import { checkValidations } from './config/validations.js'
import type { VariableFile } from './config/variable-file.js'
import { parseExpression } from './hcl/parser.js'

export { parseVariableFile, type VariableFile } from './config/variable-file.js'

/** Where values of variables come from. Later ones win: defaults, environment, files, flags, each in their order. */
export interface VariableSources {
  /** `ROLECALL_VAR_name` gives the variable `name`; what is not declared is not ours to judge. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The `*.auto.vars.*` files of the folder, in the order of their names. */
  readonly files: readonly VariableFile[]
  /** `--var` (`name=text`) and `--var-file`, in the order of the command line. */
  readonly flags: readonly ({ readonly flag: string } | { readonly file: VariableFile })[]
  /** For `validate`: a variable without a value is left out, and is no error. */
  readonly partial?: boolean
  /** For destroying: only these are looked at; the others have no value, and no mistakes. */
  readonly only?: ReadonlySet<string>
  /** What the user answered when asked for a value that no other source gives. */
  readonly answers?: ReadonlyMap<string, string>
  /** Values that are decided already, by a saved plan: no source is asked for these. */
  readonly settled?: ReadonlyMap<string, Value>
  /** Of what is declared here, nobody knows the type: `var.x`. Such a variable has no value, and no mistakes. */
  readonly doubtful?: ReadonlySet<string>
}

/** A value that some source gives, before it is read by the variable's type. */
type Given =
  | { readonly kind: 'value'; readonly value: Value; readonly span: Span }
  | { readonly kind: 'text'; readonly text: string; readonly from: string }

export interface ResolvedVariables {
  readonly values: ReadonlyMap<string, Value>
  /** Those that have their default's value, because no source gives one. */
  readonly byDefault: ReadonlySet<string>
  /** Those that have no value; each is an error. */
  readonly missing: readonly VariableBlock[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The value of each variable: the last that a source gives, or its default, converted to its type, marked when it is sensitive,
 * and checked by its validations. Reports every mistake; a variable with one has no value.
 */
export function resolveVariables(configuration: Configuration, sources: VariableSources): ResolvedVariables {
  const { variables } = configuration
  const diagnostics: Diagnostic[] = []
  const found = collect(variables, sources, diagnostics)
  const values = new Map<string, Value>()
  const byDefault = new Set<string>()
  const absent: VariableBlock[] = []
  for (const variable of variables.values()) {
    const settled = sources.settled?.get(variable.name)
    if (settled !== undefined) {
      values.set(variable.name, settled)
      continue
    }
    if (sources.only?.has(variable.name) === false || sources.doubtful?.has(`var.${variable.name}`)) continue
    const one = found.get(variable.name)
    try {
      const value = one === undefined ? variable.default : variable.convert(read(variable, one))
      if (value !== undefined) {
        values.set(variable.name, value)
        if (one === undefined) byDefault.add(variable.name)
      } else if (!sources.partial && !mayBeLost(variable.name, sources)) absent.push(variable)
    } catch (problem) {
      if (!(problem instanceof Failure)) throw problem
      for (const diagnostic of problem.diagnostics) diagnostics.push(placed(diagnostic, variable, one))
    }
  }
  diagnostics.push(
    ...absent.map((variable) => missing(variable, sources.settled !== undefined)),
    ...checkValidations(variables, values),
  )
  return { values, byDefault, missing: absent, diagnostics }
}

/** Could one of the files give a value where it was not understood? */
function mayBeLost(name: string, { files, flags }: VariableSources): boolean {
  const all = [...files, ...flags.flatMap((one) => ('file' in one ? [one.file] : []))]
  return all.some((file) => file.gaps.mayHold(file.place, name))
}

function collect(
  variables: ReadonlyMap<string, VariableBlock>,
  sources: VariableSources,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, Given> {
  const found = new Map<string, Given>()
  for (const name of variables.keys()) {
    const key = `ROLECALL_VAR_${name}`
    const text = Object.hasOwn(sources.environment, key) ? sources.environment[key] : undefined
    if (text !== undefined) found.set(name, { kind: 'text', text, from: key })
  }
  for (const [name, text] of sources.answers ?? [])
    found.set(name, { kind: 'text', text, from: 'your answer' })
  const addFile = ({ values }: VariableFile, severity: typeof error): void => {
    for (const [name, { value, span }] of values) {
      if (variables.has(name)) found.set(name, { kind: 'value', value, span })
      else diagnostics.push(undeclared(name, variables, severity, span))
    }
  }
  for (const file of sources.files) addFile(file, warning)
  for (const one of sources.flags) {
    if ('file' in one) {
      addFile(one.file, warning)
      continue
    }
    const equals = one.flag.indexOf('=')
    const name = one.flag.slice(0, Math.max(equals, 0)).trim()
    if (name === '') {
      diagnostics.push(
        error('lang/invalid-flag', 'Flag without a variable', {
          detail: `--var takes a name and a value, not ${JSON.stringify(one.flag.split('=')[0])}.`,
          help: "Write --var 'name=value'.",
        }),
      )
    } else if (!variables.has(name)) {
      diagnostics.push(undeclared(name, variables, error))
    } else {
      found.set(name, { kind: 'text', text: one.flag.slice(equals + 1), from: `--var ${name}` })
    }
  }
  return found
}

function undeclared(
  name: string,
  variables: ReadonlyMap<string, VariableBlock>,
  severity: typeof error,
  span?: Span,
): Diagnostic {
  return severity('lang/undeclared-variable', 'Value for a variable that is not declared', {
    detail: `There is no variable "${name}".`,
    ...given(
      'help',
      suggestion(name, variables.keys(), `Declare it, variable "${name}" { … }, or remove its value.`),
    ),
    ...given('span', span),
  })
}

/** Text for a string, number or bool is taken as it is; for other types it is an expression in HCL. */
function read(variable: VariableBlock, one: Given): Value {
  if (one.kind === 'value') return one.value
  const { kind } = variable.type
  if (variable.untyped || kind === 'string' || kind === 'number' || kind === 'bool')
    return stringValue(one.text)
  const { expression, diagnostics } = parseExpression(one.text, one.from)
  if (diagnostics.length > 0) throw new Failure(variable.sensitive ? withoutText(diagnostics) : diagnostics)
  const constant = constantOf(expression)
  if (constant.kind === 'value') return constant.value
  if (constant.kind === 'wrong') throw new Failure(constant.diagnostics)
  throw new Failure(
    error('lang/not-constant', 'Not a constant', {
      detail: 'The value refers to something.',
      help: 'Strings stand in double quotes: ["eu", "us"]. Mind the quotes of the shell.',
    }),
  )
}

/** Syntax errors quote what they are about. */
function withoutText(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map(({ detail: _, help: __, ...rest }) => rest)
}

/** Says which variable and which source a mistake is about. Text of the command line or environment is not a file to point into. */
function placed(diagnostic: Diagnostic, variable: VariableBlock, one: Given | undefined): Diagnostic {
  const { span: _, ...rest } = diagnostic
  const from = one?.kind === 'text' ? ` (from ${one.from})` : ''
  return {
    ...rest,
    detail: `The value of the variable "${variable.name}"${from}: ${diagnostic.detail ?? diagnostic.summary}`,
    span: one?.kind === 'value' ? (diagnostic.span ?? one.span) : variable.span,
  }
}

function missing({ name, description, span }: VariableBlock, planned: boolean): Diagnostic {
  const about = description === undefined ? '' : `: ${description}`
  const why = planned ? ' A plan file does not hold the values of variables that feed secrets.' : ''
  return error('lang/missing-variable', 'Variable without a value', {
    detail: `The variable "${name}" has no default, and no value was given${about}.${why}`,
    help: `Set it with --var '${name}=…', in a file *.auto.vars.hcl (${name} = …) or --var-file, or as ROLECALL_VAR_${name} in the environment.`,
    span,
  })
}
