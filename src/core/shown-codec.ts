import { type Codec, malformed } from './codec.js'
import { isList, isObject, type Json } from './json.js'
import { ExactNumber, Fingerprint, Pending, type Shown, type ShownObject } from './plan.js'
import { compareCodePoints } from './type.js'

/** Deeper documents than this are refused, before they exhaust the stack. */
const deepest = 500

/**
 * A document of a plan as JSON. What JSON has no form for is an object with one key that begins with a dollar sign:
 * `{"$fingerprint": "3f1c"}`, `{"$pending": ["a.b"]}`, `{"$number": "1e400"}`. A user's own key that begins with one gets
 * a second, so that no document of a user can be taken for one of these.
 */
export function encodeShown(shown: Shown): Json {
  if (shown === null || typeof shown !== 'object') return shown
  if (shown instanceof Fingerprint) return { $fingerprint: shown.text }
  if (shown instanceof Pending) return { $pending: shown.waits }
  if (shown instanceof ExactNumber) return { $number: shown.text }
  if (isSequence(shown)) return shown.map(encodeShown)
  return Object.fromEntries([...shown].map(([key, value]) => [escapeKey(key), encodeShown(value)]))
}

/** The document that `encodeShown` wrote; a `Failure` that names the place for anything else. */
export function decodeShown(json: Json, at: string, depth = 0): Shown {
  if (depth > deepest) malformed(at, `a document of at most ${deepest} levels`)
  if (isList(json)) return json.map((each, i) => decodeShown(each, `${at}[${i}]`, depth + 1))
  if (!isObject(json)) return json
  const keys = Object.keys(json)
  const tag = keys.find((key) => key.startsWith('$') && !key.startsWith('$$'))
  if (tag !== undefined) {
    if (keys.length > 1) malformed(at, `an object without "${tag}" among other keys`)
    return decodeTagged(tag, json[tag] as Json, at)
  }
  // JSON objects put keys like "10" before all others, so the order is made anew.
  return new Map(
    keys
      .map((key): [string, Shown] => [
        key.startsWith('$') ? key.slice(1) : key,
        decodeShown(json[key] as Json, `${at}.${key}`, depth + 1),
      ])
      .sort((a, b) => compareCodePoints(a[0], b[0])),
  )
}

function decodeTagged(tag: string, json: Json, at: string): Shown {
  if (tag === '$fingerprint' && typeof json === 'string') return new Fingerprint(json)
  if (tag === '$number' && typeof json === 'string' && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(json))
    return new ExactNumber(json)
  if (tag === '$pending' && isList(json))
    return new Pending(
      json.map((each, i) =>
        typeof each === 'string' ? each : malformed(`${at}.${tag}[${i}]`, 'an address'),
      ),
    )
  return malformed(`${at}.${tag}`, 'one of $fingerprint, $pending, $number with its value')
}

function escapeKey(key: string): string {
  return key.startsWith('$') ? `$${key}` : key
}

/** Whether a document is a list. (`Array.isArray` does not narrow read-only arrays.) */
export function isSequence(shown: Shown | undefined): shown is readonly Shown[] {
  return Array.isArray(shown)
}

/** Whether a document is an object. */
export function isShownObject(shown: Shown | undefined): shown is ShownObject {
  return shown instanceof Map
}

export const shownCodec: Codec<Shown> = { encode: encodeShown, decode: decodeShown }

export const shownObjectCodec: Codec<ShownObject> = {
  encode: encodeShown,
  decode(json, at) {
    const shown = decodeShown(json, at)
    return isShownObject(shown) ? shown : malformed(at, 'an object')
  },
}
