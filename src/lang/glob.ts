import { matchesParts } from '../core/wildcards.js'
/** A pattern for names of files, by its parts between slashes. */
export type PatternPart =
  /** `**`: any number of folders, or as the last part the files in them. */
  | { readonly kind: 'deep' }
  /** A name without anything special in it. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'wild'; matches(name: string): boolean }

type Atom =
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'one'; readonly test: (character: string) => boolean }
  | { readonly kind: 'text'; readonly character: string }

/** So many alternatives the braces of one part may make. */
const mostAlternatives = 1000

/** What is wrong with a pattern, as the end of a sentence. */
export class PatternError extends Error {}

/**
 * Reads a pattern as Terraform's `fileset` has them: `*` and `?` for characters of a name, `[a-z]` and `[^a-z]` for one, `{a,b}` for
 * alternatives within a name, `**` for folders, and a backslash before what is not special. Throws a `PatternError`.
 */
export function parsePattern(pattern: string): readonly PatternPart[] {
  return pattern
    .split('/')
    .filter((part, i, all) => part !== '' && part !== '.' && (part !== '**' || all[i + 1] !== '**'))
    .map((part): PatternPart => {
      if (part === '**') return { kind: 'deep' }
      const alternatives = expand([...part]).map(atoms)
      const [only] = alternatives
      if (alternatives.length === 1 && only?.every((atom) => atom.kind === 'text'))
        return {
          kind: 'name',
          name: only.map((atom) => ('character' in atom ? atom.character : '')).join(''),
        }
      return {
        kind: 'wild',
        matches(name) {
          const characters = [...name]
          return alternatives.some((one) => matchesParts(one, characters, isStar, fits))
        },
      }
    })
}

/** The texts without braces that a part stands for. */
function expand(part: readonly string[]): readonly (readonly string[])[] {
  const open = nextSpecial(part, 0, '{')
  if (open < 0) return [part]
  const choices: (readonly string[])[] = []
  let depth = 1
  let start = open + 1
  let at = start
  for (; depth > 0; at++) {
    const character = part[at]
    if (character === undefined) throw new PatternError('a "{" in it is never closed')
    if (character === '\\') at++
    else if (character === '{') depth++
    else if (character === '}' && --depth === 0) choices.push(part.slice(start, at))
    else if (character === ',' && depth === 1) {
      choices.push(part.slice(start, at))
      start = at + 1
    }
  }
  const rest = part.slice(at)
  const all: (readonly string[])[] = []
  for (const choice of choices) {
    all.push(...expand([...part.slice(0, open), ...choice, ...rest]))
    if (all.length > mostAlternatives) throw new PatternError('its braces make too many alternatives')
  }
  return all
}

/** The index of a character that no backslash and no brackets stand around; -1 if there is none. */
function nextSpecial(part: readonly string[], from: number, wanted: string): number {
  for (let i = from; i < part.length; i++) {
    if (part[i] === wanted) return i
    if (part[i] === '\\') i++
    else if (part[i] === '[') i = classEnd(part, i)
  }
  return -1
}

function classEnd(part: readonly string[], open: number): number {
  for (let i = open + 1; i < part.length; i++) {
    if (part[i] === '\\') i++
    else if (part[i] === ']') return i
  }
  throw new PatternError('a "[" in it is never closed')
}

function atoms(part: readonly string[]): readonly Atom[] {
  const found: Atom[] = []
  for (let i = 0; i < part.length; i++) {
    const character = part[i] as string
    if (character === '*') found.push({ kind: 'star' })
    else if (character === '?') found.push({ kind: 'any' })
    else if (character === '[') {
      const end = classEnd(part, i)
      found.push({ kind: 'one', test: characterClass(part.slice(i + 1, end)) })
      i = end
    } else if (character === '\\') found.push({ kind: 'text', character: escaped(part, ++i) })
    else found.push({ kind: 'text', character })
  }
  return found
}

function escaped(part: readonly string[], at: number): string {
  const character = part[at]
  if (character === undefined) throw new PatternError('nothing follows the backslash at its end')
  return character
}

function characterClass(content: readonly string[]): (character: string) => boolean {
  const negated = content[0] === '^'
  const ranges: (readonly [number, number])[] = []
  let i = negated ? 1 : 0
  const next = (): number => {
    const character = content[i] === '\\' ? escaped(content, ++i) : content[i]
    i++
    if (character === undefined || character === '-')
      throw new PatternError('in a "[…]" of it "-" stands without an end of its range')
    return character.codePointAt(0) as number
  }
  while (i < content.length) {
    const low = next()
    if (content[i] !== '-') ranges.push([low, low])
    else {
      i++
      ranges.push([low, next()])
    }
  }
  if (ranges.length === 0) throw new PatternError('a "[…]" in it is empty')
  return (character) => {
    const code = character.codePointAt(0) as number
    return ranges.some(([low, high]) => low <= code && code <= high) !== negated
  }
}

function isStar(atom: Atom): boolean {
  return atom.kind === 'star'
}

function fits(atom: Atom, character: string): boolean {
  if (atom.kind === 'text') return atom.character === character
  return atom.kind === 'any' || (atom.kind === 'one' && atom.test(character))
}
