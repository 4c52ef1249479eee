import { type Diagnostic, error, type Span } from '../../core/diagnostic.js'
import type { Traversal } from '../expression/traversal.js'
import { given } from './loading.js'
import type { Names } from './names.js'
import type { SchemaSource } from './schema-source.js'

/** What references are checked against. */
export interface Known {
  readonly names: Names
  /** Addresses of which it is not certain what they are. */
  readonly doubtful: ReadonlySet<string>
  /** Asked only when something is wrong: it loads the schemas of all providers. */
  types(): ReturnType<SchemaSource['types']>
  /** The name that was probably meant. It gives up after many mistakes: comparing all names each time would take minutes. */
  near(name: string, candidates: Iterable<string>): string | undefined
  /** "Did you mean", or the other help; gives up as `near`. */
  suggest(name: string, candidates: Iterable<string>, otherwise?: string): string | undefined
}

/** What is wrong with a reference. */
export interface Problem {
  /** What was not found. */
  readonly name: string
  readonly diagnostic: Diagnostic
}

export function problem(
  code: string,
  summary: string,
  name: string,
  detail: string,
  span: Span,
  help: string | undefined,
): Problem {
  return { name, diagnostic: error(code, summary, { detail, ...given('help', help), span }) }
}

export function unknown(name: string, detail: string, span: Span, help: string | undefined): Problem {
  return problem(
    'lang/unknown-reference',
    'Reference to something that is not declared',
    name,
    detail,
    span,
    help,
  )
}

export function incomplete({ root, span }: Traversal, detail: string): Problem {
  return problem('lang/incomplete-reference', 'Incomplete reference', root, detail, span, undefined)
}

export function unfit({ root, span }: Traversal, detail: string, help?: string): Problem {
  return problem('lang/reference-out-of-place', 'Reference out of place', root, detail, span, help)
}
