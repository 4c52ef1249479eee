import { type Change, hasChanges, type OutputChange, type Plan } from '../core/plan.js'
import { effective } from './change-headline.js'
import { changeText } from './change-text.js'
import { driftNote } from './drift-text.js'
import { escapeLine } from './escape.js'
import { planLine, summaryList } from './plan-summary.js'
import { changedValue, sameShown } from './shown-diff.js'
import { attributeLines, linesText, type NamedValue, type Rendered } from './shown-lines.js'
import type { Style } from './style.js'

/** A whole plan for people. The lines that tools look for are those that Terraform's users know. */
export function planText(plan: Plan, style: Style): string {
  return [
    recoveredText(plan, style),
    driftNote(plan, style),
    hasChanges(plan) ? changesText(plan, style) : nothingText(plan, style),
    leftOutText(plan),
  ].join('')
}

function changesText(plan: Plan, style: Style): string {
  const changes = plan.changes.filter((change) => change.action !== 'keep')
  const outputs = outputsText(plan.outputs, style)
  if (changes.length === 0) {
    const note =
      'You can apply this plan to save these new output values to the Rolecall state,\nwithout changing any object.\n'
    return `${outputs}\n${note}`
  }
  const summary = `${summaryList(plan, style)}${style.bold(planLine(plan.counts).slice(0, 5))}${planLine(plan.counts).slice(5)}\n`
  return `${legend(changes, style)}Rolecall will perform the following actions:\n\n${changes
    .map((change) => changeText(change, style))
    .join('')}${summary}${outputs === '' ? '' : `\n${outputs}`}${forgottenText(changes)}`
}

const symbols: readonly (readonly [string, string, (change: Change) => boolean])[] = [
  ['  +', 'create', (c) => c.action === 'create'],
  ['  ~', 'update in-place', (c) => c.action === 'update' || (c.action === 'adopt' && c.fields.length > 0)],
  ['  -', 'destroy', (c) => effective(c) === 'delete'],
  ['-/+', 'destroy and then create replacement', (c) => c.action === 'replace' && !c.createBeforeDestroy],
  ['+/-', 'create replacement and then destroy', (c) => c.action === 'replace' && c.createBeforeDestroy],
  [' <=', 'read (data resources)', (c) => c.action === 'read'],
  [
    '  .',
    'no longer managed, but not destroyed',
    (c) => effective(c) === 'forget' && c.destroys !== 'record',
  ],
  [
    '  .',
    'dropped from the records: gone, or going with what it belongs to',
    (c) => effective(c) === 'forget' && c.destroys === 'record',
  ],
]

function legend(changes: readonly Change[], style: Style): string {
  const used = symbols.filter(([, , has]) => changes.some(has))
  if (used.length === 0) return ''
  const tone = (symbol: string) =>
    symbol.replace(/[+\-~]/g, (c) =>
      c === '+' ? style.green(c) : c === '-' ? style.red(c) : style.yellow(c),
    )
  const lines = used.map(([symbol, text]) => `${tone(symbol)} ${text}\n`)
  return `Rolecall compared the configuration with what the services have. Actions are\nindicated with the following symbols:\n${lines.join('')}\n`
}

function nothingText(plan: Plan, style: Style): string {
  if (plan.mode === 'refresh-only') {
    if (plan.drift.length > 0)
      return 'This is a refresh-only plan, so Rolecall will not take any actions to undo these.\n'
    return `${style.bold(style.green('No changes.'))} Your infrastructure still matches the configuration.\n\nRolecall has found no differences between what it last applied and what the\nservices have.\n`
  }
  if (plan.mode === 'destroy')
    return `${style.bold(style.green('No changes.'))} No objects need to be destroyed.\n\nThe state is empty: there is nothing that Rolecall manages here.\n`
  return `${style.bold(style.green('No changes.'))} Your infrastructure matches the configuration.\n\nRolecall compared what the services have with the configuration and found no\ndifferences, so nothing needs to be done.\n`
}

function outputsText(outputs: readonly OutputChange[], style: Style): string {
  const changed = outputs.filter((output) => output.action !== 'keep')
  if (changed.length === 0) return ''
  const lines = attributeLines(
    changed.map((output): NamedValue => [output.name, outputValue(output)]),
    2,
  )
  return `Changes to Outputs:\n${linesText(lines, style)}`
}

function outputValue(output: OutputChange): Rendered {
  const value = changedValue(
    output.action === 'create' ? undefined : output.before,
    output.action === 'delete' ? undefined : output.after,
    2,
  )
  if (output.sensitive) {
    const first = output.action === 'delete' ? '(sensitive value) -> null' : '(sensitive value)'
    const mark = output.action === 'create' ? '+' : output.action === 'delete' ? '-' : '~'
    return { mark, first, rest: [] }
  }
  // An output that comes into being with the value null, or only changes its type, has nothing to compare.
  return value.mark === ' ' || sameShown(output.before, output.after)
    ? { ...value, mark: output.action === 'create' ? '+' : '~' }
    : value
}

function forgottenText(changes: readonly Change[]): string {
  const forgotten = changes.filter((change) => effective(change) === 'forget' && change.destroys !== 'record')
  if (forgotten.length === 0) return ''
  const names = forgotten.map((change) => ` - ${escapeLine(change.address)}\n`)
  return `\nApplying this plan drops the records of the following objects, but does not delete\nthem. Rolecall will no longer manage them:\n${names.join('')}`
}

function recoveredText(plan: Plan, style: Style): string {
  if (plan.recovered.length === 0) return ''
  const lines = plan.recovered.map(({ address, action, outcome, id, text }) => {
    const found = { found: 'found', 'not-found': 'not found', unknown: 'not known yet' }[outcome]
    const which = id === undefined ? '' : ` [id=${id}]`
    return `  ${escapeLine(`${address}: ${action} ${found}${which}`)}\n    ${escapeLine(text)}\n`
  })
  return `${style.bold('Note: An earlier run was interrupted')}\n\nThis is what became of the operations that it had begun:\n\n${lines.join('')}\n`
}

/** More addresses than this are counted. */
const longestList = 20

function leftOutText(plan: Plan): string {
  const count = plan.leftOut.length
  if (count === 0) return ''
  const names = plan.leftOut.slice(0, longestList).map((address) => ` - ${escapeLine(address)}\n`)
  const more = count > longestList ? `   … and ${count - longestList} more\n` : ''
  return `\nNote: This plan is not complete\n\n--target or --exclude left out ${count} object${count === 1 ? '' : 's'}, and what these would need:\n${names.join('')}${more}`
}

/** What is said under a plan that is shown and not applied; `again`: variables that have to be given again. */
export function nextStepText(saved: string | undefined, again: readonly string[] = []): string {
  const rule = '─'.repeat(77)
  if (saved === undefined)
    return `\n${rule}\n\nNote: You didn't use the --out option to save this plan, so Rolecall can't guarantee to\ntake exactly these actions if you run "rolecall apply" now.\n`
  return `\n${rule}\n\nSaved the plan to: ${saved}\n\nTo perform exactly these actions, run the following command to apply:\n    rolecall apply "${saved}"\n${againText(again)}`
}

function againText(names: readonly string[]): string {
  if (names.length === 0) return ''
  const list = names.map((name) => ` - var.${escapeLine(name)}\n`)
  return `\nThe plan does not hold the values of variables that feed secrets. Give these the same values\nagain, by the same flags, files or environment:\n${list.join('')}`
}
