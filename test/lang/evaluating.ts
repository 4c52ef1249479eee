import type { FunctionEnvironment, Scope } from '../../src/core/configuration.js'
import { Failure } from '../../src/core/diagnostic.js'
import type { Value } from '../../src/core/value.js'
import { evaluate } from '../../src/lang/expression.js'
import { parseExpression } from '../../src/lang/hcl/parser.js'

export interface Surroundings {
  /** Values by root name: `{ var: … }`. */
  readonly names?: Readonly<Record<string, Value>>
  readonly environment?: Readonly<Record<string, string>>
  /** Texts of files by path. */
  readonly files?: Readonly<Record<string, string>>
}

export function scopeOf(surroundings: Surroundings = {}): Scope {
  const { names = {}, files = {} } = surroundings
  const environment: FunctionEnvironment = {
    env: (name) => surroundings.environment?.[name],
    readFile(path) {
      const text = files[path]
      if (text === undefined) throw new Error(`ENOENT: ${path}`)
      return Buffer.from(text, 'latin1')
    },
    fileExists: (path) => files[path] !== undefined,
    listFolder: () => undefined,
    folder: '/configuration',
    now: () => new Date('2026-02-03T04:05:06.789Z'),
  }
  return {
    resolve(root) {
      const value = names[root]
      return value === undefined ? undefined : { value, used: 0 }
    },
    names: () => Object.keys(names),
    environment,
  }
}

/** Evaluates one expression. Throws the `Failure` of the parser or the evaluator. */
export function evaluateText(text: string, surroundings: Surroundings = {}): Value {
  const { expression, diagnostics } = parseExpression(text, 'test.hcl')
  if (diagnostics.length > 0) throw new Failure(diagnostics)
  return evaluate(expression, scopeOf(surroundings))
}

/** The one diagnostic of an expression that is wrong, in a line: code, detail, help, and the text that it points to. */
export function mistakeIn(text: string, surroundings: Surroundings = {}): string {
  try {
    evaluateText(text, surroundings)
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure
    const [d] = failure.diagnostics
    if (d === undefined || failure.diagnostics.length > 1) throw failure
    const at = d.span === undefined ? '' : ` @ ${text.slice(d.span.start.offset, d.span.end.offset)}`
    return `${d.code}: ${d.detail}${d.help === undefined ? '' : ` (${d.help})`}${at}`
  }
  throw new Error(`no mistake in ${text}`)
}
