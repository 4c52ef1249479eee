import { error, Failure } from '../core/diagnostic.js'
import { deepestNesting, tooDeep } from '../core/extent.js'
import { formatNumber, parseNumber } from '../core/number.js'
import {
  boolValue,
  nullValue,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  type Value,
} from '../core/value.js'

/**
 * A known value as JSON text with all digits of its numbers. Marks are not looked at: whoever writes the text of a secret marks
 * the text.
 */
export function toJsonText(value: Value): string {
  switch (value.kind) {
    case 'null':
      return 'null'
    case 'bool':
      return String(value.value)
    case 'number':
      return formatNumber(value.value)
    case 'string':
      return JSON.stringify(value.value)
    case 'unknown':
      throw new Error('a value that is known only after apply has no JSON form')
    case 'list':
    case 'set':
    case 'tuple':
      return `[${value.items.map(toJsonText).join(',')}]`
    case 'map':
    case 'object':
      return `{${[...value.entries].map(([key, entry]) => `${JSON.stringify(key)}:${toJsonText(entry)}`).join(',')}}`
  }
}

/** JSON text as Terraform has it, so that documents compare equal. These characters stand only inside strings. */
export function escapeForHtml(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The value of JSON text, numbers exact: `JSON.parse` would round them. Throws a `Failure` without a place. */
export function fromJsonText(text: string): Value {
  const reader = { text, at: 0 }
  skipSpace(reader)
  const value = readValue(reader, 0)
  skipSpace(reader)
  if (reader.at < text.length) throw unexpected(reader, 'the end of the text')
  return value
}

interface Reader {
  readonly text: string
  at: number
}

const numberShape = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const spaceShape = /[ \t\n\r]*/y
const words: readonly (readonly [string, Value])[] = [
  ['null', nullValue()],
  ['true', boolValue(true)],
  ['false', boolValue(false)],
]

function readValue(reader: Reader, depth: number): Value {
  if (depth > deepestNesting) throw tooDeep()
  const next = reader.text[reader.at]
  if (next === '{') return readObject(reader, depth)
  if (next === '[') return readArray(reader, depth)
  if (next === '"') return stringValue(readString(reader))
  for (const [word, value] of words) {
    if (reader.text.startsWith(word, reader.at)) {
      reader.at += word.length
      return value
    }
  }
  const number = match(reader, numberShape)
  if (number === undefined) throw unexpected(reader, 'a value')
  return numberValue(parseNumber(number))
}

function readArray(reader: Reader, depth: number): Value {
  const items: Value[] = []
  reader.at++
  skipSpace(reader)
  if (take(reader, ']')) return tupleValue(items)
  for (;;) {
    items.push(readValue(reader, depth + 1))
    skipSpace(reader)
    if (take(reader, ']')) return tupleValue(items)
    if (!take(reader, ',')) throw unexpected(reader, '"," or "]"')
    skipSpace(reader)
  }
}

function readObject(reader: Reader, depth: number): Value {
  const entries = new Map<string, Value>()
  reader.at++
  skipSpace(reader)
  if (take(reader, '}')) return objectValue(entries)
  for (;;) {
    const key = readString(reader).normalize('NFC')
    skipSpace(reader)
    if (!take(reader, ':')) throw unexpected(reader, '":"')
    skipSpace(reader)
    entries.set(key, readValue(reader, depth + 1))
    skipSpace(reader)
    if (take(reader, '}')) return objectValue(entries)
    if (!take(reader, ',')) throw unexpected(reader, '"," or "}"')
    skipSpace(reader)
  }
}

function readString(reader: Reader): string {
  if (reader.text[reader.at] !== '"') throw unexpected(reader, 'a string')
  let end = reader.at + 1
  for (;;) {
    const unit = reader.text.charCodeAt(end)
    if (unit === 0x22) break
    // Also at the end of the text, where the unit is NaN.
    if (!(unit >= 0x20)) throw unexpected(reader, 'a complete string')
    end += unit === 0x5c ? 2 : 1
  }
  try {
    const string = JSON.parse(reader.text.slice(reader.at, end + 1)) as string
    reader.at = end + 1
    // Half of a character is none: it could be neither written nor sent.
    return string.toWellFormed()
  } catch {
    throw unexpected(reader, 'a string with valid escapes')
  }
}

function match(reader: Reader, shape: RegExp): string | undefined {
  shape.lastIndex = reader.at
  const found = shape.exec(reader.text)?.[0]
  if (found !== undefined) reader.at += found.length
  return found
}

function take(reader: Reader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false
  reader.at++
  return true
}

function skipSpace(reader: Reader): void {
  match(reader, spaceShape)
}

function unexpected(reader: Reader, wanted: string): Failure {
  const before = reader.text.slice(0, reader.at)
  const line = before.split('\n').length
  const column = [...before.slice(before.lastIndexOf('\n') + 1)].length + 1
  const rest = [...reader.text.slice(reader.at, reader.at + 20)].slice(0, 10).join('')
  const found = rest === '' ? 'the text ends' : `there is ${JSON.stringify(rest)}`
  return new Failure(
    error('lang/not-json', 'Not JSON', {
      detail: `Line ${line}, column ${column}: ${wanted} is expected, but ${found}.`,
    }),
  )
}
