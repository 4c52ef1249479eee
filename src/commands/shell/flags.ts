import * as Flags from '@oclif/core/flags'
import type { PlanOptions } from '../../app.js'
import { UsageError } from './argv.js'

/** The flags that every command takes. */
export const globalFlags = {
  chdir: Flags.string({
    helpGroup: 'GLOBAL',
    helpValue: 'DIR',
    description: 'Work in this folder instead of the current one.',
  }),
  'no-color': Flags.boolean({ helpGroup: 'GLOBAL', description: 'No colour in the output.' }),
  input: Flags.boolean({
    helpGroup: 'GLOBAL',
    allowNo: true,
    default: true,
    description: 'Ask for approval and for values of variables, if there is a terminal.',
  }),
  json: Flags.boolean({ helpGroup: 'GLOBAL', description: 'Write the results as JSON.' }),
}

export interface GlobalFlags {
  readonly chdir?: string | undefined
  readonly 'no-color': boolean
  readonly input: boolean
  readonly json: boolean
}

const several = { multiple: true, multipleNonGreedy: true } as const

/** Values for variables. */
export const variableFlags = {
  var: Flags.string({
    ...several,
    helpValue: 'NAME=VALUE',
    description: 'A value for a variable. May be repeated.',
  }),
  'var-file': Flags.string({
    ...several,
    helpValue: 'FILE',
    description: 'A file with values for variables. May be repeated.',
  }),
}

/** How long to wait for another run. */
export const lockFlags = {
  'lock-timeout': Flags.string({
    helpValue: 'DURATION',
    description: 'How long to wait for another run that holds the state, such as 30s or 5m.',
  }),
}

export const parallelismFlags = {
  parallelism: Flags.integer({
    helpValue: 'N',
    min: 1,
    max: 1000,
    description: 'At most this many requests to one service at a time (default 10).',
  }),
}

/** How far a probe may go. */
export const probeFlags = {
  'confirm-owner': Flags.boolean({
    description:
      'When a bucket is denied, ask once more without its expected owner: tells a wrong owner from a lack of permission. The request may reach a bucket of somebody else.',
  }),
  'untrusted-ok': Flags.boolean({
    description:
      'A role that does not let us in is a warning, where a service assumes it in its own name: for roles that trust nobody else.',
  }),
}

/** What to look at, and how. */
export const scopeFlags = {
  target: Flags.string({
    ...several,
    helpValue: 'ADDRESS',
    description: 'Only this object and what it depends on. May be repeated.',
  }),
  exclude: Flags.string({
    ...several,
    helpValue: 'ADDRESS',
    description: 'Not this object, nor what depends on it. May be repeated.',
  }),
}

/** The options by which `plan` and `apply` make a plan. */
export const planningFlags = {
  destroy: Flags.boolean({ description: 'Plan to destroy everything that is managed here.' }),
  'refresh-only': Flags.boolean({
    description: 'Only look at what was changed outside of Rolecall, and record it.',
  }),
  refresh: Flags.boolean({
    allowNo: true,
    default: true,
    description: 'Look at what the services have; without, what was last recorded stands for it.',
  }),
  replace: Flags.string({
    ...several,
    helpValue: 'ADDRESS',
    description: 'Replace this object even if nothing differs. May be repeated.',
  }),
  adopt: Flags.boolean({
    allowNo: true,
    default: true,
    description: 'Take over declared objects that exist already; without, they are an error.',
  }),
  rebind: Flags.boolean({
    description:
      'The provider has another address: forget the recorded ids and find the objects again there.',
  }),
  'allow-deletes': Flags.integer({
    helpValue: 'N',
    min: 0,
    description: 'Accept a plan that takes away unusually much: at most N objects, of all types together.',
  }),
  ...scopeFlags,
  ...variableFlags,
  ...lockFlags,
  ...parallelismFlags,
}

interface PlanningFlags {
  readonly destroy?: boolean
  readonly 'refresh-only'?: boolean
  readonly refresh?: boolean
  readonly replace?: readonly string[] | undefined
  readonly adopt?: boolean
  readonly rebind?: boolean
  readonly 'allow-deletes'?: number | undefined
  readonly target?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  readonly 'lock-timeout'?: string | undefined
  readonly parallelism?: number | undefined
}

/** A flag as it stood on the command line. */
export type RawFlag = { readonly type: string; readonly flag?: string; readonly input: string }

/** The options of the application that flags stand for. `raw` has the order of the command line. */
export function planOptions(flags: PlanningFlags, raw: readonly RawFlag[]): PlanOptions {
  if (flags.destroy === true && flags['refresh-only'] === true)
    throw new UsageError('--destroy and --refresh-only exclude each other.')
  const mode = flags.destroy === true ? 'destroy' : flags['refresh-only'] === true ? 'refresh-only' : 'normal'
  if (mode === 'refresh-only' && flags.refresh === false)
    throw new UsageError('--refresh-only and --refresh=false exclude each other.')
  const { replace, target: targets, exclude: excludes, parallelism } = flags
  const allowDeletes = flags['allow-deletes']
  const timeout = flags['lock-timeout']
  return {
    mode,
    refresh: flags.refresh ?? true,
    adopt: flags.adopt ?? true,
    rebind: flags.rebind ?? false,
    variables: variablesOf(raw),
    ...(targets !== undefined && { targets }),
    ...(excludes !== undefined && { excludes }),
    ...(replace !== undefined && { replace }),
    ...(parallelism !== undefined && { parallelism }),
    ...(allowDeletes !== undefined && { allowDeletes }),
    ...(timeout !== undefined && { lockTimeout: parseDuration(timeout) }),
  }
}

/** `--var` and `--var-file`, in the order of the command line: a later one wins. */
export function variablesOf(raw: readonly RawFlag[]): NonNullable<PlanOptions['variables']> {
  return raw.flatMap(({ type, flag, input }): NonNullable<PlanOptions['variables']> => {
    if (type !== 'flag') return []
    if (flag === 'var-file') return [{ file: input }]
    if (flag !== 'var') return []
    if (!/^[^=\s]+=/.test(input))
      throw new UsageError(`--var ${JSON.stringify(input)}: a variable is given as NAME=VALUE.`)
    return [{ flag: input }]
  })
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `30s`, `1m30s`, `500ms` or `0`, in milliseconds. */
export function parseDuration(text: string): number {
  if (text === '0') return 0
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/gy)]
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text)
    throw new UsageError(`${JSON.stringify(text)} is not a duration: write it like 30s, 5m or 1m30s.`)
  return parts.reduce((total, [, amount, unit]) => total + Number(amount) * (units[unit ?? ''] ?? 0), 0)
}
