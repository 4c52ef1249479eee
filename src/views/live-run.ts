import type { Holder } from '../core/state.js'
import { escapeText } from './escape.js'

/** Said when another run works on the same state just now: what it is about to change may look unchanged, or changed. */
export function liveRunText({ who, operation, created }: Holder): string {
  return escapeText(
    `\nNote: another run holds the state just now (${operation} by ${who}, since ${created}).\nWhat it is about to change may look different here.\n`,
  )
}
