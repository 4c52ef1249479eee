import { deepestNesting } from '../core/extent.js'
import type { Json } from '../core/json.js'
import type { WireAnswer } from './exchange.js'
import type { Reading } from './reading.js'

/** An answer that the caller said it can take. */
export interface Answer {
  readonly status: number
  /** Undefined: no content. */
  readonly body: Json | undefined
  /** Header names are in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** For whoever reads what stands in it. */
  readonly reading: Reading
}

/** The JSON of an answer; `other`: it is something else. */
export type Content =
  | { readonly kind: 'json'; readonly json: Json | undefined }
  | { readonly kind: 'deep'; readonly depth: number }
  | { readonly kind: 'other' }

const shownCharacters = 200
/** Of what a service says in the form that it has for it: it may go on with what to do about it. */
export const shownWords = 1_000

export function contentOf(answer: WireAnswer): Content {
  if (answer.body.trim() === '') return { kind: 'json', json: undefined }
  const depth = depthOf(answer.body)
  if (depth > deepestNesting) return { kind: 'deep', depth }
  try {
    return { kind: 'json', json: JSON.parse(answer.body) as Json }
  } catch {
    return { kind: 'other' }
  }
}

/** How deep a text nests if it is JSON. Who reads it calls itself for each level, and would run out of stack. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case openBracket:
      case openBrace:
        if (++depth > deepest) deepest = depth
        break
      case closeBracket:
      case closeBrace:
        depth--
        break
      case quote:
        // Brackets in a string are text.
        for (i++; i < text.length && text.charCodeAt(i) !== quote; i++)
          if (text.charCodeAt(i) === backslash) i++
    }
  }
  return deepest
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
]

/** What there is instead of the JSON that was expected, in words. They quote the answer, and so does the parser. */
export function explainContent(answer: WireAnswer): { readonly words: string; readonly help: string } {
  const content = contentOf(answer)
  if (content.kind === 'deep')
    return {
      words: `the JSON of the answer is nested ${content.depth} deep, and more than ${deepestNesting} is not read`,
      help: 'Check that the endpoint is that of the API: none of its answers nests like that.',
    }
  if (isPage(answer))
    return {
      words: `a web page came instead of JSON: "${excerpt(pageText(answer.body))}"`,
      help: 'Check that the endpoint is that of the API, and that no login page or proxy stands in between.',
    }
  return {
    words: `the answer is not JSON (${excerpt(parserWords(answer.body))}): "${excerpt(answer.body)}"`,
    help: 'Check that the endpoint is that of the API; an answer that is cut off points to a proxy in between.',
  }
}

function parserWords(text: string): string {
  try {
    JSON.parse(text)
    return 'unreadable'
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
}

/** What an answer without JSON says, for an error message; undefined if it says nothing. */
export function bareWords(answer: WireAnswer): string | undefined {
  const words = excerpt(isPage(answer) ? pageText(answer.body) : answer.body)
  return words === '' ? undefined : words
}

function isPage(answer: WireAnswer): boolean {
  return (
    /\bhtml\b/i.test(answer.headers.get('content-type') ?? '') ||
    /^\s*<(?:!doctype|html)\b/i.test(answer.body)
  )
}

function pageText(html: string): string {
  return html
    .slice(0, 20_000)
    .replace(/<(script|style)\b[^>]*>[^<]*/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
}

/** One short line of a text from outside. */
export function excerpt(text: string, limit = shownCharacters): string {
  const line = text
    .slice(0, 4 * limit)
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > limit ? `${line.slice(0, limit)}…` : line
}
