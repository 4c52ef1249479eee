import { error, Failure } from './diagnostic.js'
import { isList, isObject, type Json } from './json.js'

/**
 * How one kind of data is written as JSON and read back. `decode` trusts nothing: what is not exactly of the kind throws a
 * `Failure` that names the place (`changes[3].action`). Codecs are built from smaller ones, one declaration for both ways.
 */
export interface Codec<T> {
  encode(value: T): Json
  decode(json: Json, at: string): T
}

/** How a property of a record is written: `always` it is there, `optional` it may be absent, `maybe` it may be undefined. */
export interface Property<T> {
  readonly codec: Codec<T>
  readonly presence: 'always' | 'optional' | 'maybe'
}

/** Throws the `Failure` for a document that is not what it should be. */
export function malformed(at: string, expected: string): never {
  throw new Failure(
    error('core/malformed-document', 'Not a document that Rolecall wrote', {
      detail: `${at === '' ? 'the document' : at} must be ${expected}.`,
      help: 'The file was changed or damaged, or another version of Rolecall wrote it. Make it again.',
    }),
  )
}

export const text: Codec<string> = {
  encode: (value) => value,
  decode: (json, at) => (typeof json === 'string' ? json : malformed(at, 'a text')),
}

export const flag: Codec<boolean> = {
  encode: (value) => value,
  decode: (json, at) => (typeof json === 'boolean' ? json : malformed(at, 'true or false')),
}

/** A whole number from 0 up that a double holds exactly. */
export const count: Codec<number> = {
  encode: (value) => value,
  decode: (json, at) =>
    typeof json === 'number' && Number.isSafeInteger(json) && json >= 0
      ? json
      : malformed(at, 'a whole number that is not negative'),
}

/** One of a few texts. */
export function choice<const T extends string>(...all: readonly T[]): Codec<T> {
  const known: ReadonlyMap<string, T> = new Map(all.map((each) => [each, each]))
  return {
    encode: (value) => value,
    decode: (json, at) =>
      (typeof json === 'string' ? known.get(json) : undefined) ?? malformed(at, `one of ${all.join(', ')}`),
  }
}

export function listOf<T>(element: Codec<T>): Codec<readonly T[]> {
  return {
    encode: (values) => values.map((value) => element.encode(value)),
    decode: (json, at) =>
      isList(json) ? json.map((each, i) => element.decode(each, `${at}[${i}]`)) : malformed(at, 'a list'),
  }
}

export const always = <T>(codec: Codec<T>): Property<T> => ({ codec, presence: 'always' })
/** The property may be absent. */
export const optional = <T>(codec: Codec<T>): Property<T> => ({ codec, presence: 'optional' })
/** The property is always there and may be undefined; JSON leaves it out then. */
export const maybe = <T>(codec: Codec<T>): Property<T | undefined> => ({
  codec: codec as Codec<T | undefined>,
  presence: 'maybe',
})

/** An object with exactly these properties; one that is not declared is an error, so that nothing is dropped in silence. */
export function record<T extends object>(
  properties: {
    readonly [K in keyof T]-?: Property<T[K]>
  },
): Codec<T> {
  const all = Object.entries<Property<unknown>>(properties)
  return {
    encode(value) {
      const given = new Map<string, unknown>(Object.entries(value))
      const entries = all.flatMap(([name, { codec }]): [string, Json][] =>
        given.get(name) === undefined ? [] : [[name, codec.encode(given.get(name))]],
      )
      return Object.fromEntries(entries)
    },
    decode(json, at) {
      if (!isObject(json)) malformed(at, 'an object')
      for (const name of Object.keys(json)) {
        if (!Object.hasOwn(properties, name)) malformed(join(at, name), 'absent: it is not known')
      }
      const entries = all.flatMap(([name, { codec, presence }]): [string, unknown][] => {
        const given = Object.hasOwn(json, name) ? json[name] : undefined
        if (given !== undefined) return [[name, codec.decode(given, join(at, name))]]
        if (presence === 'always') malformed(join(at, name), 'given')
        return presence === 'maybe' ? [[name, undefined]] : []
      })
      return Object.fromEntries(entries) as T
    },
  }
}

function join(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`
}
