import { indentation } from './indentation.js'
import { abandon, addError, type Closer, fail, type Parser, poisonLine } from './parser-state.js'
import { attempt, isCloser, itemAt, skipTo } from './recovery.js'
import type { Token } from './token.js'

/** An opening bracket that was taken, with what closes it. */
export interface Bracket {
  readonly open: Token
  readonly closer: ')' | ']' | '}'
  /** How many errors there were before it. */
  readonly errors: number
}

const closerOf = { '(': ')', '[': ']', '{': '}' } as const

/**
 * Takes the opening bracket at hand and runs `part`, which reads up to and with the closing one. If `part` gives up, goes
 * behind the closing bracket, if it is found, and returns undefined.
 */
export function bracketed<T>(p: Parser, newlines: boolean, part: (bracket: Bracket) => T): T | undefined {
  const open = p.peek()
  const closer = closerOf[open.kind as keyof typeof closerOf]
  const bracket = { open, closer, errors: p.diagnostics.length }
  const outerNewlines = p.newlines
  const result = attempt(
    p,
    () => {
      p.next()
      p.closers.push(bracket.closer)
      p.newlines = newlines
      return part(bracket)
    },
    () => {
      p.newlines = false
      skipTo(p, open.mode, [bracket.closer])
      if (p.peek().kind !== bracket.closer) abandon()
      p.next()
    },
  )
  p.newlines = outerNewlines
  return result
}

/**
 * Takes the closing bracket if it is at hand. A wrong one that nothing else awaits counts as it, with an error. Gives up if
 * the bracket is clearly not closed: something outside of it is closed, or the next item of the enclosing body starts. Otherwise returns false: something else is at hand.
 */
export function closed(p: Parser, bracket: Bracket): boolean {
  const token = p.peek()
  if (token.kind === bracket.closer) {
    p.closers.pop()
    p.next()
    if (token.kind === '}') noteIndentation(p, bracket.open, token)
    return true
  }
  if (token.kind === 'eof') unclosed(p, bracket)
  if (!isCloser(token.kind)) {
    expectInside(p, bracket)
    return false
  }
  if (isAwaited(p, token.kind as Closer)) unclosed(p, bracket)
  const opening = p.source.text[bracket.open.start]
  addError(
    p,
    'mismatched-bracket',
    p.source.span(token.start, token.end),
    `The ${opening} at ${lineAndColumn(p, bracket.open)} is closed by ${token.kind}.`,
    `Close it with ${bracket.closer}.`,
  )
  poisonLine(p, p.source.span(token.start, token.end))
  p.closers.pop()
  p.next()
  return true
}

/**
 * Like `closed`, in brackets in which an error was reported: what is wrong with the closing one is probably the fault of that
 * and is not reported.
 */
export function closedOrGivenUp(p: Parser, bracket: Bracket): boolean {
  const { kind } = p.peek()
  if (kind !== bracket.closer) {
    if (kind === 'eof') p.cutShort = true
    if (kind === 'eof' || (isCloser(kind) && isAwaited(p, kind as Closer))) {
      leaveBrace(p, bracket)
      abandon()
    }
    if (!isCloser(kind)) {
      if (!p.newlines && p.peek().first && itemAt(p, p.peek()) !== undefined) abandon()
      return false
    }
  }
  p.closers.pop()
  p.next()
  return true
}

/** Gives up if the token at hand can only be the next item of the enclosing body: nothing in parentheses or lists looks so. */
export function expectInside(p: Parser, bracket: Bracket): void {
  const token = p.peek()
  if (!p.newlines && token.first && itemAt(p, token) !== undefined) unclosed(p, bracket)
}

/** Gives up because the bracket is not closed before the token at hand. */
export function unclosed(p: Parser, bracket: Bracket): never {
  if (p.peek().kind === 'eof') {
    // A comment without end has eaten the closing bracket.
    if (p.peek().problem !== undefined) p.next()
    if (p.cutShort) abandon()
    p.cutShort = true
  }
  if (p.brokenLines.has(p.source.lineStart(bracket.open.start)) || hasErrorOnLine(p, bracket)) abandon()
  const { start, end } = likelyUnclosed(p, bracket.open)
  leaveBrace(p, bracket)
  fail(
    p,
    'unclosed-bracket',
    p.source.span(start, end),
    `The ${p.source.text.slice(start, end)} that is opened here has no ${bracket.closer} where one is needed.`,
    `Add the ${bracket.closer}, and check the brackets and quotes after the opening one.`,
  )
}

/** Whether an error behind the bracket, on its line, is a likely reason for its not being closed. */
function hasErrorOnLine(p: Parser, bracket: Bracket): boolean {
  const { line } = p.source.at(bracket.open.start)
  return p.diagnostics.slice(bracket.errors).some((d) => d.span?.start.line === line)
}

/** Within a template sequence the lexer counts braces: one that is never closed must not count. */
function leaveBrace(p: Parser, bracket: Bracket): void {
  const token = p.peek()
  const { mode } = token
  if (bracket.closer !== '}' || mode.kind !== 'sequence' || mode.braces === 0) return
  p.moveTo(token.start, { ...mode, braces: mode.braces - 1 }, token.first)
}

/** The opening brace to blame when `open` is found without a counterpart: a brace closed at the indentation of `open`'s line. */
export function likelyUnclosed(p: Parser, open: Token): Token {
  if (open.kind !== '{') return open
  const indent = indentation(p, open)
  return p.suspects.find((s) => s.open.start > open.start && s.indent === indent)?.open ?? open
}

/** Remembers a brace that is closed at another indentation than the line where it is opened. */
export function noteIndentation(p: Parser, open: Token, close: Token): void {
  if (!close.first) return
  const indent = indentation(p, close)
  if (indent < indentation(p, open)) p.suspects.push({ open, indent })
}

function isAwaited(p: Parser, closer: Closer): boolean {
  for (let i = p.closers.length - 2; i >= 0; i--) {
    if (p.closers[i] === closer) return true
    // Brackets outside of the template cannot be closed inside of it.
    if (p.closers[i] === 'sequence-end') return false
  }
  return false
}

function lineAndColumn(p: Parser, token: Token): string {
  const { line, column } = p.source.at(token.start)
  return `line ${line}, column ${column}`
}
