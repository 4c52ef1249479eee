import { formatNumber } from '../../core/number.js'
import type { Value } from '../../core/value.js'
import { displayWidth } from './display-width.js'

/** A text as a quoted string of HCL. What looks like a template in it stays text. */
export function quoteString(text: string): string {
  const escaped = text.replace(/\p{Cs}/gu, '\ufffd').replace(invisible, escapeCharacter)
  return `"${escaped.replace(/([$%])\{/g, '$1$1{')}"`
}

/** Characters that end a string, cannot be seen or control terminals; but not the joiners that make up emoji. */
const invisible = /(?![\u200c\u200d])["\\\p{Cc}\p{Cf}\u2028\u2029]/gu
const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

function escapeCharacter(character: string): string {
  const escaped = escapes[character]
  if (escaped !== undefined) return escaped
  const point = (character.codePointAt(0) as number).toString(16)
  return point.length > 4 ? `\\U${point.padStart(8, '0')}` : `\\u${point.padStart(4, '0')}`
}

/**
 * A value as an expression of HCL that evaluates to it, in the layout of `formatHcl`. Sets and lists are written as tuples,
 * maps as objects: their exact type is not part of the text.
 * @param conceal what to write for a leaf that has no text of its own: a sensitive or unknown one. Without it such a leaf is
 *   an error of the caller.
 */
export function printValue(value: Value, conceal: (leaf: Value) => string = refuse): string {
  return print(value, '', conceal)
}

function refuse(): never {
  throw new Error('a sensitive or unknown value cannot be printed')
}

function print(value: Value, indent: string, conceal: (leaf: Value) => string): string {
  switch (value.kind) {
    case 'unknown':
      return conceal(value)
    case 'null':
      return value.sensitive ? conceal(value) : 'null'
    case 'bool':
      return value.sensitive ? conceal(value) : String(value.value)
    case 'number':
      return value.sensitive ? conceal(value) : formatNumber(value.value)
    case 'string':
      return value.sensitive ? conceal(value) : quoteString(value.value)
    case 'list':
    case 'set':
    case 'tuple':
      return printItems(
        value.items.map((item) => print(item, `${indent}  `, conceal)),
        indent,
      )
    case 'map':
    case 'object':
      return printEntries(
        [...value.entries].map(
          ([key, item]) => [printKey(key), print(item, `${indent}  `, conceal)] as const,
        ),
        indent,
      )
  }
}

const longestLine = 100

function printItems(items: readonly string[], indent: string): string {
  const line = `[${items.join(', ')}]`
  if (!line.includes('\n') && indent.length + line.length <= longestLine) return line
  return `[\n${items.map((item) => `${indent}  ${item},\n`).join('')}${indent}]`
}

/** Values on one line have their equals signs below each other; one of several lines stands for itself. */
function printEntries(entries: readonly (readonly [string, string])[], indent: string): string {
  if (entries.length === 0) return '{}'
  let text = '{\n'
  for (let i = 0; i < entries.length; ) {
    let end = i + 1
    if (isOneLine(entries[i])) while (isOneLine(entries[end])) end++
    const run = entries.slice(i, end)
    const width = run.reduce((widest, [key]) => Math.max(widest, displayWidth(key)), 0)
    for (const [key, value] of run) {
      text += `${indent}  ${key}${' '.repeat(width - displayWidth(key))} = ${value}\n`
    }
    i = end
  }
  return `${text}${indent}}`
}

function isOneLine(entry: readonly [string, string] | undefined): boolean {
  return entry !== undefined && !entry[1].includes('\n')
}

/** `for` as the first key would start a for expression. */
function printKey(key: string): string {
  return key !== 'for' && /^[\p{ID_Start}_][\p{ID_Continue}-]{0,200}$/u.test(key) ? key : quoteString(key)
}
