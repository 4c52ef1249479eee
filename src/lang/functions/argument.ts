import { isInteger, toSafeInteger } from '../../core/number.js'
import { bool, dynamic, list, number, string, type Type } from '../../core/type.js'
import type { MappingValue, Num, SequenceValue, Value } from '../../core/value.js'
import { ArgumentError, type Parameter } from './function.js'

/** Parameters, as rows of the registry write them. */
export const text = (name: string): Parameter => ({ name, type: string })
export const numeric = (name: string): Parameter => ({ name, type: number })
export const truth = (name: string): Parameter => ({ name, type: bool })
export const texts = (name: string): Parameter => ({ name, type: list(string) })
export const anything = (name: string): Parameter => ({ name, type: dynamic })
/** A structure whose parts go to the result as they are, with what is unknown or sensitive in them. */
export const structure = (name: string): Parameter => ({
  name,
  type: dynamic,
  unknown: 'parts',
  marks: 'own',
})
export const structureOf = (name: string, type: Type): Parameter => ({
  name,
  type,
  unknown: 'parts',
  marks: 'own',
})

/*
 * Arguments, as implementations read them. The call has converted them already, so a wrong kind is either a bug or, where the
 * parameter takes anything, a mistake of the user's.
 */
export function stringAt(args: readonly Value[], index: number): string {
  const value = args[index]
  if (value?.kind === 'string') return value.value
  throw new Error(`argument ${index} is no string`)
}

export function numberAt(args: readonly Value[], index: number): Num {
  const value = args[index]
  if (value?.kind === 'number') return value.value
  throw new Error(`argument ${index} is no number`)
}

export function integerAt(args: readonly Value[], index: number): number {
  const n = numberAt(args, index)
  if (!isInteger(n)) throw new ArgumentError(index, 'a whole number is needed')
  const integer = toSafeInteger(n)
  if (integer === undefined) throw new ArgumentError(index, 'the number is too large')
  return integer
}

export function sequenceAt(args: readonly Value[], index: number): SequenceValue {
  const value = args[index]
  if (value !== undefined && 'items' in value) return value
  throw new ArgumentError(index, 'a list, set or tuple is needed')
}

/** The items of a list or tuple, not of a set. */
export function orderedAt(args: readonly Value[], index: number): SequenceValue {
  const value = args[index]
  if (value?.kind === 'list' || value?.kind === 'tuple') return value
  if (value?.kind === 'set') {
    throw new ArgumentError(
      index,
      'a list or tuple is needed, but this is a set, whose elements have no place',
      'Turn it into a list with tolist(), which has them in sorted order.',
    )
  }
  throw new ArgumentError(index, 'a list or tuple is needed')
}

export function mappingAt(args: readonly Value[], index: number): MappingValue {
  const value = args[index]
  if (value !== undefined && 'entries' in value) return value
  throw new ArgumentError(index, 'a map or object is needed')
}

/** The strings of a list or set of known strings; null ones are refused. */
export function stringsAt(args: readonly Value[], index: number): string[] {
  return sequenceAt(args, index).items.map((item, i) => {
    if (item.kind === 'string') return item.value
    throw new ArgumentError(index, `element ${i} is null`)
  })
}
