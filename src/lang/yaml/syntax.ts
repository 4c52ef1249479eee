import type { Composer, CST, Document, YAMLError } from 'yaml'
import { type Diagnostic, error } from '../../core/diagnostic.js'
import type { Source } from '../hcl/source.js'
import { library } from './library.js'

/** The YAML of a text, with its syntax errors. */
export interface Composed {
  readonly documents: readonly Document.Parsed[]
  readonly diagnostics: readonly Diagnostic[]
  /** The lines with errors: what the documents have of them is a guess. */
  readonly lines: ReadonlySet<number>
}

type Problem = Pick<YAMLError, 'code' | 'message' | 'pos'>

/** How many UTF-16 units are parsed again, in all, to find further errors. */
const repairBudget = 512 * 1024
/** More than this help nobody. */
const mostErrors = 100

/**
 * Parses, with all syntax errors, or the offset where the text is nested deeper than `depth`. After one error the library
 * may understand nothing of the rest; so where an expression without quotes is at fault, its line is blanked and the text parsed again.
 */
export function composeDocuments(source: Source, depth: number): Composed | { readonly deep: number } {
  const diagnostics: Diagnostic[] = []
  const lines = new Set<number>()
  let budget = repairBudget
  for (let text = source.text; ; budget -= text.length) {
    const tokens = withoutEchoes([...new (library().Parser)().parse(text)])
    const deep = firstDeeper(tokens, depth)
    if (deep !== undefined) return { deep }
    const documents = [...composer().compose(tokens, false, text.length)]
    const errors = documents.flatMap((document): readonly Problem[] => document.errors)
    const [first] = errors
    if (first === undefined) return { documents, diagnostics, lines }
    const blanked = budget < 0 ? undefined : withoutExpression(text, first.pos[0], source)
    for (const found of blanked === undefined ? errors : [first]) {
      const problem = atOpeningQuote(found, tokens)
      const { line } = source.at(Math.min(problem.pos[0], text.length))
      if (lines.has(line)) continue
      lines.add(line)
      if (diagnostics.length < mostErrors) diagnostics.push(syntaxError(problem, source))
    }
    if (blanked === undefined) return { documents, diagnostics, lines }
    text = blanked
  }
}

/** After a token that fits nowhere, all that follows is one, and says nothing new. */
function withoutEchoes(tokens: readonly CST.Token[]): readonly CST.Token[] {
  const first = tokens.findIndex((token) => token.type === 'error')
  return first < 0 ? tokens : tokens.filter((token, i) => i <= first || token.type !== 'error')
}

/** With the failsafe schema every scalar stays text: numbers keep their digits and `yes` stays a word. */
function composer(): Composer<Document.Parsed['contents'] & object> {
  return new (library().Composer)({
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
}

/** The offset of the first value that is nested deeper. Does not recurse: the depth is the attacker's. */
function firstDeeper(tokens: readonly CST.Token[], limit: number): number | undefined {
  const open = tokens.map((token) => ({ token, depth: 0 }))
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > limit) return next.token.offset
    const depth = next.depth + (next.token.type === 'document' ? 0 : 1)
    for (const token of inside(next.token)) open.push({ token, depth })
  }
  return undefined
}

function inside(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value]
  if (!library().CST.isCollection(token)) return []
  return token.items.flatMap(({ key, value }) =>
    [key, value].filter((one) => one !== null && one !== undefined),
  )
}

/** The library reports a missing quote at the end of the file; where the text begins is where to look. */
function atOpeningQuote(problem: Problem, tokens: readonly CST.Token[]): Problem {
  if (!/^Missing closing .quote/.test(problem.message)) return problem
  const open = tokens.slice()
  for (let token = open.pop(); token !== undefined; token = open.pop()) {
    const quoted = token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar'
    if (quoted && 'source' in token && token.offset + token.source.length === problem.pos[0]) {
      const message = 'The quote that opens here is never closed'
      return { code: problem.code, message, pos: [token.offset, token.offset + 1] }
    }
    for (const inner of inside(token)) open.push(inner)
  }
  return problem
}

/** The text with the value in the line of `at` made harmless, if it holds an expression; every offset stays the same. */
function withoutExpression(text: string, at: number, source: Source): string | undefined {
  const start = source.lineStart(at)
  const line = text.slice(start, source.nextLine(at)).trimEnd()
  const before = /^\s*(?:- +)*(?:[^\s:#'"]+: +)?/.exec(line)?.[0] ?? ''
  const value = line.slice(before.length)
  if (!hasExpression(value)) return undefined
  return text.slice(0, start) + before + 'x'.repeat(value.length) + text.slice(start + line.length)
}

function hasExpression(text: string): boolean {
  return /[$%]\{/.test(text)
}

function syntaxError(problem: Problem, source: Source): Diagnostic {
  const { length } = source.text
  const start = Math.min(problem.pos[0], length)
  const end = Math.min(Math.max(problem.pos[1], start), length)
  const line = source.text.slice(source.lineStart(start), source.nextLine(start))
  return error('lang/yaml-syntax', 'Invalid YAML', {
    detail: `${problem.message}.`,
    ...(helpFor(problem, line) ?? {}),
    span: source.span(start, end),
  })
}

function helpFor(problem: Problem, line: string): { readonly help: string } | undefined {
  if (hasExpression(line)) {
    return {
      help: 'Quote it: YAML gives { } [ ] , # and ": " a meaning of their own, so put an expression that has them into single quotes.',
    }
  }
  switch (problem.code) {
    case 'TAB_AS_INDENT':
      return { help: 'Indent with spaces.' }
    case 'BAD_SCALAR_START':
      return { help: 'Put the text in quotes.' }
    case 'BAD_DQ_ESCAPE':
      return { help: 'Write \\\\ for a backslash, or use single quotes, in which a backslash means itself.' }
    default:
      return undefined
  }
}
