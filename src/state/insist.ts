import { error, Failure } from '../core/diagnostic.js'
import { LostAnswer } from '../core/resource.js'
import type { LeaseEnvironment } from './environment.js'

const firstPause = 100
const longestPause = 5_000
/**
 * A store is given up when it did not answer for so many milliseconds, and so many times: a process that was stopped for an
 * hour has not heard less of the store than one that was not.
 */
const patience = 120_000
const leastTries = 5

/**
 * Asks a store until it answers: a lost answer is followed by the same question, anything else is the answer. The question
 * must be one that may be asked twice. Throws the `Failure` `state/no-answer`, caused by the last `LostAnswer`, after two minutes.
 */
export async function insist<T>(
  environment: Pick<LeaseEnvironment, 'monotonic' | 'sleep'>,
  ask: () => Promise<T>,
): Promise<T> {
  const start = environment.monotonic()
  let pause = firstPause
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (cause) {
      if (!(cause instanceof LostAnswer)) throw cause
      const waited = environment.monotonic() - start
      if (waited + pause > patience && tries >= leastTries) throw unanswered(cause)
    }
    await environment.sleep(pause)
    pause = Math.min(2 * pause, longestPause)
  }
}

function unanswered(cause: LostAnswer): Failure {
  return new Failure(
    error('state/no-answer', 'The place of the state does not answer', {
      detail: `${cause.message}.`,
      help: 'Check that it can be reached from here, and run the command again: what was recorded so far is safe.',
    }),
    { cause },
  )
}
