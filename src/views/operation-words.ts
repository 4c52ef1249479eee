import type { OperationResult, Verb } from '../core/plan.js'

/** How an operation is announced, kept up with, and reported as done. Tools read these words: they are a contract. */
export const operationWords: Readonly<
  Record<
    Verb,
    { readonly start: string; readonly still: string; readonly done: string; readonly failed: string }
  >
> = {
  create: {
    start: 'Creating...',
    still: 'Still creating...',
    done: 'Creation complete',
    failed: 'Creation errored',
  },
  update: {
    start: 'Modifying...',
    still: 'Still modifying...',
    done: 'Modifications complete',
    failed: 'Modifications errored',
  },
  delete: {
    start: 'Destroying...',
    still: 'Still destroying...',
    done: 'Destruction complete',
    failed: 'Destruction errored',
  },
  adopt: {
    start: 'Adopting...',
    still: 'Still adopting...',
    done: 'Adoption complete',
    failed: 'Adoption errored',
  },
  read: { start: 'Reading...', still: 'Still reading...', done: 'Read complete', failed: 'Read errored' },
  forget: {
    start: 'Dropping the record...',
    still: 'Still dropping the record...',
    done: 'Record dropped',
    failed: 'Dropping the record errored',
  },
  move: {
    start: 'Moving the record...',
    still: 'Still moving the record...',
    done: 'Record moved',
    failed: 'Moving the record errored',
  },
}

/** How an operation ended, in the words of people: `Creation complete after 1s [id=6]`. */
export function endedWords(result: OperationResult): string {
  const words = operationWords[result.verb]
  const after = ` after ${elapsed(result.milliseconds)}`
  switch (result.outcome) {
    case 'done':
      return `${words.done}${after}${idText(result.id)}`
    case 'unchanged':
      return `Nothing to do${after}${idText(result.id)}`
    case 'failed':
      return `${words.failed}${after}`
    case 'skipped':
      return result.cause === undefined ? 'Skipped' : `Skipped, ${skippedWords(result.cause, result.service)}`
  }
}

/** Why an operation was not tried: for the sake of an object that it depends on, or of the service. */
export function skippedWords(cause: string, service: string | undefined): string {
  return service === undefined ? `because ${cause} failed` : `because the service ${service}: see ${cause}`
}

/** What became of a request is looked up in a while: `Looking in 1m0s what came of it: … (HTTP 500), so …`. */
export function lookupWords({
  milliseconds,
  message,
}: {
  readonly milliseconds: number
  readonly message: string
}): string {
  return `Looking in ${elapsed(milliseconds + 999)} what came of it: ${message}`
}

export function idText(id: string | undefined): string {
  return id === undefined ? '' : ` [id=${id}]`
}

/** Time as people read it: `3s`, `2m5s`, `1h0m3s`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds}s`
  const rest = `${minutes % 60}m${seconds % 60}s`
  return minutes < 60 ? rest : `${Math.floor(minutes / 60)}h${rest}`
}

export function planeErrorWords({
  system,
  message,
}: {
  readonly system: string
  readonly message: string
}): string {
  return `The embedded control plane (${system}) failed: ${message}`
}
