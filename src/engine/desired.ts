import type { Scope } from '../core/configuration.js'
import { error, Failure } from '../core/diagnostic.js'
import { hasSensitive, isWhollyKnown } from '../core/equality.js'
import { toPlain } from '../core/plain.js'
import type { Inputs, Plain } from '../core/resource.js'
import type { Schema } from '../core/schema.js'
import { Secret } from '../core/secret.js'
import type { Value } from '../core/value.js'
import { naturalKey } from './natural-key.js'
import type { Desired, Node } from './node.js'
import { type Fingerprints, recordAttributes } from './record.js'

/** Evaluates the body of an instance. Throws a `Failure` with all the mistakes in it. */
export function desire(
  node: Node,
  scope: Scope,
  normalize: ((inputs: Inputs) => Inputs) | undefined,
  fingerprints: Fingerprints,
): Desired {
  return desiredOf(node.schema, node.block.body.evaluate(scope), normalize, fingerprints)
}

/** Splits a body into what is known, in normal form, and what is pending. */
export function desiredOf(
  schema: Schema,
  value: Value,
  normalize: ((inputs: Inputs) => Inputs) | undefined,
  fingerprints: Fingerprints,
): Desired {
  if (value.kind !== 'object') throw new Error(`the body of ${schema.type} is not an object`)
  const known = Object.create(null) as Record<string, Plain>
  const pending = new Map<string, Value>()
  let sealed = noNames
  const hidden: string[] = []
  let keyIsPending = false
  for (const [name, attribute] of value.entries) {
    const declared = schema.attributes.get(name)
    if (declared?.sensitive === false && hasSensitive(attribute)) {
      if (declared.key) throw new Failure(secretKey(name))
      sealed = new Set([...sealed, name])
    }
    if (isWhollyKnown(attribute)) {
      const plain = toPlain(attribute)
      known[name] = sealed.has(name) ? inClear(plain, hidden) : plain
    } else {
      known[name] = null
      pending.set(name, attribute)
      keyIsPending ||= declared?.key === true
    }
  }
  const inputs = normalize === undefined ? known : normalize(known)
  const record = recordAttributes(schema, inputs, fingerprints, sealed)
  const key = keyIsPending ? '' : naturalKey(schema, record)
  return { value, inputs, record, pending, sealed, hidden, naturalKey: key === '' ? undefined : key }
}

const noNames: ReadonlySet<string> = new Set()

/** An attribute that is no secret to its service is sent like any other, and so it is not wrapped; `hidden` gets its texts. */
function inClear(plain: Plain, hidden: string[]): Plain {
  if (plain instanceof Secret) {
    hidden.push(plain.reveal())
    return plain.reveal()
  }
  if (plain === null || typeof plain !== 'object') return plain
  if (plain instanceof Map)
    return new Map(
      [...(plain as ReadonlyMap<string, Plain>)].map(([key, each]) => [key, inClear(each, hidden)]),
    )
  if (Array.isArray(plain)) return (plain as readonly Plain[]).map((each) => inClear(each, hidden))
  const result: Record<string, Plain> = Object.create(null)
  for (const [key, each] of Object.entries(plain)) result[key] = inClear(each, hidden)
  return result
}

function secretKey(name: string) {
  return error('engine/secret-key', 'A natural key cannot be sensitive', {
    detail: `${name} names the object: it is recorded and shown, so it cannot be a sensitive value.`,
    help: 'If the value is no secret, wrap it in nonsensitive().',
  })
}
