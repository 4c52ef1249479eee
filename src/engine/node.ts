import { type Address, type InstanceKey, instanceAddress } from '../core/address.js'
import type { ResourceBlock } from '../core/configuration.js'
import type { JsonObject } from '../core/json.js'
import type { Change } from '../core/plan.js'
import type { Inputs, Outputs } from '../core/resource.js'
import type { Schema } from '../core/schema.js'
import type { Row } from '../core/state.js'
import type { Value } from '../core/value.js'
import { type Fingerprints, recordAttributes } from './record.js'

/** What the configuration wants of an instance, as far as it is known. */
export interface Desired {
  /** The evaluated body: every settable attribute, some of them perhaps unknown. */
  readonly value: Value
  /** What is known, in normal form, as verbs take it; pending attributes are null. */
  readonly inputs: Inputs
  /** The same, recorded. */
  readonly record: JsonObject
  /** Attributes that are unknown, wholly or in part. */
  readonly pending: ReadonlyMap<string, Value>
  /** Attributes that the configuration marks as sensitive, though their schema does not. */
  readonly sealed: ReadonlySet<string>
  /** The sensitive texts in those: `inputs` holds them in clear, and no message may quote them. */
  readonly hidden: readonly string[]
  /** Undefined while an attribute of the key is pending. */
  readonly naturalKey: string | undefined
}

/** An object as the service has it. */
export interface Observed {
  readonly out: Outputs
  readonly record: JsonObject
}

/** `each` of an instance. Its value may wait for apply, and is renewed then. */
export interface Each {
  readonly key: Value
  value: Value
  /** The instances that the value comes from. */
  reads: ReadonlySet<Address>
}

/** How the object of a node was found. */
export type Found =
  /** By the id that its row records. */
  | 'by-row'
  /** By natural key, without a row or with one whose id is gone or is given up. */
  | 'by-key'
  | 'not-found'

/** One instance of a resource or data block, and what the walk has found out about it so far. */
export interface Node {
  readonly address: Address
  readonly block: ResourceBlock
  readonly key: InstanceKey
  readonly schema: Schema
  /** `each` or `count` for its expressions. */
  readonly each: Each | undefined
  readonly index: Value | undefined
  /** Instances that its expressions read and those of `depends_on`: managed and data. */
  reads: ReadonlySet<Address>
  /** Managed ones only, also those behind data sources, in order. */
  dependsOn: readonly Address[]
  desired: Desired | undefined
  row: Row | undefined
  /** What the rows of its provider are bound to; set when its rows are looked at. */
  endpoint: string | undefined
  /** How its object was found. */
  found: Found
  /** The address whose object it takes over, with the record. */
  movesFrom: Address | undefined
  /** The key of the deposed row whose object this instance takes back. */
  restores: string | undefined
  /** The row of the object that it had, which goes because it takes over another one. It has a key of a deposed row. */
  displaces: Row | undefined
  observed: Observed | undefined
  /** It belongs to an object that this plan makes, so that it cannot be there yet. */
  parentIsNew: boolean
  /** It lives in an object that this plan replaces. */
  goesWithParent: boolean
  /** Attributes of its key that change because the object that it lives in gets another name: it comes along. */
  movesAlong: ReadonlySet<string>
  change: Change | undefined
  /** Reported already: dependents are not to be planned from it. */
  failed: boolean
  /** Left out by `--target` or `--exclude`. */
  excluded: boolean
  /** What references to it see; made when first asked for. */
  value: (() => Value) | undefined
}

export function createNode(
  block: ResourceBlock,
  schema: Schema,
  key: InstanceKey,
  each: Node['each'],
  index: Value | undefined,
): Node {
  return {
    address: instanceAddress(block.address, key),
    block,
    key,
    schema,
    each,
    index,
    reads: new Set(),
    dependsOn: [],
    desired: undefined,
    row: undefined,
    endpoint: undefined,
    found: 'not-found',
    movesFrom: undefined,
    restores: undefined,
    displaces: undefined,
    observed: undefined,
    parentIsNew: false,
    goesWithParent: false,
    movesAlong: new Set(),
    change: undefined,
    failed: false,
    excluded: false,
    value: undefined,
  }
}

/** The instances of one block. `keyed` tells what a reference to the whole block is: an object, a tuple, or the one instance. */
export interface Expansion {
  readonly block: ResourceBlock
  readonly keyed: 'for_each' | 'count' | 'single'
  readonly nodes: ReadonlyMap<InstanceKey, Node>
}

/** What the service answered about a node's object, recorded. */
export function observed(node: Node, out: Outputs, fingerprints: Fingerprints): Observed {
  return { out, record: recordAttributes(node.schema, out, fingerprints, node.desired?.sealed) }
}
