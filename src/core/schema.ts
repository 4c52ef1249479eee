import type { ArnKind } from './aws.js'
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
  /** For a list, set or map, `enum`, `pattern`, the limits, `arn` and `bucket` hold for each element. */
  readonly enum?: readonly Json[]
  readonly pattern?: RegExp
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  /** Only whole numbers. */
  readonly integer?: boolean
  /** How many elements a list or set must and may have. */
  readonly minItems?: number
  readonly maxItems?: number
  /** The last words of the message when `pattern` does not match: "must be …". */
  readonly patternMessage?: string
  /** A change replaces the object. */
  readonly immutable: boolean
  /** The service chooses when absent. */
  readonly computed: boolean
  /** Changes by itself: never compared, never known in advance. */
  readonly volatile: boolean
  /** Meant for Rolecall itself (`on_destroy`, `on_adopt`): never sent, never compared. */
  readonly local: boolean
  /** A secret: only its fingerprint is kept. */
  readonly sensitive: boolean
  /** Part of the natural key. */
  readonly key: boolean
  /** In the natural key, upper and lower case make no difference. */
  readonly ignoresCase: boolean
  /** A JSON document in a string: compared and shown as a document. */
  readonly json: boolean
  readonly policy?: 'identity' | 'trust'
  /** Compared in seconds. */
  readonly duration: boolean
  readonly arn: boolean
  /** What the ARN must name. */
  readonly arnOf?: ArnKind
  readonly bucket: boolean
  /** `s3://bucket` or `s3://bucket/prefix`. */
  readonly bucketUri: boolean
  /** The id of an AWS access key. */
  readonly accessKey?: true
  /** The value with which AWS is reached in the name of the machine that the service runs on. */
  readonly machine?: string
  /** Adds to what an access may do by what stands in AWS: managed policies, groups. */
  readonly widens?: true
  /** A role that is assumed to reach the identity, and is not that identity. */
  readonly onTheWay?: true
  /** Which attribute of which type it names: `trifacta_person.id`. */
  readonly ref?: { readonly type: string; readonly attribute: string }
  /** Becomes unknown in a plan that changes one of these attributes. */
  readonly follows: readonly string[]
}

/**
 * A requirement between attributes; absent means null. `message` is a whole sentence for the user. `when`: if `attribute`
 * equals the value, `required` must be there, one of `anyOf` at least (where that is not empty), and `forbidden` must not. `requires`: if `attribute` is there, so must `required`.
 */
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
      readonly anyOf: readonly string[]
      readonly forbidden: readonly string[]
    }
  | { readonly kind: 'requires'; readonly attribute: string; readonly required: readonly string[] }
  /** The first of two durations is not longer than the second; two lists have as many elements as each other. */
  | {
      readonly kind: 'not-longer' | 'same-length'
      readonly attributes: readonly [string, string]
      readonly message: string
    }
