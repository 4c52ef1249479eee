import { type Diagnostic, error, warning } from '../core/diagnostic.js'
import type { ResourceType } from '../core/resource.js'
import { sameMeaning } from './compare.js'
import { type Difference, declaredAsBefore, isFixed } from './diff.js'
import { covering } from './hidden-texts.js'
import type { Desired, Node } from './node.js'
import { toObject } from './record.js'

/**
 * The values that are taken for those that are there, though nobody can see them, when an object is taken over and until the
 * update that belongs to that is done: secrets with `on_adopt = "trust"`, and what could only be sent to a new object.
 */
export function trustedSecrets(type: ResourceType, node: Node, adopts: boolean): ReadonlySet<string> {
  const { row, desired } = node
  const adopting = row?.origin === 'adopted' && row.unfinished !== undefined
  const imported = row?.origin === 'imported'
  if (desired === undefined || !(adopts || adopting || imported)) return none
  const found = new Set<string>()
  for (const attribute of node.schema.attributes.values()) {
    const { name } = attribute
    const asked = !attribute.key && desired.inputs.on_adopt === 'trust'
    if (!attribute.writeOnly || !(asked || isFixed(type, attribute))) continue
    const known = row?.inputs[name]
    // An import records nothing of what cannot be read.
    if (adopts || (imported && asked && known === undefined)) found.add(name)
    else if (adopting && sameMeaning(attribute, known, desired.record[name])) found.add(name)
  }
  return found
}

const none: ReadonlySet<string> = new Set()

/** What is sent when secrets are trusted: without them. They are recorded all the same. */
export function withoutSecrets(desired: Desired, names: ReadonlySet<string>): Desired {
  if (names.size === 0) return desired
  const inputs = Object.assign(Object.create(null), desired.inputs)
  for (const name of names) inputs[name] = null
  return { ...desired, inputs }
}

/** What is recorded of the secrets that are trusted. */
export function recordOf(desired: Desired, names: ReadonlySet<string>) {
  return toObject(Object.entries(desired.record).filter(([name]) => names.has(name)))
}

/** Taking an object over never replaces it: what cannot be changed must be as it is declared. */
export function adoptionConflicts(
  type: ResourceType,
  node: Node,
  changed: readonly Difference[],
): readonly Diagnostic[] {
  return changed
    .filter((d) => !d.pending && isFixed(type, d.attribute))
    .map((d) => conflict(node, d.attribute.name))
}

/** What a type has against an update of an object that is there. */
export function objectionsTo(
  type: ResourceType,
  node: Node,
  change: {
    readonly desired: Desired
    readonly adopts: boolean
    readonly changed: readonly Difference[]
  },
): readonly Diagnostic[] {
  if (type.refuses === undefined || node.observed === undefined) return []
  const prior = change.adopts ? undefined : node.row
  const objections = type.refuses({
    before: node.observed.out,
    after: change.desired.inputs,
    changed: new Set(change.changed.map((d) => d.attribute.name)),
    asBefore: declaredAsBefore(node.schema, change.desired.record, prior),
    ...(prior !== undefined && { prior }),
  })
  return covering(objections, node).map(({ text, help, attribute }) => {
    const { body, span: block } = node.block
    const span = attribute === undefined ? block : (body.attributeSpan(attribute) ?? block)
    return error('engine/refused', 'The change cannot be made', {
      detail: text,
      help,
      address: node.address,
      span,
    })
  })
}

function conflict(node: Node, name: string): Diagnostic {
  const span = node.block.body.attributeSpan(name)
  return error('engine/adoption-conflict', 'The object exists with another value that cannot be changed', {
    detail: `${node.address} exists at the service (id ${node.observed?.out.id}), and its ${name} differs from the one declared. An object is never replaced by taking it over.`,
    help: `Declare the ${name} that it has, or remove the object at the service first.`,
    address: node.address,
    ...(span !== undefined && { span }),
  })
}

export function disabledWarning(node: Node): readonly Diagnostic[] {
  const present = node.observed?.record.is_disabled
  if (present !== true || node.block.body.declared.has('is_disabled')) return []
  return [
    warning('engine/adopts-disabled', 'A disabled account is taken over', {
      detail: `${node.address} takes over an account that is disabled, and stays disabled.`,
      help: 'Add is_disabled = false to enable it, or is_disabled = true to say that it is meant so.',
      address: node.address,
      span: node.block.span,
    }),
  ]
}
