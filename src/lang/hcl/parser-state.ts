import type { Diagnostic, Span } from '../../core/diagnostic.js'
import type { Expr } from './ast.js'
import { createLexer } from './lexer.js'
import type { Source } from './source.js'
import { type SyntaxCode, syntaxError } from './syntax-error.js'
import { type Mode, outermost, type Token } from './token.js'

/** Brackets, blocks, operators and templates may be nested this deep. */
export const nestingLimit = 250
/** What walks over a tree calls itself for each level: a long chain of operators must not exhaust its stack. */
export const chainLimit = 1000
const errorLimit = 500

/** What is awaited: a closing bracket or the end of a template sequence. */
export type Closer = ')' | ']' | '}' | 'sequence-end'

/** What the parts of the parser share: the token at hand, the errors so far and the means to give up and go on. */
export interface Parser {
  readonly source: Source
  readonly diagnostics: Diagnostic[]
  /** Whether newlines are tokens here. Inside parentheses, brackets and template sequences they are not. */
  newlines: boolean
  /** How many constructs are open around the token at hand. */
  depth: number
  /** How many operators and steps were read that can make a tree deep without being nested. */
  chained: number
  /** The closing brackets that are awaited, from the outside inwards. */
  readonly closers: Closer[]
  /** Set once nothing more can be understood (the rest of the file is a comment, or there are too many errors). */
  ended: boolean
  /** Set while an error as serious as too deep a nesting gives up everything up to the enclosing block. */
  givenUp: boolean
  /** Set when the end of the file came too early and that is reported: what else is open needs no mention. */
  cutShort: boolean
  /** From here to the end of the line nothing is reported: an error there left the line without a meaning. */
  poisoned: { readonly line: number; readonly offset: number } | undefined
  /** How many braces closed a block in the middle of a line: later a brace that closes nothing is the echo of one. */
  hastyBraces: number
  /** The starts of the lines on which a string or sequence has no end: what else is open there has its end in that text. */
  readonly brokenLines: Set<number>
  /** Brackets that were closed at another indentation than they were opened at: where a missing brace is likely. */
  readonly suspects: { readonly open: Token; readonly indent: number }[]
  /** The token taken last. */
  last: Token
  /** The token at hand, not yet taken. */
  peek(): Token
  /** Takes the token at hand. */
  next(): Token
  /** Takes the token at hand without reporting what is wrong in it, unless that swallowed the rest of the file. */
  skip(): void
  /** Goes to a place in the text, by default the start of a line. */
  moveTo(offset: number, mode: Mode, first?: boolean): void
  /** Goes back to a token that was taken. */
  goBack(token: Token): void
  /** The expression parser, here because templates and collections contain expressions and expressions contain them. */
  readonly expression: (p: Parser) => Expr
}

class Abandoned extends Error {}
const abandoned = new Abandoned('a construct was given up; the error is reported')

export function isAbandoned(thrown: unknown): boolean {
  return thrown === abandoned
}

export function createParser(source: Source, mode: Mode, expression: (p: Parser) => Expr): Parser {
  const lexer = createLexer(source.text, source.contentStart, mode)
  // Going back costs reading again; without a limit a file made for it would take forever.
  let rereadable = 4 * source.text.length + 10_000
  let current: Token | undefined

  function read(): Token {
    if (parser.ended) return end
    for (;;) {
      const token = lexer.next()
      if (token.kind === 'newline' && !parser.newlines) continue
      if (token.kind !== 'comment') return token
    }
  }

  function take(): Token {
    const token = parser.peek()
    current = undefined
    parser.last = token
    return token
  }

  const start = source.contentStart
  const end: Token = {
    kind: 'eof',
    start: source.text.length,
    end: source.text.length,
    mode: outermost('code'),
    first: true,
    problem: undefined,
  }

  const parser: Parser = {
    source,
    diagnostics: [],
    newlines: true,
    depth: 0,
    chained: 0,
    closers: [],
    ended: false,
    givenUp: false,
    cutShort: false,
    poisoned: undefined,
    hastyBraces: 0,
    brokenLines: new Set(),
    suspects: [],
    last: { kind: 'newline', start, end: start, mode, first: true, problem: undefined },
    peek() {
      if (current === undefined || (current.kind === 'newline' && !parser.newlines)) current = read()
      return current
    },
    next() {
      const token = take()
      if (token.problem !== undefined) report(parser, token)
      return token
    },
    skip() {
      const token = take()
      if (token.kind === 'eof' || token.kind === 'heredoc-close') report(parser, token)
    },
    goBack(token) {
      parser.moveTo(token.start, token.mode, token.first)
    },
    moveTo(offset, to, first = true) {
      const reached = current?.end ?? parser.last.end
      rereadable -= Math.max(0, reached - offset)
      current = undefined
      if (rereadable < 0) tooManyErrors(parser)
      else lexer.moveTo(offset, to, first)
    },
    expression,
  }
  return parser
}

function report(p: Parser, token: Token): void {
  if (token.problem === undefined) return
  const { code, start, end, detail, help } = token.problem
  addError(p, code, p.source.span(start, end), detail, help)
  if (token.kind === 'quote-close' && token.start === token.end)
    p.brokenLines.add(p.source.lineStart(token.start))
  if (token.kind === 'eof') p.ended = true
  if (token.kind === 'eof' || token.kind === 'heredoc-close') p.cutShort = true
}

/** Reports an error and goes on. */
export function addError(p: Parser, code: SyntaxCode, span: Span, detail: string, help: string): void {
  if (p.ended) return
  const { line, offset } = span.start
  if (p.poisoned?.line === line && p.poisoned.offset <= offset) return
  if (p.diagnostics.length >= errorLimit) tooManyErrors(p)
  else p.diagnostics.push(syntaxError(code, span, detail, help))
}

/** Says that what follows on the line of an error, just reported, is not understood well enough for further ones. */
export function poisonLine(p: Parser, span: Span): void {
  p.poisoned = span.start
}

/** Reports an error and gives up the construct at hand. The nearest recovery point goes on behind it. */
export function fail(p: Parser, code: SyntaxCode, span: Span, detail: string, help: string): never {
  addError(p, code, span, detail, help)
  throw abandoned
}

/** Like `fail`, but an error since there were `errors` of them is the likely cause, and this one only an echo. */
export function failUnlessSince(
  p: Parser,
  errors: number,
  code: SyntaxCode,
  span: Span,
  detail: string,
  help: string,
): never {
  if (p.diagnostics.length > errors) throw abandoned
  fail(p, code, span, detail, help)
}

/** Gives up the construct at hand because of an error that is already reported. */
export function abandon(): never {
  throw abandoned
}

function tooManyErrors(p: Parser): void {
  if (p.ended) return
  p.ended = true
  const span = p.source.span(p.last.start, p.last.end)
  p.diagnostics.push(
    syntaxError(
      'too-many-errors',
      span,
      'The rest of the file was not read.',
      'Correct the errors above first.',
    ),
  )
}

/** The place of a token; for the end of a line or of the file, that of the last token before it. */
export function place(p: Parser, token: Token): Span {
  const shownToken = token.kind === 'newline' || token.kind === 'eof' ? p.last : token
  return p.source.span(shownToken.start, shownToken.end)
}

/** Enters a nested construct. Every `enter` has its `leave`, or a recovery point that sets `depth` back. */
export function enter(p: Parser, at: { readonly start: number; readonly end: number }): void {
  if (++p.depth <= nestingLimit) return
  p.givenUp = true
  fail(
    p,
    'too-deep',
    p.source.span(at.start, at.end),
    `Brackets, blocks, operators and templates are nested more than ${nestingLimit} deep here.`,
    'Move inner parts to local values of their own.',
  )
}

/** Counts an operator or step of a chain that has `length` of them so far, and gives up if there are too many. */
export function countChained(p: Parser, length: number): void {
  p.chained++
  if (length > chainLimit)
    fail(p, 'too-deep', p.source.span(p.last.start, p.last.end), chainTooLong, divideChain)
}

export const chainTooLong = `Operators or steps build on each other more than ${chainLimit} times here.`
export const divideChain = 'Divide the expression among several local values.'

export function leave(p: Parser): void {
  p.depth--
}
