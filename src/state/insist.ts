import { LostAnswer } from '../core/resource.js'
import type { LeaseEnvironment } from './environment.js'

const firstPause = 100
const longestPause = 5_000
/** Milliseconds after which a store that does not answer is given up. */
export const patience = 120_000

/**
 * Asks a store until it answers: a lost answer is followed by the same question, anything else is the answer. The question
 * must be one that may be asked twice. Throws the last `LostAnswer` after two minutes.
 */
export async function insist<T>(
  environment: Pick<LeaseEnvironment, 'monotonic' | 'sleep'>,
  ask: () => Promise<T>,
): Promise<T> {
  const start = environment.monotonic()
  for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof LostAnswer) || environment.monotonic() - start + pause > patience) throw error
    }
    await environment.sleep(pause)
  }
}
