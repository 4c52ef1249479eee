import { isWhollyKnown } from '../core/equality.js'
import { formatNumber } from '../core/number.js'
import type { Value } from '../core/value.js'
import { quote } from './escape.js'
import { heredocLines, isHeredoc } from './shown-lines.js'

/**
 * A value as an expression of the language, over several lines if it is a container: what `console` and `output` print.
 * Lists, sets and maps say what they are (`tolist([…])`); sensitive values are not shown.
 */
export function valueText(value: Value): string {
  return valueLines(value).join('\n')
}

/** Deeper values are cut, before they exhaust the stack or the reader. */
const deepest = 100

function valueLines(value: Value, depth = 0): string[] {
  switch (value.kind) {
    case 'list':
    case 'set':
    case 'tuple': {
      const [open, close] = brackets[value.kind]
      if (depth >= deepest) return [`${open} … ${close}`]
      if (value.items.length === 0) return [open + close]
      return [open, ...value.items.flatMap((item) => element(valueLines(item, depth + 1))), close]
    }
    case 'map':
    case 'object': {
      const [open, close] = brackets[value.kind]
      if (depth >= deepest) return [`${open} … ${close}`]
      if (value.entries.size === 0) return [open + close]
      const entries = [...value.entries].map(
        ([key, each]) => [quote(key), valueLines(each, depth + 1)] as const,
      )
      return [open, ...entries.flatMap(([key, lines]) => indented(`${key} = `, lines)), close]
    }
  }
  if (value.sensitive) return ['(sensitive value)']
  switch (value.kind) {
    case 'unknown':
      return ['(known after apply)']
    case 'null':
      return ['null']
    case 'bool':
      return [String(value.value)]
    case 'number':
      return [formatNumber(value.value)]
    case 'string':
      return isHeredoc(value.value)
        ? ['<<-EOT', ...indented('', heredocLines(value.value)), 'EOT']
        : [quote(value.value)]
  }
}

const brackets = {
  list: ['tolist([', '])'],
  set: ['toset([', '])'],
  tuple: ['[', ']'],
  map: ['tomap({', '})'],
  object: ['{', '}'],
} as const

function element(lines: readonly string[]): string[] {
  return indented('', lines).map((line, i) => (i === lines.length - 1 ? `${line},` : line))
}

function indented(prefix: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => (i === 0 ? `  ${prefix}${line}` : line === '' ? '' : `  ${line}`))
}

export interface NamedOutput {
  readonly value: Value
  readonly sensitive: boolean
}

/** Outputs as `name = value`, one after the other. `unknown`: what to say in the place of a value that is not known in full. */
export function outputsText(outputs: ReadonlyMap<string, NamedOutput>, unknown?: string): string {
  return [...outputs].map(([name, output]) => `${name} = ${outputText(output, unknown)}\n`).join('')
}

function outputText({ value, sensitive }: NamedOutput, unknown: string | undefined): string {
  if (sensitive) return '<sensitive>'
  return unknown === undefined || isWhollyKnown(value) ? valueText(value) : unknown
}
