import type { Expression } from '../../core/configuration.js'
import { coverCharacter, isCovered } from '../../core/cover.js'
import { type Diagnostic, Failure } from '../../core/diagnostic.js'

/** A file's text, and the same with its secrets covered up. */
export interface Covered {
  readonly text: string
  readonly shown: string
}

/**
 * The message without what is covered up on the lines that it is about: messages of the parser quote what they are about. It names
 * the attribute instead.
 */
function conceal(diagnostic: Diagnostic, { text, shown }: Covered): Diagnostic {
  const { span, severity, detail = '', help = '' } = diagnostic
  if (span === undefined || severity !== 'error' || text === shown) return diagnostic
  const from = text.lastIndexOf('\n', span.start.offset - 1) + 1
  const newline = text.indexOf('\n', span.end.offset)
  const to = newline < 0 ? text.length : newline
  if (!isCovered(shown.slice(from, to))) return diagnostic
  const said = `${detail}\n${help}`.normalize('NFC')
  if (!hiddenWords(text, shown, from, to).some((word) => says(said, word))) return diagnostic
  return withoutValue(diagnostic, nameBefore(shown, from + shown.slice(from, to).indexOf(coverCharacter)))
}

/** All messages so, by the file that each is about. */
export function concealAll(
  diagnostics: readonly Diagnostic[],
  files: ReadonlyMap<string, Covered>,
): readonly Diagnostic[] {
  return diagnostics.map((one) => {
    const file = one.span && files.get(one.span.file)
    return file === undefined ? one : conceal(one, file)
  })
}

function withoutValue(diagnostic: Diagnostic, name: string | undefined): Diagnostic {
  const { detail: _, help: __, ...rest } = diagnostic
  return {
    ...rest,
    detail: `${name === undefined ? 'What stands here' : `What is written for "${name}"`} cannot be read as it stands. It is not shown, because it may be a secret.`,
    help: `Write ${name ?? 'NAME'} = "…", with = and the text in quotes; better take it from the environment, env("NAME"), and replace the secret, since it has been seen.`,
  }
}

const piece = /[\p{ID_Continue}-]+/gu

/** The words of which something is covered up, in a part of the text. */
function hiddenWords(text: string, shown: string, from: number, to: number): readonly string[] {
  const found: string[] = []
  for (let at = from; at < to; ) {
    if (shown[at] !== coverCharacter) {
      at++
      continue
    }
    const start = at
    while (at < to && shown[at] === coverCharacter) at++
    for (const [word] of text.slice(start, at).matchAll(piece)) found.push(word.normalize('NFC'))
  }
  return found
}

/** Messages cut long words off; a short one is found only by itself. */
function says(said: string, word: string): boolean {
  if (word.length >= 6) return said.includes(word.slice(0, 20))
  const at = said.indexOf(word)
  if (at < 0) return false
  return said.split(/[^\p{ID_Continue}-]+/u).includes(word)
}

/** The last name before a place. */
function nameBefore(shown: string, at: number): string | undefined {
  return shown
    .slice(Math.max(0, at - 1000), at)
    .match(/[\p{ID_Start}_][\p{ID_Continue}-]*/gu)
    ?.at(-1)
}

/** An expression that makes a secret: when it calls what is no function, that may be the secret without its quotes. */
export function concealing(expression: Expression, name: string): Expression {
  return {
    span: expression.span,
    get references() {
      return expression.references
    },
    evaluate(scope) {
      try {
        return expression.evaluate(scope)
      } catch (problem) {
        if (!(problem instanceof Failure)) throw problem
        throw new Failure(withoutFunctions(problem.diagnostics, name))
      }
    },
  }
}

function withoutFunctions(diagnostics: readonly Diagnostic[], name: string): readonly Diagnostic[] {
  return diagnostics.map((one) => (one.code === 'lang/unknown-function' ? withoutValue(one, name) : one))
}
