import type { Consequence, Inputs, Objection, Outputs } from '../../core/resource.js'
import type { Row } from '../../core/state.js'
import { revealed } from '../inputs.js'
import { textOf } from './api.js'
import { isTold } from './root-content.js'

/**
 * Whether the engine works with a key of its own: neither the declared one, which is that of the last time, nor what an update
 * that was cut off may have sent. What was declared as sensitive is recorded as its fingerprint.
 */
function isRotated(
  there: string,
  inputs: Inputs,
  prior: Row | undefined,
  asBefore: ReadonlySet<string>,
): boolean {
  if (prior === undefined || there === textOf(inputs.access_key) || !asBefore.has('access_key')) return false
  const last = JSON.stringify(prior.inputs.access_key)
  return !(prior.attempted ?? []).some(({ access_key }) =>
    typeof access_key === 'string' ? access_key === there : JSON.stringify(access_key) !== last,
  )
}

function isOfKey(name: string): boolean {
  return name === 'access_key' || name === 'secret_key'
}

/**
 * Whether the declared key need not be sent: it was applied, or is withheld, or was taken and replaced by the engine since.
 * `there`: the access key that the engine works with. `applied` and `asBefore` as `update` is told.
 */
export function keyIsSettled(
  there: string | null,
  inputs: Inputs,
  prior: Row | undefined,
  applied: ReadonlySet<string>,
  asBefore: ReadonlySet<string>,
): boolean {
  if (applied.has('access_key') && applied.has('secret_key')) return true
  return there !== null && isRotated(there, inputs, prior, asBefore)
}

/**
 * The configuration is sent whole, with the secret of the key. What that would do to a key whose secret nobody has declared, or
 * which the engine has rotated, cannot be taken back.
 */
export function keyObjection(
  before: Outputs,
  after: Inputs,
  prior: Row | undefined,
  changed: ReadonlySet<string>,
  asBefore: ReadonlySet<string>,
): readonly Objection[] {
  const sends = changed.has('access_key') || changed.has('secret_key')
  const there = textOf(before.current_access_key)
  const declared = textOf(after.access_key)
  if (prior?.inputs.secret_key !== undefined) {
    if (there === null || !isRotated(there, after, prior, asBefore)) return []
    // Of an update that was cut off nothing is left to be sent but the key, which has been taken.
    if (prior.unfinished !== undefined && [...changed].every(isOfKey)) return []
    return [
      {
        text: `${before.id} is sent only as a whole, and the engine works with the access key ${there}, not with the declared one: most likely it has rotated its key, whose secret nobody else has. Sending the declared one would break the mount.`,
        help: 'Declare a new access_key and secret_key together with the change, or leave the configuration as it is.',
        ...pointAt(changed),
      },
    ]
  }
  // What waits for apply is null until then, and is looked at again.
  if (declared === null && changed.has('access_key')) return []
  if (declared === null) return there === null ? [] : [unknownSecret(before, there, changed)]
  if (after.on_adopt === 'trust') return sends ? [] : [trustedSecret(before, changed)]
  if ((there === declared || there === null) && isTold(before)) return []
  // Where another key is seen, taking over never overwrites it: that is a change of its own, with a plan of its own.
  const mayOverwrite = there === null || prior !== undefined
  if (after.on_adopt === 'send' && mayOverwrite) return []
  return [
    {
      text:
        there === null
          ? `${before.id} may have another key than the declared one, even one that the engine has rotated: this release of the server does not tell.`
          : `${before.id} works with the access key ${there}, not with the declared one: the engine may have rotated its key, whose secret nobody else has.`,
      help: mayOverwrite
        ? 'Add on_adopt = "trust" to leave the key that is there, or on_adopt = "send" to put the declared one in its place.'
        : 'Add on_adopt = "trust" to leave the key that is there. To put the declared one in its place, first take the configuration over without access_key and secret_key, and then add them, with on_adopt = "send".',
      attribute: 'access_key',
    },
  ]
}

/** What a reviewer has to know of a key that another one takes the place of: it may be the engine's own. */
export function keyConsequences(
  before: Outputs | undefined,
  after: Inputs | undefined,
  changed: ReadonlySet<string>,
): readonly Consequence[] {
  const there = before === undefined ? null : textOf(before.current_access_key)
  const declared = after === undefined ? undefined : revealed(after.access_key)
  if (there === null || declared === undefined || there === declared || !changed.has('access_key')) return []
  return [
    {
      kind: 'note',
      text: `The engine gives up the access key ${there}, which it works with now, and which stays valid in AWS. If the engine has made it itself (rotate-root), nobody else has its secret, and it cannot be brought back.`,
    },
  ]
}

function unknownSecret(before: Outputs, there: string, changed: ReadonlySet<string>): Objection {
  return {
    text: `${before.id} is sent only as a whole, and the secret of its access key ${there} is not declared: without that, the engine would lose its key.`,
    help: 'Declare access_key and secret_key, or declare the other attributes as they are.',
    ...pointAt(changed),
  }
}

function trustedSecret(before: Outputs, changed: ReadonlySet<string>): Objection {
  return {
    text: `${before.id} is sent only as a whole, with the key, and on_adopt = "trust" leaves the key that is there.`,
    help: `Declare ${[...changed].join(', ')} as it is there, or set on_adopt = "send" to send the declared key with the change.`,
    ...pointAt(changed),
  }
}

function pointAt(changed: ReadonlySet<string>): { readonly attribute?: string } {
  const [attribute] = changed
  return attribute === undefined ? {} : { attribute }
}
