import { typeOf } from '../../core/convert.js'
import { error, Failure } from '../../core/diagnostic.js'
import { describeType } from '../../core/type.js'
import { numberValue, stringValue, type UnknownValue, type Value } from '../../core/value.js'
import type { Expr } from '../hcl/ast.js'
import { type Context, withName } from './context.js'

/** What `for` says, in expressions and in template directives. */
interface Loop {
  readonly keyName: string | undefined
  readonly valueName: string
  readonly collection: Expr
}

type Iteration = { readonly kind: 'known'; readonly contexts: Iterable<Context> } | UnknownValue

/** The contexts of a loop's rounds, or the collection if it is not known what is in it. */
export function iterate(loop: Loop, context: Context): Iteration {
  const collection = context.evaluate(loop.collection, context)
  switch (collection.kind) {
    case 'unknown': {
      const { kind } = collection.type
      if (kind === 'string' || kind === 'number' || kind === 'bool') throw notIterable(collection, loop)
      return collection
    }
    case 'null':
    case 'string':
    case 'number':
    case 'bool':
      throw notIterable(collection, loop)
    default:
      return { kind: 'known', contexts: rounds(collection, loop, context) }
  }
}

function* rounds(
  collection: Extract<Value, { items: unknown } | { entries: unknown }>,
  loop: Loop,
  context: Context,
): Iterable<Context> {
  if ('items' in collection) {
    for (const [index, item] of collection.items.entries()) {
      const key = collection.kind === 'set' ? item : numberValue(index)
      yield withName(withName(context, loop.keyName, key), loop.valueName, item)
    }
    return
  }
  for (const [key, entry] of collection.entries) {
    yield withName(withName(context, loop.keyName, stringValue(key)), loop.valueName, entry)
  }
}

function notIterable(collection: Value, loop: Loop): Failure {
  const isNull = collection.kind === 'null'
  const detail = isNull
    ? 'The collection is null.'
    : `This is ${describeType(typeOf(collection))}; for goes over lists, sets, tuples, maps and objects.`
  return new Failure(
    error(isNull ? 'lang/null-value' : 'lang/wrong-type', 'Nothing to iterate over', {
      detail,
      help: isNull
        ? 'Where null is expected, write coalesce(x, []) for the collection.'
        : 'To go over one value as if it were a list, put it in brackets; to split text, use split().',
      span: loop.collection.span,
    }),
  )
}
