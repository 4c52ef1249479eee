import { type Address, parseAddress } from '../core/address.js'
import type { OperationResult, Progress, Verb } from '../core/plan.js'
import type { Writable } from './json-text.js'
import {
  elapsed,
  endedWords,
  idText,
  lookupWords,
  operationWords,
  planeErrorWords,
} from './operation-words.js'
import type { Running } from './progress.js'

/** An event: its type, a sentence for people, and what is special to it. */
export type Event = readonly [
  type: string,
  message: string,
  body: { readonly [key: string]: Writable | undefined },
  level?: 'info' | 'warn' | 'error',
]

/** What names an object in events. */
export function resourceKey(address: Address): { readonly [key: string]: Writable | undefined } {
  const parts = parseAddress(address)
  const type = parts?.type ?? ''
  return {
    addr: address,
    module: '',
    resource: address,
    implied_provider: type.split('_')[0] ?? '',
    resource_type: type,
    resource_name: parts?.name ?? '',
    resource_key: parts?.key ?? null,
  }
}

const hookActions: Readonly<Record<Verb, string>> = {
  create: 'create',
  update: 'update',
  delete: 'delete',
  adopt: 'import',
  read: 'read',
  forget: 'remove',
  move: 'move',
}

function idKey(id: string | undefined): { readonly [key: string]: Writable } {
  return id === undefined ? {} : { id_key: 'id', id_value: id }
}

/** What is told about an operation that goes on. */
export function stillEvent({ address, verb, id, seconds }: Running): Event {
  const hook = {
    resource: resourceKey(address),
    action: hookActions[verb],
    ...idKey(id),
    elapsed_seconds: seconds,
  }
  return [
    'apply_progress',
    `${address}: ${operationWords[verb].still} [${elapsed(seconds * 1000)} elapsed]`,
    { hook },
  ]
}

/** What is told about one step of the engine. */
export function progressEvent(event: Progress): Event {
  switch (event.kind) {
    case 'lock-wait':
      return ['lock_wait', 'Acquiring state lock. This may take a few moments...', { holder: event.holder }]
    case 'recovery-wait':
      return [
        'recovery_wait',
        `Waiting ${elapsed(event.milliseconds + 999)} until the requests of an interrupted run can be looked up...`,
        { milliseconds: event.milliseconds },
      ]
    case 'refresh-start':
      return [
        'refresh_start',
        `${event.address}: Refreshing state...${idText(event.id)}`,
        { hook: { resource: resourceKey(event.address), ...idKey(event.id) } },
      ]
    case 'refresh-complete':
      return [
        'refresh_complete',
        `${event.address}: Refresh complete${idText(event.id)}`,
        { hook: { resource: resourceKey(event.address), ...idKey(event.id) } },
      ]
    case 'list-start':
      return [
        'list_start',
        `${event.type}: Reading the list...`,
        { list: { resource_type: event.type, provider: event.provider } },
      ]
    case 'list-complete':
      return [
        'list_complete',
        `${event.type}: Read the list (${event.count})`,
        { list: { resource_type: event.type, provider: event.provider, count: event.count } },
      ]
    case 'operation-start':
      return [
        'apply_start',
        `${event.address}: ${operationWords[event.verb].start}${idText(event.id)}`,
        {
          hook: { resource: resourceKey(event.address), action: hookActions[event.verb], ...idKey(event.id) },
        },
      ]
    case 'plane-error':
      return ['plane_error', planeErrorWords(event), { system: event.system, error: event.message }, 'error']
    case 'probe-end':
      return [
        'probe_complete',
        `${event.address}: Probed: ${event.classes}`,
        { probe: { resource: resourceKey(event.address), classes: event.classes, verdict: event.verdict } },
      ]
    case 'operation-wait':
      return [
        'apply_wait',
        `${event.address}: Refused for now, trying again in ${elapsed(event.milliseconds)}`,
        {
          hook: {
            resource: resourceKey(event.address),
            action: hookActions[event.verb],
            wait_seconds: Math.round(event.milliseconds / 1000),
            error: event.message,
          },
        },
      ]
    case 'lookup-wait':
      return [
        'apply_lookup_wait',
        `${event.address}: ${lookupWords(event)}`,
        {
          hook: {
            resource: resourceKey(event.address),
            action: hookActions[event.verb],
            wait_seconds: Math.round(event.milliseconds / 1000),
            error: event.message,
          },
        },
      ]
    case 'operation-end':
      return endEvent(event.result, event.message)
  }
}

function endEvent(result: OperationResult, error: string | undefined): Event {
  const { address, verb, outcome, id, milliseconds, cause, service, left } = result
  const type =
    outcome === 'failed' ? 'apply_errored' : outcome === 'skipped' ? 'apply_skipped' : 'apply_complete'
  const hook = {
    resource: resourceKey(address),
    action: hookActions[verb],
    ...idKey(id),
    elapsed_seconds: Math.floor(milliseconds / 1000),
    unchanged: outcome === 'unchanged' ? true : undefined,
    cause: cause === undefined ? undefined : resourceKey(cause),
    service,
    left,
    error,
  }
  return [type, `${address}: ${endedWords(result)}`, { hook }, outcome === 'failed' ? 'error' : 'info']
}
