import { formatNumber } from './number.js'
import type { Type } from './type.js'
import type { Value } from './value.js'

/**
 * The value as `terraform console` prints it: collections with their type, strings quoted or, with several lines, as heredocs;
 * secrets and what is known only after apply by placeholders. Fit for a terminal: control characters are escaped.
 */
export function valueToConsoleText(value: Value): string {
  return print(value, 0)
}

function print(value: Value, indent: number): string {
  if (value.kind === 'unknown') {
    return 'sensitive' in value && value.sensitive ? '(sensitive value)' : '(known after apply)'
  }
  if ('sensitive' in value && value.sensitive) return '(sensitive value)'
  switch (value.kind) {
    case 'string':
      return text(value.value, indent)
    case 'number':
      return formatNumber(value.value)
    case 'bool':
      return String(value.value)
    case 'null':
      return nullText(value.type)
    case 'list':
    case 'set':
    case 'tuple': {
      const items = lines(
        value.items.map((item) => `${print(item, indent + 2)},`),
        '[',
        ']',
        indent,
      )
      return value.kind === 'tuple' ? items : `to${value.kind}(${items})`
    }
    case 'map':
    case 'object': {
      const entries = Array.from(
        value.entries,
        ([key, entry]) => `${text(key, indent + 2)} = ${print(entry, indent + 2)}`,
      )
      const body = lines(entries, '{', '}', indent)
      return value.kind === 'object' ? body : `tomap(${body})`
    }
  }
}

function lines(items: readonly string[], open: string, close: string, indent: number): string {
  if (items.length === 0) return open + close
  const pad = ' '.repeat(indent)
  return `${open}\n${items.map((item) => `${pad}  ${item}\n`).join('')}${pad}${close}`
}

function nullText(type: Type): string {
  switch (type.kind) {
    case 'string':
    case 'number':
    case 'bool':
      return `to${type.kind}(null)`
    case 'list':
    case 'set':
    case 'map':
      return `to${type.kind}(null) /* of ${type.element.kind} */`
    case 'tuple':
    case 'object':
      return `null /* ${type.kind} */`
    case 'dynamic':
      return 'null'
  }
}

function text(string: string, indent: number): string {
  // Anything that a terminal would act on is shown escaped, in quotes.
  if (!string.includes('\n') || /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(string)) {
    return quote(string)
  }
  let end = 'EOT'
  while (string.includes(end)) end += '_'
  const pad = ' '.repeat(indent)
  const body = [...string.split('\n'), end].map((line) => `\n${pad}${line}`).join('')
  return `${indent === 0 ? '<<' : '<<-'}${end}${body}`
}

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

function quote(string: string): string {
  return `"${string.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escaped)}"`
}

function escaped(character: string): string {
  const known = Object.hasOwn(short, character) ? short[character] : undefined
  if (known !== undefined) return known
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
