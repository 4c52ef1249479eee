import { bool, list, number, string } from '../../core/type.js'
import { boolValue, listValue, stringValue, type Value } from '../../core/value.js'
import { longestString } from '../limits.js'
import { integerAt, stringAt, stringsAt, text, texts } from './argument.js'
import { ArgumentError, type LanguageFunction } from './function.js'
import { graphemes } from './grapheme.js'

/** A function from strings to a string. */
function onStrings(
  name: string,
  parameters: readonly string[],
  doc: string,
  compute: (...args: string[]) => string,
): LanguageFunction {
  return {
    name,
    doc,
    parameters: parameters.map(text),
    returns: string,
    call: (args) => stringValue(compute(...args.map((_, i) => stringAt(args, i)))),
  }
}

function onStringsToBool(
  name: string,
  parameters: readonly [string, string],
  doc: string,
  test: (a: string, b: string) => boolean,
): LanguageFunction {
  return {
    name,
    doc,
    parameters: parameters.map(text),
    returns: bool,
    call: (args) => boolValue(test(stringAt(args, 0), stringAt(args, 1))),
  }
}

/** What Unicode calls white space, as Go's `unicode.IsSpace` has it. */
const space = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const outerSpace = new RegExp(`^${space}+|${space}+$`, 'g')

export const stringFunctions: readonly LanguageFunction[] = [
  onStrings('upper', ['str'], 'The string in upper case.', upper),
  onStrings('lower', ['str'], 'The string in lower case.', lower),
  onStrings('title', ['str'], 'The string with the first letter of every word in upper case.', title),
  onStrings('strrev', ['str'], 'The characters of the string in reverse order.', (s) =>
    graphemes(s).reverse().join(''),
  ),
  onStrings('trimspace', ['str'], 'The string without white space at its ends.', (s) =>
    s.replace(outerSpace, ''),
  ),
  onStrings('chomp', ['str'], 'The string without line endings at its end.', (s) =>
    s.replace(/[\r\n]+$/, ''),
  ),
  onStrings('trim', ['str', 'cutset'], 'The string without the given characters at its ends.', trim),
  onStrings('trimprefix', ['str', 'prefix'], 'The string without a prefix, if it has it.', (s, prefix) =>
    s.startsWith(prefix) ? s.slice(prefix.length) : s,
  ),
  onStrings('trimsuffix', ['str', 'suffix'], 'The string without a suffix, if it has it.', (s, suffix) =>
    s.endsWith(suffix) ? s.slice(0, s.length - suffix.length) : s,
  ),
  onStringsToBool('startswith', ['str', 'prefix'], 'Does the string start with the prefix?', (s, p) =>
    s.startsWith(p),
  ),
  onStringsToBool('endswith', ['str', 'suffix'], 'Does the string end with the suffix?', (s, p) =>
    s.endsWith(p),
  ),
  onStringsToBool('strcontains', ['str', 'substr'], 'Does the string contain the other?', (s, p) =>
    s.includes(p),
  ),
  {
    name: 'join',
    doc: 'The strings of the lists, with the separator between them.',
    parameters: [text('separator')],
    rest: texts('lists'),
    returns: string,
    call: join,
  },
  {
    name: 'split',
    doc: 'The parts of the string between the separators.',
    parameters: [text('separator'), text('str')],
    returns: list(string),
    call: (args) =>
      listValue(
        string,
        split(stringAt(args, 0), stringAt(args, 1)).map((part) => stringValue(part)),
      ),
  },
  {
    name: 'substr',
    doc: 'Part of the string: where it starts (from the end if negative), and how many characters (-1: all the rest).',
    parameters: [text('str'), { name: 'offset', type: number }, { name: 'length', type: number }],
    returns: string,
    call: (args) => stringValue(substr(stringAt(args, 0), integerAt(args, 1), integerAt(args, 2))),
  },
  {
    name: 'indent',
    doc: 'The string with so many spaces before every line but the first.',
    parameters: [{ name: 'spaces', type: number }, text('str')],
    returns: string,
    call: (args) => stringValue(indent(integerAt(args, 0), stringAt(args, 1))),
  },
]

/** Letter by letter, as Go does: no letter becomes two (`ß` stays), and none looks at its neighbours. */
function upper(s: string): string {
  return s
    .replace(/[^\x00-\x7f]+/g, (part) => Array.from(part, (c) => one(c.toUpperCase()) ?? c).join(''))
    .replace(/[a-z]+/g, (part) => part.toUpperCase())
}

function lower(s: string): string {
  return s
    .replace(/[^\x00-\x7f]+/g, (part) => Array.from(part, (c) => [...c.toLowerCase()][0]).join(''))
    .replace(/[A-Z]+/g, (part) => part.toLowerCase())
}

function one(s: string): string | undefined {
  return [...s].length === 1 ? s : undefined
}

const titleCase: ReadonlyMap<string, string> = new Map([
  ['Ǆ', 'ǅ'],
  ['Ǉ', 'ǈ'],
  ['Ǌ', 'ǋ'],
  ['Ǳ', 'ǲ'],
])

function title(s: string): string {
  return s.replace(/(?<![\p{L}\p{Nd}_])\p{L}/gu, (letter) => {
    const capital = upper(letter)
    return titleCase.get(capital) ?? capital
  })
}

function trim(s: string, cutset: string): string {
  const cut = new Set(cutset)
  const characters = [...s]
  let start = 0
  let end = characters.length
  while (start < end && cut.has(characters[start] as string)) start++
  while (end > start && cut.has(characters[end - 1] as string)) end--
  return characters.slice(start, end).join('')
}

function join(args: readonly Value[]): Value {
  if (args.length < 2) throw new ArgumentError(0, 'there must be a list of strings after the separator')
  const parts = args.slice(1).flatMap((_, i) => stringsAt(args, i + 1))
  const separator = stringAt(args, 0)
  let length = separator.length * parts.length
  for (const part of parts) length += part.length
  if (length > longestString + separator.length) throw new RangeError('too long')
  return stringValue(parts.join(separator))
}

function split(separator: string, s: string): string[] {
  return separator === '' ? [...s] : s.split(separator)
}

function substr(s: string, offset: number, length: number): string {
  const characters = graphemes(s)
  const start = offset < 0 ? Math.max(0, characters.length + offset) : offset
  const end = length < 0 ? characters.length : start + length
  return characters.slice(start, end).join('')
}

function indent(spaces: number, s: string): string {
  if (spaces < 0) throw new ArgumentError(0, 'the number of spaces must not be negative')
  const lines = s.split('\n')
  if (s.length + spaces * lines.length > longestString * 2) throw new RangeError('too long')
  return lines.join(`\n${' '.repeat(spaces)}`)
}
