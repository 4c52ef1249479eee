import type { Json } from './json.js'
import type { Type } from './type.js'

/**
 * What is known of the fields of one resource type, data source or provider. The only declaration is its JSON file,
 * `schemas/<provider>/<type>.json`, in JSON Schema 2020-12 with our own `x-` keywords; `parseSchema` reads it.
 */
export interface Schema {
  /** `trifacta_person`; for a provider its name. */
  readonly type: string
  readonly kind: 'resource' | 'data' | 'provider'
  readonly version: number
  readonly description: string
  /** In the order of the file. */
  readonly attributes: ReadonlyMap<string, Attribute>
  /** Requirements between attributes (`if`/`then`, `oneOf` of `required`, `not`), checked as far as values are known. */
  readonly rules: readonly Rule[]
  /** How many objects make reading the whole list cheaper than reading each; undefined: never list. */
}

export interface Attribute {
  readonly name: string
  readonly type: Type
  readonly description: string
  readonly required: boolean
  /** Set by the service; the user cannot set it; stays the same through an update unless it `follows` or is `volatile`. */
  readonly readOnly: boolean
  /** Never read back: compared with what was last applied. */
  readonly writeOnly: boolean
  readonly default?: Json
  readonly enum?: readonly Json[]
  readonly pattern?: RegExp
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  /** The last words of the message when `pattern` does not match: "must be …". */
  readonly patternMessage?: string
  /** A change replaces the object. */
  readonly immutable: boolean
  /** The service chooses when absent. */
  readonly computed: boolean
  /** Changes by itself: never compared, never known in advance. */
  readonly volatile: boolean
  /** A secret: only its fingerprint is kept. */
  readonly sensitive: boolean
  /** Part of the natural key. */
  readonly key: boolean
  /** A JSON document in a string: compared and shown as a document. */
  readonly json: boolean
  readonly policy?: 'identity' | 'trust'
  /** Compared in seconds. */
  readonly duration: boolean
  readonly arn: boolean
  readonly bucket: boolean
  /** Which attribute of which type it names: `trifacta_person.id`. */
  readonly ref?: { readonly type: string; readonly attribute: string }
  /** Becomes unknown in a plan that changes one of these attributes. */
  readonly follows: readonly string[]
}

/** `message` is a whole sentence for the user; `attribute` is where to point. */
export type Rule =
  | {
      readonly kind: 'exactly-one' | 'at-most-one'
      readonly attributes: readonly string[]
      readonly message?: string
    }
  | {
      readonly kind: 'when'
      readonly attribute: string
      readonly equals: Json
      readonly required: readonly string[]
      readonly forbidden: readonly string[]
    }
