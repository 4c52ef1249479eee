import { convert } from '../../core/convert.js'
import { Failure } from '../../core/diagnostic.js'
import { hasSensitive, markSensitive } from '../../core/leaves.js'
import { bool, dynamic, list, map, number, set, string, type Type } from '../../core/type.js'
import { boolValue, type Value } from '../../core/value.js'
import { ArgumentError, type LanguageFunction, type Parameter } from './function.js'

const any: Parameter = { name: 'v', type: dynamic, null: true, unknown: 'all', marks: 'own' }

function conversion(name: string, type: Type, doc: string): LanguageFunction {
  return {
    name,
    doc,
    parameters: [any],
    returns: type,
    call([value]) {
      try {
        return convert(value as Value, type)
      } catch (cause) {
        const found = cause instanceof Failure ? cause.diagnostics[0] : undefined
        if (found === undefined) throw cause
        throw new ArgumentError(0, found.detail ?? found.summary, found.help)
      }
    },
  }
}

export const typeFunctions: readonly LanguageFunction[] = [
  conversion('tostring', string, 'The value as a string.'),
  conversion('tonumber', number, 'The value as a number.'),
  conversion('tobool', bool, 'The value as a bool.'),
  conversion('tolist', list(dynamic), 'The value as a list, with elements of one type.'),
  conversion('toset', set(dynamic), 'The value as a set: each element once, sorted.'),
  conversion('tomap', map(dynamic), 'The value as a map, with elements of one type.'),
  {
    name: 'sensitive',
    doc: 'The value as a secret: it is never shown.',
    parameters: [any],
    returns: dynamic,
    call: ([value]) => markSensitive(value as Value),
  },
  {
    name: 'nonsensitive',
    doc: 'The value as no secret: it may be shown.',
    parameters: [any],
    returns: dynamic,
    call: ([value]) => markSensitive(value as Value, false),
  },
  {
    name: 'issensitive',
    doc: 'Is the value, or any part of it, a secret?',
    parameters: [any],
    returns: bool,
    call: ([value]) => boolValue(hasSensitive(value as Value)),
  },
  {
    name: 'ephemeralasnull',
    doc: 'The value itself: nothing is ephemeral here.',
    parameters: [any],
    returns: dynamic,
    call: ([value]) => value as Value,
  },
]
