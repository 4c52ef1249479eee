import { dynamic, list, object, string, type Type, tuple } from '../../core/type.js'
import { listValue, nullValue, objectValue, stringValue, tupleValue, type Value } from '../../core/value.js'
import { longestString } from '../limits.js'
import { type Match, PatternError, type Regex, regex } from '../regex.js'
import { stringAt, text } from './argument.js'
import { ArgumentError, functionFailure, type LanguageFunction } from './function.js'

export const patternFunctions: readonly LanguageFunction[] = [
  {
    name: 'regex',
    doc: 'The first match of a regular expression (RE2 syntax): its text, or a tuple or object of its groups. No match is an error.',
    parameters: [text('pattern'), text('string')],
    returns: (args) => matchType(args[0]),
    call(args, { spend }) {
      const pattern = compiled(stringAt(args, 0), 0)
      for (const match of pattern.matches(stringAt(args, 1), spend)) return matchValue(pattern, match)
      throw functionFailure(
        'The pattern matches no part of the string.',
        'Where that is expected, use regexall(), try() or can().',
      )
    },
  },
  {
    name: 'regexall',
    doc: 'All matches of a regular expression (RE2 syntax), as a list.',
    parameters: [text('pattern'), text('string')],
    returns: (args) => list(matchType(args[0])),
    call(args, { spend }) {
      const pattern = compiled(stringAt(args, 0), 0)
      const found = pattern.matches(stringAt(args, 1), spend)
      const matches = Array.from(found, (match) => matchValue(pattern, match))
      return listValue(matchType(args[0]), matches)
    },
  },
  {
    name: 'replace',
    doc: 'The string with every occurrence of a text replaced; the text is a regular expression if it stands between slashes.',
    parameters: [text('str'), text('substr'), text('replace')],
    returns: string,
    call(args, { spend }) {
      const [str, sought, replacement] = [stringAt(args, 0), stringAt(args, 1), stringAt(args, 2)]
      if (sought.length > 1 && sought.startsWith('/') && sought.endsWith('/')) {
        const pattern = compiled(sought.slice(1, -1), 1)
        return stringValue(replaceMatches(str, pattern.matches(str, spend), pattern, replacement))
      }
      return stringValue(replaceText(str, sought, replacement))
    },
  },
]

function compiled(source: string, index: number): Regex {
  try {
    const pattern = regex(source)
    if (
      pattern.groups.some((name) => name === undefined) &&
      pattern.groups.some((name) => name !== undefined)
    ) {
      throw new PatternError('groups with and without names cannot be mixed')
    }
    return pattern
  } catch (cause) {
    if (!(cause instanceof PatternError)) throw cause
    throw new ArgumentError(index, `this is no regular expression: ${cause.message}`)
  }
}

function matchType(pattern: Value | undefined): Type {
  if (pattern?.kind !== 'string') return dynamic
  const { groups } = compiled(pattern.value, 0)
  if (groups.length === 0) return string
  if (groups[0] === undefined) return tuple(groups.map(() => string))
  return object(groups.map((name) => [name ?? '', string] as const))
}

function matchValue(pattern: Regex, match: Match): Value {
  if (pattern.groups.length === 0) return stringValue(match.text)
  const parts = match.groups.map((part) => (part === undefined ? nullValue(string) : stringValue(part)))
  if (pattern.groups[0] === undefined) return tupleValue(parts)
  return objectValue(pattern.groups.map((name, i) => [name ?? '', parts[i] as Value] as const))
}

function replaceText(str: string, sought: string, replacement: string): string {
  const parts = sought === '' ? ['', ...str, ''] : str.split(sought)
  if (str.length + (parts.length - 1) * replacement.length > longestString * 2)
    throw new RangeError('too long')
  return parts.join(replacement)
}

function replaceMatches(str: string, matches: Iterable<Match>, pattern: Regex, replacement: string): string {
  const parts: string[] = []
  let length = 0
  let end = 0
  const push = (part: string): void => {
    length += part.length
    if (length > longestString * 2) throw new RangeError('too long')
    parts.push(part)
  }
  for (const match of matches) {
    push(str.slice(end, match.start))
    push(expanded(replacement, pattern, match))
    end = match.end
  }
  push(str.slice(end))
  return parts.join('')
}

/** `$1`, `${1}`, `$name`, `${name}` stand for groups, `$$` for a dollar sign. */
function expanded(replacement: string, pattern: Regex, match: Match): string {
  return replacement.replace(
    /\$(?:(\$)|\{(\w+)\}|(\w+))/g,
    (_, dollar?: string, braced?: string, bare?: string) => {
      if (dollar !== undefined) return '$'
      const name = braced ?? bare ?? ''
      if (/^[0-9]+$/.test(name)) return name === '0' ? match.text : (match.groups[Number(name) - 1] ?? '')
      return match.groups[pattern.groups.indexOf(name)] ?? ''
    },
  )
}
