import {
  type ClassItem,
  classTest,
  literalItem,
  perlClass,
  posixClass,
  unicodeClass,
} from './character-class.js'
import { type Pattern, PatternError } from './pattern.js'

export interface ParsedPattern {
  readonly pattern: Pattern
  /** The name of every capture group, in order; undefined for one without. */
  readonly groups: readonly (string | undefined)[]
}

interface Flags {
  readonly foldCase: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
  readonly lazy: boolean
}

interface Reader {
  readonly text: string
  at: number
  flags: Flags
  readonly groups: (string | undefined)[]
  depth: number
}

const mostRepeats = 1000
const deepest = 100

/** Parses RE2's syntax; what RE2 leaves out (lookaround, backreferences) is refused. Throws a `PatternError`. */
export function parsePattern(text: string): ParsedPattern {
  const flags = { foldCase: false, multiline: false, dotAll: false, lazy: false }
  const reader: Reader = { text, at: 0, flags, groups: [], depth: 0 }
  const pattern = choice(reader)
  if (reader.at < text.length) throw new PatternError('there is a ")" without its "("')
  return { pattern, groups: reader.groups }
}

function choice(reader: Reader): Pattern {
  if (++reader.depth > deepest) throw new PatternError(`groups are nested more than ${deepest} deep`)
  const options = [sequence(reader)]
  while (eat(reader, '|')) options.push(sequence(reader))
  reader.depth--
  return options.length === 1 ? (options[0] as Pattern) : { kind: 'choice', options }
}

function sequence(reader: Reader): Pattern {
  const items: Pattern[] = []
  while (reader.at < reader.text.length && !looksAt(reader, '|') && !looksAt(reader, ')')) {
    const atom = atomAt(reader)
    if (atom !== undefined) items.push(repeated(reader, atom))
  }
  return items.length === 1 ? (items[0] as Pattern) : { kind: 'sequence', items }
}

const quantifier = /([*+?]|\{([0-9]+)(,?)([0-9]*)\})(\??)/y

function repeated(reader: Reader, body: Pattern): Pattern {
  const found = match(reader, quantifier)
  if (found === undefined) return body
  const [whole = '', sign = '', low = '', comma = '', high = '', question = ''] = found
  const min = sign === '*' || sign === '?' ? 0 : sign === '+' ? 1 : Number(low)
  const max =
    sign === '?'
      ? 1
      : sign === '*' || sign === '+'
        ? Number.POSITIVE_INFINITY
        : comma === ''
          ? min
          : high === ''
            ? Number.POSITIVE_INFINITY
            : Number(high)
  if (min > mostRepeats || (max !== Number.POSITIVE_INFINITY && max > mostRepeats)) {
    throw new PatternError(`${whole} repeats more than ${mostRepeats} times`)
  }
  if (max < min) throw new PatternError(`${whole} has its limits the wrong way round`)
  quantifier.lastIndex = reader.at
  const again = quantifier.exec(reader.text)
  if (again !== null) throw new PatternError(`${whole}${again[0]} repeats a repetition`)
  return { kind: 'repeat', body, min, max, greedy: (question === '') !== reader.flags.lazy }
}

/** One piece of a sequence; undefined for what only sets flags. */
function atomAt(reader: Reader): Pattern | undefined {
  const { flags } = reader
  const character = next(reader)
  switch (character) {
    case '(':
      return group(reader)
    case '[':
      return { kind: 'character', test: bracket(reader) }
    case '.':
      return { kind: 'character', test: flags.dotAll ? () => true : (c) => c !== 0x0a }
    case '^':
      return { kind: 'assertion', what: flags.multiline ? 'line-start' : 'text-start' }
    case '$':
      return { kind: 'assertion', what: flags.multiline ? 'line-end' : 'text-end' }
    case '*':
    case '+':
    case '?':
      throw new PatternError(`there is nothing before "${character}" to repeat`)
    case '\\':
      return escaped(reader)
    default:
      return literal(reader, character.codePointAt(0) as number)
  }
}

function literal(reader: Reader, codePoint: number): Pattern {
  if (reader.flags.foldCase)
    return { kind: 'character', test: classTest([literalItem(codePoint)], false, true) }
  return { kind: 'character', test: (c) => c === codePoint }
}

const groupOpening = /\?(?:P?<([^>]*)>|([imsU]*)(-[imsU]+)?([:)]))/y

function group(reader: Reader): Pattern | undefined {
  const before = reader.flags
  if (!looksAt(reader, '?')) return capture(reader, undefined, before)
  const start = reader.at - 1
  const found = match(reader, groupOpening)
  if (found === undefined || /^\?P?<[=!]/.test(found[0] as string)) {
    const shown = reader.text.slice(start, start + 4)
    const hint = /^\(\?<?[=!]/.test(shown) ? ': looking ahead or behind is not possible here' : ''
    throw new PatternError(`${JSON.stringify(shown)} opens no kind of group that is known${hint}`)
  }
  const [, name, on = '', off = '', end] = found
  if (name !== undefined) {
    if (!/^[A-Za-z0-9_]+$/.test(name))
      throw new PatternError(`${JSON.stringify(name)} is no name for a group`)
    return capture(reader, name, before)
  }
  reader.flags = changed(changed(before, on, true), off, false)
  if (end === ')') return undefined
  const body = choice(reader)
  close(reader)
  reader.flags = before
  return body
}

function capture(reader: Reader, name: string | undefined, before: Flags): Pattern {
  reader.groups.push(name)
  const index = reader.groups.length
  const body = choice(reader)
  close(reader)
  reader.flags = before
  return { kind: 'capture', index, body }
}

function close(reader: Reader): void {
  if (!eat(reader, ')')) throw new PatternError('there is a "(" without its ")"')
}

function changed(flags: Flags, letters: string, on: boolean): Flags {
  return {
    foldCase: letters.includes('i') ? on : flags.foldCase,
    multiline: letters.includes('m') ? on : flags.multiline,
    dotAll: letters.includes('s') ? on : flags.dotAll,
    lazy: letters.includes('U') ? on : flags.lazy,
  }
}

function escaped(reader: Reader): Pattern {
  if (reader.at >= reader.text.length) throw new PatternError('it ends in a backslash')
  const letter = reader.text[reader.at] as string
  switch (letter) {
    case 'A':
      reader.at++
      return { kind: 'assertion', what: 'text-start' }
    case 'z':
      reader.at++
      return { kind: 'assertion', what: 'text-end' }
    case 'b':
      reader.at++
      return { kind: 'assertion', what: 'word-edge' }
    case 'B':
      reader.at++
      return { kind: 'assertion', what: 'no-word-edge' }
    case 'Q':
      return quoted(reader)
    default: {
      const item = classEscape(reader)
      if (item !== undefined)
        return { kind: 'character', test: classTest([item], false, reader.flags.foldCase) }
      return literal(reader, characterEscape(reader))
    }
  }
}

/** `\Q…\E`: everything between is literal. */
function quoted(reader: Reader): Pattern {
  const end = reader.text.indexOf('\\E', reader.at + 1)
  const text = reader.text.slice(reader.at + 1, end < 0 ? undefined : end)
  reader.at = end < 0 ? reader.text.length : end + 2
  return { kind: 'sequence', items: Array.from(text, (c) => literal(reader, c.codePointAt(0) as number)) }
}

const property = /([pP])(?:\{([^}]*)\}|([A-Za-z]))/y

/** An escape that stands for a class, after its backslash; undefined (and nothing read) for any other. */
function classEscape(reader: Reader): ClassItem | undefined {
  const found = match(reader, property)
  if (found !== undefined) return unicodeClass(found[2] ?? found[3] ?? '', found[1] === 'P')
  const item = perlClass(reader.text[reader.at] ?? '')
  if (item !== undefined) reader.at++
  return item
}

const numeric = /x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|(0[0-7]{0,2}|[1-7][0-7]{1,2})/y
const control: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, v: 11, f: 12, r: 13 }

/** An escape that stands for one character, after its backslash. */
function characterEscape(reader: Reader): number {
  const found = match(reader, numeric)
  if (found !== undefined) {
    const codePoint =
      found[3] === undefined ? Number.parseInt(found[1] ?? found[2] ?? '', 16) : Number.parseInt(found[3], 8)
    if (codePoint <= 0x10ffff) return codePoint
    throw new PatternError(`\\${found[0]} is beyond the last character`)
  }
  const character = next(reader)
  const code = Object.hasOwn(control, character) ? control[character] : undefined
  if (code !== undefined) return code
  if (/^[!-/:-@[-`{-~]$/.test(character) && character !== '_') return character.charCodeAt(0)
  const hint = /[1-9]/.test(character) ? ', and referring back to a group is not possible here' : ''
  throw new PatternError(`there is no escape \\${character}${hint}`)
}

function bracket(reader: Reader): (codePoint: number) => boolean {
  const negated = eat(reader, '^')
  const items: ClassItem[] = []
  for (let first = true; first || !looksAt(reader, ']'); first = false) {
    if (reader.at >= reader.text.length) throw new PatternError('there is a "[" without its "]"')
    items.push(classItem(reader))
  }
  reader.at++
  return classTest(items, negated, reader.flags.foldCase)
}

const posixName = /\[:(\^?[a-z]+):\]/y

function classItem(reader: Reader): ClassItem {
  const named = match(reader, posixName)
  if (named !== undefined) return posixClass(named[1] ?? '')
  if (looksAt(reader, '\\')) {
    reader.at++
    const item = classEscape(reader)
    if (item !== undefined) return item
    reader.at--
  }
  const from = classCharacter(reader)
  if (!looksAt(reader, '-') || reader.text[reader.at + 1] === ']' || reader.at + 1 >= reader.text.length) {
    return literalItem(from)
  }
  reader.at++
  const to = classCharacter(reader)
  if (to < from) {
    const range = `${String.fromCodePoint(from)}-${String.fromCodePoint(to)}`
    throw new PatternError(`the range ${range} has its ends the wrong way round`)
  }
  return literalItem(from, to)
}

function classCharacter(reader: Reader): number {
  const character = next(reader)
  if (character !== '\\') return character.codePointAt(0) as number
  if (reader.at >= reader.text.length) throw new PatternError('it ends in a backslash')
  return characterEscape(reader)
}

function next(reader: Reader): string {
  const character = String.fromCodePoint(reader.text.codePointAt(reader.at) ?? 0)
  reader.at += character.length
  return character
}

function looksAt(reader: Reader, character: string): boolean {
  return reader.text[reader.at] === character
}

function eat(reader: Reader, character: string): boolean {
  if (!looksAt(reader, character)) return false
  reader.at++
  return true
}

function match(reader: Reader, shape: RegExp): readonly (string | undefined)[] | undefined {
  shape.lastIndex = reader.at
  const found = shape.exec(reader.text)
  if (found === null) return undefined
  reader.at += found[0].length
  return found
}
