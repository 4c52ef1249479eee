import { error, Failure } from '../core/diagnostic.js'
import { corrupt, parseObject, toBytes } from '../core/journal-object.js'
import { count, fieldsOf, oneOf, required, type Shape } from '../core/shape.js'
import type { StateStore } from '../core/state.js'
import { type LeaseEnvironment, randomHex } from './environment.js'
import { insist } from './insist.js'
import { lineageName, lineagesIn, numbersIn } from './names.js'

const format = 'rolecall-lineage'

interface Written {
  readonly format: string
  readonly version: number
  readonly lineage: string
}

const shape: Shape = fieldsOf<Written>({
  format: required(oneOf(format)),
  version: required(count),
  // It becomes part of names in the store.
  lineage: required((value) =>
    typeof value === 'string' && /^[0-9a-f]{32}$/.test(value) ? undefined : ' must be 32 hexadecimal digits',
  ),
})

/** Which lineage the place holds; undefined: no run has written there yet. */
export async function readLineage(
  store: StateStore,
  environment: Pick<LeaseEnvironment, 'monotonic' | 'sleep'>,
): Promise<string | undefined> {
  const bytes = await insist(environment, () => store.get(lineageName))
  if (bytes === undefined) return undefined
  const place = `${store.where}/${lineageName}`
  const object = parseObject(bytes, format, place)
  const wrong = shape(object)
  if (wrong !== undefined) throw corrupt(place, `the document${wrong}`)
  return (object as unknown as Written).lineage
}

/** Gives the place a new lineage, unless it has one; whoever is first wins. */
export async function ensureLineage(store: StateStore, environment: LeaseEnvironment): Promise<void> {
  const bytes = toBytes(`${textOf(randomHex(environment, 16))}\n`)
  await insist(environment, () => store.putIfAbsent(lineageName, bytes))
}

function textOf(lineage: string): string {
  const written: Written = { format, version: 1, lineage }
  return JSON.stringify(written)
}

/**
 * A place without a lineage must not hold a journal: it would look as if nothing had ever been recorded, and be recorded
 * anew beside it. `names`: what the place holds.
 */
export function requireNothing(store: StateStore, names: readonly string[]): void {
  const there = lineagesIn(names)
  if (there.length > 0) throw lost(store, there, 'it is missing, although a recorded state is there')
}

/**
 * A lineage of which the place has nothing must not hide a journal of another one. A few appends alone are none: a run that
 * outlived the removal of its state may have left them.
 */
export function refuseStranger(store: StateStore, lineage: string, names: readonly string[]): void {
  if (hasBeginning(names, lineage)) return
  const { journal } = numbersIn(names, lineage)
  const others = journal.length > 0 ? [] : lineagesIn(names).filter((other) => hasBeginning(names, other))
  if (others.length > 0)
    throw lost(store, others, `it names the state ${lineage}, and of that one nothing is there`)
}

/** Whether a state of this lineage can be read from its beginning. */
function hasBeginning(names: readonly string[], lineage: string): boolean {
  const { journal, snapshots } = numbersIn(names, lineage)
  return journal[0] === 1 || snapshots.length > 0
}

function lost(store: StateStore, there: readonly string[], detail: string): Failure {
  const [only] = there
  const again =
    there.length === 1 && only !== undefined
      ? `Without one, write it again: the journal there is that of ${only}, so the file is this one line:\n  ${textOf(only)}`
      : `Without one, find out which of these states is the right one, and move the others away: ${there.join(', ')}.`
  return new Failure(
    error('state/foreign', 'This is not the state that belongs here', {
      detail: `${store.where}/${lineageName}: ${detail}.`,
      help: `The file was removed or replaced, or the journal was moved without it. Put it back from a backup. ${again}`,
    }),
  )
}
