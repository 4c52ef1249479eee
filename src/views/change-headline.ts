import { blockOf, parseAddress } from '../core/address.js'
import type { Change } from '../core/plan.js'
import { escapeLine, quote } from './escape.js'

/** The mark before a block: what happens to the object as a whole. Three columns wide. */
export function changeSymbol(change: Change): string {
  switch (effective(change)) {
    case 'create':
      return '  +'
    case 'update':
      return '  ~'
    case 'replace':
      return change.createBeforeDestroy ? '+/-' : '-/+'
    case 'delete':
      return '  -'
    case 'forget':
      return '  .'
    case 'read':
      return ' <='
    case 'adopt':
      return change.fields.length > 0 ? '  ~' : '   '
    case 'move':
    case 'keep':
      return '   '
  }
}

/** The action as the user sees it: a delete that leaves the object alone is no delete. */
export function effective(change: Change): Change['action'] {
  return change.action === 'delete' && change.destroys === 'keep' ? 'forget' : change.action
}

/**
 * The sentences over a block: the first says what happens, the others why. Tools find changes by the wording of the first
 * ones ("… will be created"), so it is a contract.
 */
export function headlines(change: Change): string[] {
  return [headline(change), ...comments(change)].map(escapeLine)
}

function headline(change: Change): string {
  const name =
    change.deposedKey === undefined
      ? change.address
      : `${change.address} (deposed object ${change.deposedKey})`
  switch (effective(change)) {
    case 'create':
      return `${name} will be created`
    case 'adopt':
      return change.fields.length > 0 ? `${name} will be updated in-place` : `${name} will be imported`
    case 'update':
      return `${name} will be updated in-place`
    case 'replace':
      return change.reason === 'replace-requested'
        ? `${name} will be replaced, as requested`
        : `${name} must be replaced`
    case 'delete':
      return `${name} will be destroyed`
    case 'forget':
      if (change.destroys === 'record') return `${name} will be dropped from the records`
      return `${name} will no longer be managed by Rolecall, but will not be destroyed`
    case 'move':
      return `${change.previousAddress ?? name} has moved to ${name}`
    case 'read':
      return `${name} will be read during apply`
    case 'keep':
      return `${name} stays as it is`
  }
}

function comments(change: Change): string[] {
  const lines: string[] = []
  const because = reasonText(change)
  if (because !== undefined) lines.push(`(${because})`)
  const id = change.importing?.id ?? change.id
  if (change.importing !== undefined) lines.push(`(imported from ${quote(id ?? '')})`)
  if (change.action === 'adopt') lines.push('(adopted: it exists at the service already)')
  if (change.previousAddress !== undefined && change.action !== 'move')
    lines.push(`(moved from ${change.previousAddress})`)
  if (change.mayReplace === true) lines.push(`(may have to be replaced: ${deciding(change)})`)
  const which = change.action === 'replace' ? 'the old object' : 'it'
  if (change.destroys === 'disable') lines.push(`(${which} is disabled, and stays at the service)`)
  if (change.action === 'replace' && change.destroys === 'keep')
    lines.push('(the old object stays at the service as it is, and is no longer managed)')
  if (change.destroys === 'record')
    lines.push(
      change.reason === 'vanished' || change.reason === 'displaced'
        ? '(only the record is dropped: the object is gone already)'
        : '(only the record is dropped: the object goes with the one that it belongs to)',
    )
  const dropped = change.action === 'delete' || change.action === 'replace'
  if (dropped && change.origin !== undefined && change.origin !== 'created')
    lines.push(`(${change.origin}: it existed before Rolecall managed it)`)
  for (const { kind, text } of change.consequences) lines.push(`${consequenceLabel[kind]}${text}`)
  return lines
}

/** How a consequence is announced; `!` makes those that change who can reach what stand out without colour too. */
export const consequenceLabel = {
  'widens-access': '! widens access: ',
  'loses-access': '! loses access: ',
  note: 'note: ',
} as const

function deciding(change: Change): string {
  const names = change.fields.filter((field) => field.forcesReplacement).map((field) => field.name)
  return names.length === 0
    ? 'this is decided when what it waits for is known'
    : `this is decided when ${names.join(', ')} is known`
}

function reasonText(change: Change): string | undefined {
  switch (change.reason) {
    case 'not-in-configuration':
      return `because ${blockOf(change.address)} is not in configuration`
    case 'key-not-in-for-each':
      return `because key ${keyOf(change)} is not in for_each map`
    case 'index-out-of-count':
      return `because index ${keyOf(change)} is out of range for count`
    case 'vanished':
      return 'because it was deleted outside of Rolecall'
    case 'unfinished':
      return 'because an interrupted run left it unfinished, it is done again'
    case 'deposed':
      return 'left over from a replacement of this instance that did not finish'
    case 'displaced':
      return `because ${change.address} takes over another object`
    case 'dependency-replaced':
      return 'because an object that it depends on is replaced'
    case 'inputs-known-at-apply':
      return change.mode === 'data'
        ? 'config refers to values not yet known'
        : 'because it refers to values not yet known, it may turn out to need no change'
    case 'depends-on-change':
      return 'depends on a resource with changes pending'
    case 'destroy-requested':
    case 'replace-requested':
    case 'immutable-field':
    case undefined:
      return undefined
  }
}

function keyOf(change: Change): string {
  const key = parseAddress(change.address)?.key
  return key === undefined ? '' : typeof key === 'number' ? `[${key}]` : `[${quote(key)}]`
}
