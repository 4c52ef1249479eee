import type { InstanceKey } from '../../core/address.js'
import type { ResourceBlock, Scope } from '../../core/configuration.js'
import { convert } from '../../core/convert.js'
import { type Diagnostic, error, Failure } from '../../core/diagnostic.js'
import { toSafeInteger } from '../../core/number.js'
import { dynamic, number, string } from '../../core/type.js'
import { numberValue, stringValue, unknownValue, type Value } from '../../core/value.js'

/** What `each` and `count` mean in one instance. */
export interface InstanceScope {
  readonly key: InstanceKey
  readonly each?: { readonly key: Value; readonly value: Value }
  readonly index?: Value
}

/** The instances of a block. Without known keys there is one that stands for all. */
export interface Instances {
  readonly keyed: 'single' | 'for_each' | 'count'
  readonly known: boolean
  readonly all: ReadonlyMap<InstanceKey, InstanceScope>
}

/** More than this are not checked one by one. */
const mostChecked = 50_000

const some = (keyed: Instances['keyed'], scope: InstanceScope): Instances => ({
  keyed,
  known: false,
  all: new Map([[scope.key, scope]]),
})

const someEach: InstanceScope = {
  key: undefined,
  each: { key: unknownValue(string), value: unknownValue(dynamic) },
}
const someIndex: InstanceScope = { key: undefined, index: unknownValue(number) }

/** The instances as far as they are known offline. A mistake is reported, and one instance stands for all. */
export function instancesOf(
  block: ResourceBlock,
  scope: Scope,
  report: (diagnostic: Diagnostic) => void,
): Instances {
  const expression = block.forEach ?? block.count
  if (expression === undefined)
    return { keyed: 'single', known: true, all: new Map([[undefined, { key: undefined }]]) }
  const keyed = block.forEach === undefined ? 'count' : 'for_each'
  try {
    const value = expression.evaluate(scope)
    return keyed === 'count' ? counted(value) : eached(value)
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem
    for (const diagnostic of problem.diagnostics) {
      report({ span: expression.span, address: block.address, ...diagnostic })
    }
    return some(keyed, keyed === 'count' ? someIndex : someEach)
  }
}

function counted(value: Value): Instances {
  if (value.kind === 'null') throw wrong('count', 'count is null here.', 'Write 0 for none.')
  const converted = convert(value, number)
  if (converted.kind !== 'number') return some('count', someIndex)
  if (converted.sensitive)
    throw wrong('count', 'The number of instances can be seen, so it cannot come from a sensitive value.')
  const count = toSafeInteger(converted.value)
  if (count === undefined || count < 0) throw wrong('count', 'count must be a whole number, 0 or more.')
  if (count > mostChecked) return some('count', someIndex)
  const all = new Map<InstanceKey, InstanceScope>()
  for (let i = 0; i < count; i++) all.set(i, { key: i, index: numberValue(i) })
  return { keyed: 'count', known: true, all }
}

function eached(value: Value): Instances {
  const all = new Map<InstanceKey, InstanceScope>()
  switch (value.kind) {
    case 'unknown':
      checkKeyed(value.type.kind)
      return some('for_each', someEach)
    case 'null':
      throw wrong('for_each', 'for_each is null here.', 'Write {} for none.')
    case 'map':
    case 'object':
      for (const [key, item] of value.entries)
        all.set(key, { key, each: { key: stringValue(key), value: item } })
      break
    case 'set':
      for (const item of value.items) {
        if (item.kind === 'unknown') return some('for_each', someEach)
        if ('sensitive' in item && item.sensitive) {
          throw wrong('for_each', 'A key is shown in addresses, so it cannot be a sensitive value.')
        }
        if (item.kind !== 'string') throw wrong('for_each', 'A set for for_each holds strings.')
        all.set(item.value, { key: item.value, each: { key: item, value: item } })
      }
      break
    default:
      checkKeyed(value.kind)
  }
  return all.size > mostChecked ? some('for_each', someEach) : { keyed: 'for_each', known: true, all }
}

function checkKeyed(kind: string): void {
  if (['map', 'object', 'set', 'dynamic'].includes(kind)) return
  throw wrong(
    'for_each',
    `for_each takes a map, an object or a set of strings, not a ${kind}.`,
    kind === 'list' || kind === 'tuple' ? 'Write for_each = toset(…).' : undefined,
  )
}

function wrong(argument: 'for_each' | 'count', detail: string, help?: string): Failure {
  const code = argument === 'count' ? 'lang/wrong-count' : 'lang/wrong-for-each'
  return new Failure(
    error(code, `Wrong value for ${argument}`, { detail, ...(help === undefined ? {} : { help }) }),
  )
}
