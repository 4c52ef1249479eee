import { LostAnswer, ServiceError } from '../core/resource.js'
import { TooLarge, type WireAnswer } from './exchange.js'
import { explainNetworkError } from './network-error.js'

/** How one try of a request ended. */
export type Outcome =
  | { readonly kind: 'answer'; readonly answer: WireAnswer }
  | { readonly kind: 'failure'; readonly cause: unknown; readonly progress: Progress }

/** How far a request came: its gate may have refused it, it may never have been written, or it may have arrived. */
export type Progress = 'refused' | 'unsent' | 'written'

export class TimedOut extends Error {}

export interface FailedRequest {
  readonly doing: string
  readonly writes: boolean
  readonly origin: string
  readonly signal: AbortSignal | undefined
}

/** What a request without an answer means, and whether another try may help if it only reads. */
export function explainFailure(
  { cause, progress }: Extract<Outcome, { kind: 'failure' }>,
  { doing, writes, origin, signal }: FailedRequest,
): { readonly error: unknown; readonly retriable: boolean } {
  if (progress === 'refused') return { error: cause, retriable: false }
  if (writes && progress === 'written') return { error: new LostAnswer(doing, { cause }), retriable: false }
  if (signal?.aborted) return { error: cause, retriable: false }
  if (cause instanceof TooLarge)
    return { error: new ServiceError(doing, { words: cause.message }, { cause }), retriable: false }
  const trouble =
    cause instanceof TimedOut
      ? {
          words: cause.message,
          help: 'Check that the service is well; a longer timeout can be set for the provider.',
          retriable: true,
        }
      : explainNetworkError(cause, origin)
  const facts = { words: trouble.words, help: trouble.help, cause: 'unreachable' as const }
  return { error: new ServiceError(doing, facts, { cause }), retriable: trouble.retriable }
}
