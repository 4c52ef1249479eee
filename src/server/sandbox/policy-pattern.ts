import { matchesParts, matchesWildcards } from '../../core/wildcards.js'

/** The keys of a request that conditions and variables speak of, by their names in lower case. */
export type RequestKeys = ReadonlyMap<string, string | readonly string[]>

/** One position of a pattern: a character, any one character, or any number of them. */
type Token = string | typeof one | typeof any
const one = Symbol('?')
const any = Symbol('*')

/** The pattern is one of an action: its letters match in either case. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesWildcards(pattern.toLowerCase(), action.toLowerCase())
}

/** Wildcards and policy variables (`${aws:username}`). A variable that the request has no value for matches nothing. */
export function matchesTemplate(pattern: string, text: string, keys: RequestKeys): boolean {
  const tokens = filledIn(pattern, keys)
  return tokens !== undefined && matches(tokens, text)
}

/** Like `matchesTemplate`, for ARNs: no wildcard reaches over a colon, but for those in the last of their six parts. */
export function matchesArn(pattern: string, arn: string, keys: RequestKeys): boolean {
  const patterns = arnParts(pattern)
  const parts = arnParts(arn)
  if (patterns.length !== 6 || parts.length !== 6)
    return matchesTemplate(pattern, arn, keys) && pattern === '*'
  return patterns.every((part, i) => matchesTemplate(part, parts[i] as string, keys))
}

/** The text with its variables filled in, wildcards left as they are; undefined if one has no value. */
export function fillIn(template: string, keys: RequestKeys): string | undefined {
  const tokens = filledIn(template, keys)
  return tokens?.map((token) => (token === any ? '*' : token === one ? '?' : token)).join('')
}

function arnParts(text: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  // The colon of a variable is none of the ARN's.
  for (let i = 0; i < text.length && parts.length < 5; i++) {
    if (text.startsWith('${', i)) depth++
    else if (text[i] === '}' && depth > 0) depth--
    else if (text[i] === ':' && depth === 0) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  return [...parts, text.slice(start)]
}

function filledIn(pattern: string, keys: RequestKeys): readonly Token[] | undefined {
  const tokens: Token[] = []
  let at = 0
  for (const found of pattern.matchAll(/\$\{([^}]*)\}/g)) {
    const value = variable(found[1] as string, keys)
    if (value === undefined) return undefined
    tokens.push(...tokensOf(pattern.slice(at, found.index)), ...value)
    at = found.index + found[0].length
  }
  tokens.push(...tokensOf(pattern.slice(at)))
  return tokens
}

/** `aws:username`, with a default `aws:username, 'nobody'`, or one of `*`, `?`, `$`, which then stand for themselves. */
function variable(text: string, keys: RequestKeys): string | undefined {
  if (text === '*' || text === '?' || text === '$') return text
  const [, name, fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(text) ?? []
  const value = keys.get((name ?? '').toLowerCase())
  return typeof value === 'string' ? value : fallback
}

function tokensOf(pattern: string): readonly Token[] {
  return [...pattern].map((character) => (character === '*' ? any : character === '?' ? one : character))
}

function matches(tokens: readonly Token[], text: string): boolean {
  return matchesParts(
    tokens,
    [...text],
    (token) => token === any,
    (token, character) => token === one || token === character,
  )
}
