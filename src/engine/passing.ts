import type { Address } from '../core/address.js'
import type { Verb } from '../core/plan.js'
import { ServiceError } from '../core/resource.js'
import type { ApplyContext } from './apply-context.js'

const firstWait = 2_000
const longestWait = 15_000

/**
 * Waits between the tries of one verb that a service refuses for a reason that may pass (IAM tells all of AWS about a new role
 * only after a while). Each try is announced anew: none of them runs on the time of another.
 */
export function passingWaits(
  context: Pick<ApplyContext, 'sleep' | 'stop' | 'progress'>,
  address: Address,
  verb: Verb,
): { pass(cause: unknown): Promise<boolean> } {
  let waited = 0
  let next = firstWait
  return {
    /** Waits and says true if the verb is worth another try. */
    async pass(cause) {
      const patience = cause instanceof ServiceError ? (cause.facts.passing ?? 0) : 0
      const milliseconds = Math.min(next, patience - waited)
      if (!(cause instanceof Error) || milliseconds <= 0 || context.stop.aborted) return false
      context.progress({ kind: 'operation-wait', address, verb, milliseconds, message: cause.message })
      waited += milliseconds
      next = Math.min(2 * next, longestWait)
      try {
        await context.sleep(milliseconds, context.stop)
      } catch (interrupted) {
        if (!context.stop.aborted) throw interrupted
      }
      return !context.stop.aborted
    },
  }
}
