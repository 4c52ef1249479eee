import { parseNumber } from '../../core/number.js'
import type { Num } from '../../core/value.js'

/** What an unquoted scalar is. YAML 1.2: `yes`, `no`, `on`, `off`, dates and `1:30` are strings. */
export type Plain =
  | { readonly kind: 'string' }
  | { readonly kind: 'literal'; readonly value: Num | boolean | null }
  /** It looks like a number, and would be another one than was meant. The text completes "it …". */
  | { readonly kind: 'mistake'; readonly problem: string; readonly help: string }

const number = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const string: Plain = { kind: 'string' }
const quote = (text: string): string => `Write "${text}" in quotes if it is text`

/** Decides by the core schema of YAML 1.2, more strictly where a number would silently lose what was written. */
export function plainType(text: string): Plain {
  const first = text.charCodeAt(0)
  // Letters other than those of true, false, null: the common case.
  if (first > 57 && !/^[tTfFnN~]/.test(text)) return string
  switch (text) {
    case '':
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return { kind: 'literal', value: null }
    case 'true':
    case 'True':
    case 'TRUE':
      return { kind: 'literal', value: true }
    case 'false':
    case 'False':
    case 'FALSE':
      return { kind: 'literal', value: false }
  }
  if (/^[-+]?0[0-9]+(?:\.|e|$)/i.test(text) && number.test(text)) {
    return {
      kind: 'mistake',
      problem: `starts with a zero, which a number cannot keep: it would become ${text.replace(/^([-+]?)0+(?=[0-9])/, '$1')}`,
      help: `${quote(text)} (an account id, say), or remove the zero.`,
    }
  }
  if (/^0(?:o[0-7]+|x[0-9a-fA-F]+)$/.test(text)) {
    return {
      kind: 'mistake',
      problem: `is a number in YAML: ${Number(text)}`,
      help: `${quote(text)}, or write the number in decimal digits.`,
    }
  }
  if (/^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(text)) {
    return {
      kind: 'mistake',
      problem: 'is infinity or "not a number" in YAML, and no such number exists here',
      help: `${quote(text)}.`,
    }
  }
  if (!number.test(text)) return string
  return { kind: 'literal', value: parseNumber(text) }
}
