import { type Probed, type ProbeResult, provesPermissionsOnly, verdictOf } from '../core/probed.js'
import { columns, escapeLine, padColumns } from './escape.js'
import type { Style } from './style.js'

/** What probing found: a line for each access, what to do about each that is not fine, and what it does not prove. */
export function probeText(result: ProbeResult, style: Style): string {
  const { accesses } = result
  if (accesses.length === 0) return 'There is no access to probe.\n'
  const rows = accesses.map((one) => [escapeLine(one.address), wayOf(one), outcomeOf(one)] as const)
  const widths = [0, 1].map((i) => Math.max(...rows.map((row) => columns(row[i] ?? '')))) as [number, number]
  const lines = rows.map(([address, way, outcome], i) => {
    const tone = toneOf(accesses[i] as Probed, style)
    return `${padColumns(address, widths[0])}  ${padColumns(way, widths[1])}  ${tone(outcome)}`
  })
  const details = new Set(accesses.flatMap((one) => detailsOf(one, style)))
  const parts = [lines.join('\n'), ...details, caveatOf(result), `${style.bold(summaryOf(result))}`]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** `Probed 3 accesses: 2 ok, 1 failed.` */
export function summaryOf({ accesses }: ProbeResult): string {
  const count = countVerdicts(accesses)
  const probed = accesses.length - count.skipped
  const parts = [`${count.ok} ok`]
  if (count.warning > 0) parts.push(`${count.warning} with a warning`)
  if (count.error > 0) parts.push(`${count.error} failed`)
  const skipped = count.skipped === 0 ? '' : ` ${count.skipped} not probed.`
  return `Probed ${probed} access${probed === 1 ? '' : 'es'}: ${parts.join(', ')}.${skipped}`
}

export function countVerdicts(accesses: readonly Probed[]) {
  const count = { ok: 0, warning: 0, error: 0, skipped: 0 }
  for (const one of accesses) count[verdictOf(one)]++
  return count
}

/**
 * What a probe from here cannot know: the service assumes the role in its own name. Empty where that is the name that was used.
 */
export function caveatOf({ accesses, caller }: ProbeResult): string {
  const partly = accesses.filter(
    ({ outcomes, ...one }) =>
      outcomes.some((outcome) => !undecided.has(outcome.class)) &&
      provesPermissionsOnly({ outcomes, ...one }, caller),
  )
  if (partly.length === 0) return ''
  const whose = [...new Set(partly.flatMap((one) => one.assumedBy ?? []))].map(escapeLine)
  const others = `principals of their own${whose.length === 0 ? '' : ` (${whose.join('; ')})`}`
  const who = caller === undefined ? 'somebody else' : escapeLine(caller)
  return `Roles were assumed by ${who}; the services assume them as ${others}.\nSo this proves what the roles may do, and not that their trust policies let the services in: a role may work here and be closed to the service, or the other way round.`
}

/** AWS has said nothing about the role. */
const undecided = new Set(['unreachable', 'throttled', 'caller_credentials_invalid'])

function wayOf({ identity, place, skipped }: Probed): string {
  if (skipped !== undefined) return '-'
  return [identity, place]
    .filter((part) => part !== undefined)
    .map(escapeLine)
    .join(' -> ')
}

function outcomeOf({ outcomes, skipped }: Probed): string {
  if (skipped !== undefined) return `not probed: ${escapeLine(skipped)}`
  return outcomes.map((one) => escapeLine(one.class)).join(', ')
}

function detailsOf({ address, outcomes }: Probed, style: Style): readonly string[] {
  return outcomes
    .filter(({ severity }) => severity !== 'ok')
    .map(({ severity, class: name, text, remedy }) => {
      const tone = severity === 'error' ? style.red : style.yellow
      const head = `${tone(`${severity === 'error' ? 'Failed' : 'Warning'}: ${escapeLine(name)}`)} ${style.bold(escapeLine(address))}`
      const what = remedy === undefined ? '' : `\n  ${escapeLine(remedy)}`
      return `${head}\n  ${escapeLine(text)}${what}`
    })
}

function toneOf(one: Probed, style: Style): (text: string) => string {
  switch (verdictOf(one)) {
    case 'ok':
      return style.green
    case 'warning':
      return style.yellow
    case 'error':
      return style.red
    case 'skipped':
      return style.dim
  }
}
