import { parseAddress } from '../core/address.js'
import type { Drift, Plan } from '../core/plan.js'
import { differingLines } from './change-text.js'
import { escapeLine, quote } from './escape.js'
import { linesText } from './shown-lines.js'
import type { Style } from './style.js'

/** What a plan says before its changes about objects that someone else changed. Empty if there are none. */
export function driftNote(plan: Plan, style: Style): string {
  const outside = plan.drift.filter(({ kind }) => kind === 'changed' || kind === 'vanished')
  if (outside.length === 0) return ''
  return `${style.bold(style.cyan('Note: '))}${style.bold('Objects have changed outside of Rolecall')}

Rolecall detected the following changes made outside of Rolecall since the last
"rolecall apply":

${outside.map((drift) => driftText(drift, style)).join('')}`
}

/** One object that is not as it was last applied. Ends with an empty line. */
export function driftText(drift: Drift, style: Style): string {
  const subject = drift.address ?? `${drift.type} ${quote(drift.name ?? drift.id)}`
  const known = drift.name === undefined ? quote(drift.id) : `${quote(drift.id)}, ${quote(drift.name)}`
  const head = (text: string) => `  # ${style.bold(escapeLine(`${subject} ${text}`))}\n`
  switch (drift.kind) {
    case 'changed': {
      const name = (drift.address === undefined ? undefined : parseAddress(drift.address)?.name) ?? drift.id
      const lines = [
        ...differingLines(drift.fields, undefined, undefined),
        { mark: ' ', indent: 2, text: '}' } as const,
      ]
      const open = `  ${style.yellow('~')} resource "${escapeLine(drift.type)}" "${escapeLine(name)}" {\n`
      return `${head('has changed')}  # (id ${known})\n${open}${linesText(lines, style)}\n`
    }
    case 'vanished':
      return `${head('has been deleted')}  # (it had id ${known})\n\n`
    case 'not-adopted':
      return `${head('exists, but is not adopted')}  # (exists with id ${known}; "rolecall apply" will adopt it)\n\n`
    case 'unmanaged':
      return `${head('is not managed')}  # (exists with id ${known}; no configuration here declares it)\n\n`
  }
}

const nouns = {
  changed: 'changed',
  vanished: 'deleted',
  'not-adopted': 'not adopted',
  unmanaged: 'unmanaged',
} as const

/** The report of `rolecall drift`. `unmanaged`: whether objects that nothing declares were looked for. */
export function driftReportText(drift: readonly Drift[], unmanaged: boolean, style: Style): string {
  if (drift.length === 0) {
    const also = unmanaged ? ', and nothing else is there' : ''
    return `${style.bold(style.green('No drift.'))} Everything is as it was last applied${also}.\n`
  }
  const counts = (Object.keys(nouns) as (keyof typeof nouns)[]).flatMap((kind) => {
    const count = drift.filter((each) => each.kind === kind).length
    return count === 0 ? [] : [`${count} ${nouns[kind]}`]
  })
  return `${drift.map((each) => driftText(each, style)).join('')}${style.bold('Drift:')} ${counts.join(', ')}.\n`
}
