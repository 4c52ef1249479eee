import type { Applied, OperationResult } from '../core/plan.js'
import { escapeLine } from './escape.js'
import { operationWords, skippedWords } from './operation-words.js'
import type { Style } from './style.js'
import { outputsText } from './value.js'

/** Whether all that was planned was done. */
export function isComplete(applied: Applied): boolean {
  return !applied.interrupted && applied.counts.failed === 0 && applied.counts.skipped === 0
}

/**
 * The line that says how an apply ended: `Apply complete! Resources: 4 added, 0 changed, 0 destroyed.` Tools read it: its
 * wording is a contract.
 */
export function appliedLine(applied: Applied): string {
  const { adopt, add, change, destroy, failed, skipped } = applied.counts
  const { mode } = applied.plan
  const imported = adopt > 0 ? `${adopt} imported, ` : ''
  if (!isComplete(applied)) {
    const verb = mode === 'destroy' ? 'Destroy' : 'Apply'
    return `${verb} incomplete! Resources: ${imported}${add} added, ${change} changed, ${destroy} destroyed; ${failed} failed, ${skipped} skipped.`
  }
  if (mode === 'destroy') return `Destroy complete! Resources: ${destroy} destroyed.`
  return `Apply complete! Resources: ${imported}${add} added, ${change} changed, ${destroy} destroyed.`
}

/** How an apply ended, what failed and what did not happen because of it, and the outputs. */
export function appliedText(applied: Applied, style: Style): string {
  const line = appliedLine(applied)
  const strong = isComplete(applied) ? style.bold(style.green(line)) : style.bold(style.red(line))
  const unknown = isComplete(applied) ? undefined : '(not known: the apply did not finish)'
  const outputs =
    applied.outputs.size === 0
      ? ''
      : `\n${style.bold('Outputs:')}\n\n${outputsText(applied.outputs, unknown)}`
  return `\n${strong}\n${undoneText(applied)}${outputs}`
}

/** More operations than this are counted. */
const longestList = 50

function undoneText(applied: Applied): string {
  const failed = applied.results.filter(({ outcome }) => outcome === 'failed')
  const skipped = applied.results.filter(({ outcome }) => outcome === 'skipped')
  if (failed.length + skipped.length === 0 && !applied.interrupted) return ''
  const stopped = applied.interrupted
    ? '\nThe run was interrupted. What was in flight is recorded; run "rolecall apply" again to go on.\n'
    : '\nWhat was done is recorded; run "rolecall apply" again to go on.\n'
  return `${list('Failed', failed)}${list('Skipped', skipped)}${stopped}`
}

function list(title: string, results: readonly OperationResult[]): string {
  if (results.length === 0) return ''
  const lines = results.slice(0, longestList).map((result) => {
    const what = operationWords[result.verb].start.replace('...', '').toLowerCase()
    const why = result.cause === undefined ? '' : ` (${skippedWords(result.cause, result.service)})`
    return `  ${escapeLine(`${result.address}: ${what}${why}`)}\n`
  })
  const more = results.length - longestList
  return `\n${title}:\n${lines.join('')}${more > 0 ? `  … and ${more} more\n` : ''}`
}
