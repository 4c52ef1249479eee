import type { Address } from './address.js'
import { parseBucketUri } from './bucket-uri.js'
import { reachOfPolicy } from './policy-buckets.js'
import type { Attribute, Schema } from './schema.js'
import { compareCodePoints } from './type.js'
import { matchesWildcards } from './wildcards.js'

/** An object that may lie on a way to data: what its attributes are for stands in its schema. */
export interface AccessObject {
  readonly address: Address
  readonly schema: Schema
  /** Where it is: what it refers to is at the same service. */
  readonly endpoint: string
  /** By attribute: texts, lists of texts, and whatever else, which is no part of a way. */
  readonly attributes: Readonly<Record<string, unknown>>
  /** It hands out credentials, whatever its attributes say. */
  readonly issues?: boolean
}

/** One object on a way, with the name that people know it by (`ada@example.com`, `AWS alerts`). */
export interface AccessStep {
  /** Undefined: something that a configuration names and that is not managed here. */
  readonly address: Address | undefined
  readonly name: string
}

/** A way from whoever has access to what it leads to. */
export interface AccessPath {
  /** From who has it (a person, a mount) to the object that holds the way into AWS: `person`, `config`. Never empty. */
  readonly steps: readonly AccessStep[]
  /** The ARN of a role; undefined: what `by` says. */
  readonly role: string | undefined
  /** Without a role: credentials that it hands out, or the identity of the machine; else an access key of its own. */
  readonly by?: 'issued' | 'machine'
  /** Undefined: the policies in AWS decide, or it is hidden. May have `*` where it comes from a policy. */
  readonly bucket: string | undefined
  /** The bucket is declared, and as a sensitive value. */
  readonly hidden?: true
  /** Of keys in the bucket. */
  readonly prefix?: string
}

/** In the place of a text that a configuration holds to be sensitive. It may be any. */
export const hiddenText = '(sensitive value)'

/** All ways through some objects, in the order of their steps. */
export function accessPaths(objects: readonly AccessObject[]): readonly AccessPath[] {
  const index = indexed(objects)
  const paths: AccessPath[] = []
  for (const object of objects) {
    const line = lineOf(object, index)
    // A role that is added to a configuration leads where the configuration leads.
    const places = line.objects.map(placesOf).find((some) => some !== undefined) ?? [{ bucket: undefined }]
    for (const way of waysOf(object))
      for (const place of places) paths.push({ steps: line.steps, ...way, ...place })
  }
  const byKey = new Map(paths.map((path) => [sortKey(path), path]))
  return [...byKey].sort(([a], [b]) => compareCodePoints(a, b)).map(([, path]) => path)
}

export interface AccessFilter {
  readonly bucket?: string
  /** An ARN, or the name of a role, in IAM or in Vault. */
  readonly role?: string
  /** A person or other holder: a name (without regard to case), or an address. */
  readonly holder?: string
}

/** Whether a way is one that is asked for. One whose bucket only AWS knows may lead to any. */
export function isAsked(path: AccessPath, { bucket, role, holder }: AccessFilter): boolean {
  if (bucket !== undefined && path.bucket !== undefined && !matchesWildcards(path.bucket, bucket))
    return false
  if (role !== undefined && !isBy(path, role)) return false
  if (holder === undefined) return true
  const wanted = holder.toLowerCase()
  return path.steps.some(({ address, name }) => address === holder || name.toLowerCase() === wanted)
}

/** An IAM role by its ARN or name, or a role of another system by its name. */
function isBy({ role, steps }: AccessPath, wanted: string): boolean {
  if (role === wanted || role === hiddenText || role?.split('/').at(-1) === wanted) return true
  return steps.some(({ address, name }) => name === wanted && /^\w+_role\./.test(address ?? ''))
}

type Index = ReadonlyMap<string, AccessObject>

/** By what an object gets into AWS: every role of it, or else something of its own. */
function waysOf(object: AccessObject): readonly Pick<AccessPath, 'role' | 'by'>[] {
  const roles = valuesOf(object, ({ arnOf, onTheWay }) => arnOf === 'iam-role' && onTheWay !== true)
  if (roles.length > 0) return roles.map((role) => ({ role }))
  if (object.issues === true) return [{ role: undefined, by: 'issued' }]
  if (isMachine(object)) return [{ role: undefined, by: 'machine' }]
  return hasKey(object) || placesOf(object) !== undefined ? [{ role: undefined }] : []
}

/** By service, type, attribute and value, for every attribute that others refer to. */
function indexed(objects: readonly AccessObject[]): Index {
  const wanted = new Set<string>()
  for (const { schema } of objects)
    for (const { ref } of schema.attributes.values())
      if (ref !== undefined) wanted.add(`${ref.type} ${ref.attribute}`)
  const index = new Map<string, AccessObject>()
  for (const object of objects)
    for (const name of object.schema.attributes.keys()) {
      const key = `${object.schema.type} ${name}`
      const value = object.attributes[name]
      if (wanted.has(key) && typeof value === 'string')
        index.set(`${object.endpoint} ${key} ${value}`, object)
    }
  return index
}

/** The object with all that it refers to: who has it comes first. */
function lineOf(
  object: AccessObject,
  index: Index,
): { readonly steps: readonly AccessStep[]; readonly objects: readonly AccessObject[] } {
  const objects = [object]
  const steps: AccessStep[] = [stepOf(object)]
  for (let at: AccessObject | undefined = object; at !== undefined; ) {
    const [ref] = refsOf(at)
    if (ref === undefined) break
    const next: AccessObject | undefined = index.get(
      `${object.endpoint} ${ref.type} ${ref.attribute} ${ref.value}`,
    )
    if (next !== undefined && objects.includes(next)) break
    steps.unshift(
      next === undefined ? { address: undefined, name: `${ref.type} ${ref.value}` } : stepOf(next),
    )
    if (next !== undefined) objects.push(next)
    at = next
  }
  return { steps, objects }
}

function refsOf({ schema, attributes }: AccessObject) {
  return [...schema.attributes.values()].flatMap(({ name, ref }) => {
    const value = attributes[name]
    return ref === undefined || typeof value !== 'string' ? [] : [{ ...ref, value }]
  })
}

/** The parts of its natural key that are no ids, references or roles; else its address. */
function stepOf({ address, schema, attributes }: AccessObject): AccessStep {
  const parts = [...schema.attributes.values()].flatMap(({ name, key, ref, arn, enum: words }) => {
    const value = attributes[name]
    const names = key && !arn && ref === undefined && words === undefined && !name.endsWith('_id')
    return names && typeof value === 'string' ? [value] : []
  })
  const name = parts.join(' ')
  return { address, name: name === '' ? address : name }
}

/**
 * Where an object says that it leads; a place without a bucket: more stands in AWS. Undefined: it says nothing; none: its
 * policies leave nothing in S3.
 */
function placesOf(object: AccessObject): readonly Place[] | undefined {
  const hidden = valuesOf(object, isPlace).includes(hiddenText)
  const uris = valuesOf(object, ({ bucketUri }) => bucketUri).flatMap((uri) => {
    const place = parseBucketUri(uri)
    if (place === undefined) return []
    const { bucket, prefix } = place
    return [prefix === '' ? { bucket } : place]
  })
  const named = valuesOf(object, ({ bucket }) => bucket).filter((bucket) => bucket !== hiddenText)
  const policies = valuesOf(object, ({ policy }) => policy === 'identity')
    .filter((policy) => policy !== hiddenText)
    .map(reachOfPolicy)
  const more = valuesOf(object, ({ widens }) => widens === true).length > 0
  const open = more || policies.some((policy) => policy.open)
  if (!open && !hidden && policies.length + named.length + uris.length === 0) return undefined
  return [
    ...[...named, ...policies.flatMap(({ buckets }) => buckets)].map((bucket) => ({ bucket })),
    ...uris,
    ...(hidden ? [{ bucket: undefined, hidden: true as const }] : []),
    ...(open ? [{ bucket: undefined }] : []),
  ]
}

function isPlace({ bucket, bucketUri, policy }: Attribute): boolean {
  return bucket || bucketUri || policy === 'identity'
}

interface Place {
  readonly bucket: string | undefined
  readonly hidden?: true
  readonly prefix?: string
}

function isMachine({ schema, attributes }: AccessObject): boolean {
  return [...schema.attributes.values()].some(
    ({ name, machine }) => machine !== undefined && attributes[name] === machine,
  )
}

function hasKey({ schema, attributes }: AccessObject): boolean {
  return [...schema.attributes.values()].some(
    ({ name, accessKey }) => accessKey === true && (attributes[name] ?? null) !== null,
  )
}

function valuesOf(
  { schema, attributes }: AccessObject,
  wanted: (attribute: Attribute) => boolean,
): readonly string[] {
  return [...schema.attributes.values()].filter(wanted).flatMap(({ name }) => {
    const value = attributes[name]
    const all: readonly unknown[] = Array.isArray(value) ? value : [value]
    return all.filter((one): one is string => typeof one === 'string' && one !== '')
  })
}

function sortKey({ steps, role = '', bucket = '', prefix = '' }: AccessPath): string {
  return [...steps.map(({ name, address = '' }) => `${name}\0${address}`), role, bucket, prefix].join('\0')
}
