import type { Address } from '../core/address.js'
import type { Progress, Verb } from '../core/plan.js'
import { escapeLine } from './escape.js'
import {
  elapsed,
  endedWords,
  idText,
  lookupWords,
  operationWords,
  planeErrorWords,
} from './operation-words.js'
import type { Style } from './style.js'

/** An operation on its way. */
export interface Running {
  readonly address: Address
  readonly verb: Verb
  readonly id: string | undefined
  readonly seconds: number
}

/** Turns what happens into a line, or undefined where there is nothing to tell. */
export function progressLine(event: Progress, style: Style): string | undefined {
  switch (event.kind) {
    case 'lock-wait':
      return `Acquiring state lock. This may take a few moments... (held by ${escapeLine(event.holder)})`
    case 'recovery-wait':
      return `An earlier run was interrupted. Waiting ${elapsed(event.milliseconds + 999)} until its last requests can be looked up...`
    case 'refresh-start':
      return `${subject(event.address, style)} Refreshing state...${escapeLine(idText(event.id))}`
    case 'refresh-complete':
      return undefined
    case 'list-start':
      return `${subject(listOf(event), style)} Reading the list...`
    case 'list-complete': {
      return `${subject(listOf(event), style)} Read the list (${event.count} object${event.count === 1 ? '' : 's'})`
    }
    case 'operation-start':
      return `${subject(event.address, style)} ${operationWords[event.verb].start}${escapeLine(idText(event.id))}`
    case 'probe-end': {
      const text = event.verdict === 'ok' ? event.classes : style.yellow(escapeLine(event.classes))
      return `${subject(event.address, style)} Probed: ${text} (${event.done} of ${event.total})`
    }
    case 'operation-wait':
      return `${subject(event.address, style)} ${escapeLine(`Refused for now, trying again in ${elapsed(event.milliseconds)}: ${event.message}`)}`
    case 'lookup-wait':
      return `${subject(event.address, style)} ${escapeLine(lookupWords(event))}`
    case 'plane-error':
      return style.yellow(escapeLine(planeErrorWords(event)))
    case 'operation-end': {
      const { result, done, total, message } = event
      const why = message === undefined || result.outcome === 'done' ? '' : `: ${message}`
      const text = escapeLine(`${endedWords(result)}${why}`)
      const tone = result.outcome === 'failed' || result.outcome === 'skipped' ? style.yellow(text) : text
      return `${subject(result.address, style)} ${tone} (${done} of ${total})`
    }
  }
}

function listOf({ type, provider }: { readonly type: string; readonly provider: string }): string {
  return provider === type.split('_')[0] ? type : `${type} of ${provider}`
}

/** The line that says that an operation goes on. */
export function stillLine({ address, verb, id, seconds }: Running, style: Style): string {
  const which = id === undefined ? '' : `id=${id}, `
  return `${subject(address, style)} ${operationWords[verb].still} [${escapeLine(which)}${elapsed(seconds * 1000)} elapsed]`
}

function subject(name: string, style: Style): string {
  return style.bold(`${escapeLine(name)}:`)
}

/** How often an operation that goes on is mentioned. */
const every = 10_000

/** Keeps count of the operations on their way. Call `due` once a second or so; it tells which have to be mentioned. */
export interface Watch {
  see(event: Progress): void
  due(): readonly Running[]
}

export function watchOperations(now: () => number): Watch {
  const running = new Map<
    string,
    { readonly event: Omit<Running, 'seconds'>; readonly since: number; told: number }
  >()
  const key = (address: Address, verb: Verb) => `${verb} ${address}`
  return {
    see(event) {
      if (event.kind === 'operation-start') {
        const { address, verb, id } = event
        running.set(key(address, verb), { event: { address, verb, id }, since: now(), told: 0 })
      } else if (event.kind === 'operation-end') {
        running.delete(key(event.result.address, event.result.verb))
      }
    },
    due() {
      const moment = now()
      const result: Running[] = []
      for (const entry of running.values()) {
        const times = Math.floor((moment - entry.since) / every)
        if (times <= entry.told) continue
        entry.told = times
        result.push({ ...entry.event, seconds: (times * every) / 1000 })
      }
      return result
    },
  }
}

/** Said at the first interrupt: everything in flight is finished and recorded, so waiting is worth it. */
export const interruptText = `
Interrupt received.
Please wait for Rolecall to finish what is in flight and to record it.
Gracefully shutting down...

Stopping operation...
`

/** Said at the second interrupt. */
export const secondInterruptText = `
Two interrupts received. Exiting immediately.
What was in flight is in the journal: the next run finds out what became of it.
`
