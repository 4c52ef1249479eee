import { convert, typeOf } from '../../core/convert.js'
import { error, Failure, type Span } from '../../core/diagnostic.js'
import { describeType, string } from '../../core/type.js'
import { stringValue, unknownValue, type Value } from '../../core/value.js'
import type { TemplatePart } from '../hcl/ast.js'
import { checkSize } from '../limits.js'
import { evaluateCondition } from './conditional.js'
import { type Context, charge } from './context.js'
import { iterate } from './iteration.js'

/** The text so far, and what is known of it. */
interface Output {
  texts: string[]
  length: number
  unknown: boolean
  sensitive: boolean
  readonly waits: Set<string>
}

export function evaluateTemplate(parts: readonly TemplatePart[], span: Span, context: Context): Value {
  const only = parts[0]
  if (parts.length === 1 && only?.kind === 'interpolation') return context.evaluate(only.value, context)
  const output: Output = { texts: [], length: 0, unknown: false, sensitive: false, waits: new Set() }
  for (const part of parts) write(part, output, context, span)
  if (output.unknown) return unknownValue(string, output.waits, output.sensitive)
  const text = stringValue(output.texts.join(''), output.sensitive)
  charge(context.run, text, span)
  return text
}

function write(part: TemplatePart, output: Output, context: Context, span: Span): void {
  switch (part.kind) {
    case 'text':
      append(part.value, output, span)
      return
    case 'interpolation':
      appendValue(context.evaluate(part.value, context), part.value.span, output)
      return
    case 'if': {
      const condition = evaluateCondition(part.condition, context)
      if (condition.sensitive) output.sensitive = true
      if (condition.kind === 'unknown') {
        becomeUnknown(condition, output)
        return
      }
      for (const inner of condition.value ? part.then : part.else) write(inner, output, context, span)
      return
    }
    case 'for': {
      const iteration = iterate(part, context)
      if (iteration.kind === 'unknown') {
        if (iteration.sensitive) output.sensitive = true
        becomeUnknown(iteration, output)
        return
      }
      for (const each of iteration.contexts) {
        for (const inner of part.body) write(inner, output, each, span)
      }
    }
  }
}

function appendValue(value: Value, span: Span, output: Output): void {
  if (value.kind === 'string') {
    if (value.sensitive) output.sensitive = true
    append(value.value, output, span)
    return
  }
  const text = interpolated(value, span)
  if ('sensitive' in text && text.sensitive) output.sensitive = true
  if (text.kind === 'string') append(text.value, output, span)
  else if (text.kind === 'unknown') becomeUnknown(text, output)
}

function interpolated(value: Value, span: Span): Value {
  if (value.kind === 'null') {
    throw new Failure(
      error('lang/null-value', 'Null in a template', {
        detail: 'This is null, which has no text form.',
        help: 'Give it a text with coalesce(), or leave it out with %{ if … }.',
        span,
      }),
    )
  }
  try {
    return convert(value, string)
  } catch (cause) {
    throw new Failure(
      error('lang/wrong-type', 'No text form', {
        detail: `This is ${describeType(typeOf(value))}; only strings, numbers and bools can be put into a template.`,
        help: 'Use join() for a list of strings, or jsonencode() for anything.',
        span,
      }),
      { cause },
    )
  }
}

function append(text: string, output: Output, span: Span): void {
  output.length += text.length
  checkSize(output.length, span)
  if (!output.unknown) output.texts.push(text)
}

function becomeUnknown(value: Extract<Value, { kind: 'unknown' }>, output: Output): void {
  output.unknown = true
  for (const address of value.waits) output.waits.add(address)
}
