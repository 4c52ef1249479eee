import type { Diagnostic, Position } from '../../core/diagnostic.js'
import type { Body, Expr } from './ast.js'
import { parseFileBody } from './body.js'
import { expressionIsShallow } from './depth.js'
import { parseExpression as expression } from './expression.js'
import { addError, createParser, type Parser } from './parser-state.js'
import { attempt } from './recovery.js'
import { createSource, type Source } from './source.js'
import { syntaxError } from './syntax-error.js'
import { parseBareTemplate } from './template.js'
import { outermost } from './token.js'
import { shownToken, spanOf } from './token-text.js'

/** The largest text that is read, in bytes of UTF-8. */
export const sizeLimit = 10 * 1024 * 1024

/**
 * Parses a file in HashiCorp's native syntax. All syntax errors are reported, in the order of the text; what they leave
 * of the tree is there, with `broken` expressions in place of what was not understood.
 * @param file the path as the user would type it, for messages
 */
export function parseHcl(
  text: string,
  file: string,
): { readonly body: Body; readonly diagnostics: readonly Diagnostic[] } {
  const source = createSource(text, file)
  const tooLarge = checkSize(source)
  if (tooLarge !== undefined) {
    return { body: { attributes: [], blocks: [], span: source.span(0, 0) }, diagnostics: [tooLarge] }
  }
  const p = createParser(source, outermost('code'), expression)
  const body = parseFileBody(p)
  return { body, diagnostics: inOrder(p.diagnostics) }
}

/**
 * Parses a text that is one expression. Line breaks do not end it.
 * @param start where the text stands in the file; by default at its beginning
 */
export function parseExpression(
  text: string,
  file: string,
  start?: Position,
): { readonly expression: Expr; readonly diagnostics: readonly Diagnostic[] } {
  const source = createSource(text, file, start)
  const tooLarge = checkSize(source)
  const all = source.span(source.contentStart, text.length)
  if (tooLarge !== undefined) return { expression: { kind: 'broken', span: all }, diagnostics: [tooLarge] }

  const p = createParser(source, outermost('code'), expression)
  p.newlines = false
  const result = attempt(
    p,
    () => {
      const whole = p.expression(p)
      expectEnd(p)
      return expressionIsShallow(p, whole, 0) ? whole : undefined
    },
    () => undefined,
    true,
  )
  return { expression: result ?? { kind: 'broken', span: all }, diagnostics: inOrder(p.diagnostics) }
}

/**
 * Parses a whole text as a template: the content of a file for `templatefile`, a scalar of YAML. The result is always a
 * `template` node. Backslashes have no meaning in it.
 * @param start where the text stands in the file; by default at its beginning
 */
export function parseTemplate(
  text: string,
  file: string,
  start?: Position,
): { readonly expression: Extract<Expr, { kind: 'template' }>; readonly diagnostics: readonly Diagnostic[] } {
  const source = createSource(text, file, start)
  const span = source.span(source.contentStart, text.length)
  const tooLarge = checkSize(source)
  if (tooLarge !== undefined)
    return { expression: { kind: 'template', parts: [], span }, diagnostics: [tooLarge] }

  const p = createParser(source, outermost('bare'), expression)
  const parts = attempt(
    p,
    () => parseBareTemplate(p),
    () => undefined,
    true,
  )
  const template = { kind: 'template', parts: parts ?? [], span } as const
  const shallow = expressionIsShallow(p, template, 0)
  return {
    expression: shallow ? template : { ...template, parts: [] },
    diagnostics: inOrder(p.diagnostics),
  }
}

function checkSize(source: Source): Diagnostic | undefined {
  // No character takes more than three bytes for each of its UTF-16 units, so most texts need no counting.
  if (source.text.length * 3 <= sizeLimit || Buffer.byteLength(source.text) <= sizeLimit) return undefined
  return syntaxError(
    'too-large',
    source.span(0, 0),
    `The text has more than ${sizeLimit / 1024 / 1024} MiB.`,
    'Divide it among several files.',
  )
}

function expectEnd(p: Parser): void {
  const token = p.peek()
  if (token.problem !== undefined) p.next()
  else if (token.kind !== 'eof') {
    addError(
      p,
      'unexpected-token',
      spanOf(p, token),
      `The expression ends before ${shownToken(p, token)}.`,
      'Put an operator between the two, or quotes around text.',
    )
  }
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const offset = (d: Diagnostic): number => d.span?.start.offset ?? 0
  return diagnostics.toSorted((a, b) => offset(a) - offset(b))
}
