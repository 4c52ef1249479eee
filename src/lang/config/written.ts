import { error, type Span } from '../../core/diagnostic.js'
import { nearest } from '../../core/nearest.js'
import type { Attribute, Schema } from '../../core/schema.js'
import { compareCodePoints } from '../../core/type.js'
import type { AttributeNode } from '../hcl/ast.js'
import { hideWhole } from './hide-secret.js'
import { given, type Loading, suggestion } from './loading.js'
import { secretNames } from './secret-text.js'

/** Whose body it is, for messages. */
export interface Owner {
  /** `trifacta_person`, `provider trifacta`. */
  readonly name: string
  readonly address?: string
  /** Where to report what has no place of its own, such as a missing attribute. */
  readonly span: Span
  /** The block from its first character to its last. */
  readonly whole: Span
}

const settableOf = new WeakMap<Schema, readonly Attribute[]>()

/** The attributes that a block can set, in the order of objects. */
export function settable(schema: Schema): readonly Attribute[] {
  let attributes = settableOf.get(schema)
  if (attributes === undefined) {
    attributes = [...schema.attributes.values()]
      .filter((attribute) => !attribute.readOnly)
      .sort((a, b) => compareCodePoints(a.name, b.name))
    settableOf.set(schema, attributes)
  }
  return attributes
}

/** Is an attribute of this name a secret, or is it meant to be one that is? */
export function isSecretName(name: string, schema: Schema | undefined, { schemas }: Loading): boolean {
  if (schema === undefined) return secretNames(schemas)(name)
  const meant = schema.attributes.has(name) ? name : nearest(name, schema.attributes.keys())
  return schema.attributes.get(meant ?? '')?.sensitive === true
}

export interface Written {
  /** By name. What cannot be set is reported and left out. */
  readonly nodes: ReadonlyMap<string, AttributeNode>
  /** Names that are not understood, or misspelt: nobody knows their values, but they are not missing. */
  readonly lost: ReadonlySet<string>
}

export function writtenAttributes(
  schema: Schema,
  nodes: readonly AttributeNode[],
  owner: Owner,
  loading: Loading,
): Written {
  const written = new Map<string, AttributeNode>()
  const lost = new Set<string>()
  for (const node of nodes) {
    const attribute = schema.attributes.get(node.name)
    if (attribute === undefined) {
      const names = [...schema.attributes.values()].filter((one) => !one.readOnly).map((one) => one.name)
      const meant = nearest(node.name, names)
      if (meant !== undefined) lost.add(meant)
      if (isSecretName(node.name, schema, loading)) hideWhole(node.value, loading)
      loading.report(
        error('lang/unknown-attribute', 'Unknown attribute', {
          detail: `${owner.name} has no attribute "${node.name}".`,
          ...given('help', suggestion(node.name, names, `It has: ${names.join(', ')}.`)),
          span: node.nameSpan,
          ...given('address', owner.address),
        }),
      )
    } else if (attribute.readOnly) {
      loading.report(
        error('lang/read-only-attribute', 'Attribute set by the service', {
          detail: `"${node.name}" of ${owner.name} is chosen by the service.`,
          help: `Remove it. It can be read elsewhere${owner.address === undefined ? '' : ` as ${owner.address}.${node.name}`}.`,
          span: node.nameSpan,
          ...given('address', owner.address),
        }),
      )
    } else written.set(node.name, node)
  }
  for (const { name } of schema.attributes.values())
    if (!written.has(name) && loading.gaps.mayHold(owner.whole, name)) lost.add(name)
  return { nodes: written, lost }
}
