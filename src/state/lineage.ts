import { corrupt, parseObject, toBytes } from '../core/journal-object.js'
import { count, fieldsOf, oneOf, required, type Shape } from '../core/shape.js'
import type { StateStore } from '../core/state.js'
import { type LeaseEnvironment, randomHex } from './environment.js'
import { insist } from './insist.js'
import { lineageName } from './names.js'

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
  const written: Written = { format, version: 1, lineage: randomHex(environment, 16) }
  const bytes = toBytes(`${JSON.stringify(written)}\n`)
  await insist(environment, () => store.putIfAbsent(lineageName, bytes))
}
