import { Fingerprint, Pending, type Shown, type ShownObject } from '../core/plan.js'
import { isSequence, isShownObject } from '../core/shown-codec.js'
import type { Writable } from './json-text.js'

/** Whether a part of a value is so: a leaf says yes or no, containers say it of their parts, objects only where it is not no. */
export type Mask = boolean | readonly Mask[] | ReadonlyMap<string, Mask>

export function maskOf(value: Shown | undefined, is: (leaf: Shown) => boolean): Mask {
  if (value === undefined) return false
  if (isSequence(value)) return value.map((each) => maskOf(each, is))
  if (!isShownObject(value)) return is(value)
  return new Map(
    [...value]
      .map(([name, each]): [string, Mask] => [name, maskOf(each, is)])
      .filter(([, mask]) => mask !== false),
  )
}

export const isUnknown = (leaf: Shown): boolean => leaf instanceof Pending
export const isSecret = (leaf: Shown): boolean => leaf instanceof Fingerprint

/** Whether a value, or any part of it, is known after apply. */
export function hasUnknown(value: Shown | undefined): boolean {
  if (isSequence(value)) return value.some(hasUnknown)
  if (isShownObject(value)) return [...value.values()].some(hasUnknown)
  return value instanceof Pending
}

/**
 * The known part of a value, for JSON: secrets are null; what is known after apply is left out of objects and null in lists.
 * Undefined if nothing of it is known.
 */
export function knownPart(value: Shown | undefined): Writable | undefined {
  if (value === undefined || value === null) return null
  if (isSequence(value)) return value.map((each) => knownPart(each) ?? null)
  if (isShownObject(value)) {
    const parts = [...value].map(([name, each]) => [name, knownPart(each)] as const)
    return new Map(parts.filter((part): part is readonly [string, Writable] => part[1] !== undefined))
  }
  if (value instanceof Fingerprint) return null
  return value instanceof Pending ? undefined : value
}

/** Only the fingerprints of a value, where they are; undefined if it holds none. */
export function fingerprintsIn(value: Shown | undefined): Writable | undefined {
  if (value instanceof Fingerprint) return value.text
  if (isSequence(value)) {
    const parts = value.map(fingerprintsIn)
    return parts.every((part) => part === undefined) ? undefined : parts.map((part) => part ?? null)
  }
  if (!isShownObject(value)) return undefined
  const parts = [...value].flatMap(([name, each]) => {
    const part = fingerprintsIn(each)
    return part === undefined ? [] : [[name, part] as const]
  })
  return parts.length === 0 ? undefined : new Map(parts)
}

/**
 * A value in which everything is a secret that is one in `other`: what stood in a secret's place before it was declared to be
 * one may be the same text.
 */
export function sealedLike(value: Shown | undefined, other: Shown | undefined): Shown | undefined {
  if (other instanceof Fingerprint)
    return value === undefined || value === null || value instanceof Fingerprint || value instanceof Pending
      ? value
      : new Fingerprint('')
  if (isSequence(value) && isSequence(other))
    return value.map((each, i) => sealedLike(each, other[i]) ?? null)
  if (isShownObject(value) && isShownObject(other)) return sealedObject(value, other)
  return value
}

export function sealedObject(value: ShownObject, other: ShownObject | undefined): ShownObject {
  return new Map([...value].map(([name, each]) => [name, sealedLike(each, other?.get(name)) ?? null]))
}
