import type { Inputs, Plain } from '../core/resource.js'
import type { Row } from '../core/state.js'
import type { Desired, Observed } from './node.js'
import { sealedNames } from './record.js'

/** An object, as far as it is known what is sensitive of it. */
interface Known {
  readonly desired?: Pick<Desired, 'sealed' | 'hidden'> | undefined
  readonly row?: Row | undefined
  readonly observed?: Partial<Observed> | undefined
}

/** The texts of an object that no message may quote: those that are declared as sensitive, and what the service has in their place. */
export function hiddenTexts({ desired, row, observed }: Known): readonly string[] {
  const all = [observed?.record, row?.inputs, row?.attributes]
  const records = all.filter((record) => record !== undefined)
  const names = new Set([...sealedNames(...records), ...(desired?.sealed ?? [])])
  const out: Inputs = observed?.out ?? {}
  return [...(desired?.hidden ?? []), ...[...names].flatMap((name) => textsIn(out[name]))]
}

function textsIn(plain: Plain | undefined): readonly string[] {
  if (typeof plain === 'string') return plain === '' ? [] : [plain]
  if (plain instanceof Map) return [...(plain as ReadonlyMap<string, Plain>).values()].flatMap(textsIn)
  return Array.isArray(plain) ? (plain as readonly Plain[]).flatMap(textsIn) : []
}

/** What a type says of an object, with what is hidden covered up. */
export function covering<Told extends { readonly text: string; readonly help?: string }>(
  told: readonly Told[],
  object: Known,
): readonly Told[] {
  if (told.length === 0) return told
  const cover = covers(hiddenTexts(object))
  return told.map((one) => ({
    ...one,
    text: cover(one.text),
    ...(one.help !== undefined && { help: cover(one.help) }),
  }))
}

/** Covers up, in a sentence, each of some texts. */
export function covers(hidden: readonly string[]): (sentence: string) => string {
  // Longest first, since one text may contain another.
  const texts = [...new Set(hidden)].filter((text) => text !== '').sort((a, b) => b.length - a.length)
  return (sentence) => texts.reduce((left, text) => left.replaceAll(text, '(sensitive value)'), sentence)
}
