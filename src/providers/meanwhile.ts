import { ServiceError } from '../core/resource.js'

/** The error of a create that finds what someone else has made or set since the plan. `words`: what someone has done. */
export function someoneWasFaster(doing: string, words: string): ServiceError {
  return new ServiceError(doing, {
    words: `someone has ${words}`,
    help: 'Plan again: it shows what taking it over means.',
  })
}

/** What is there after a write. Throws if nothing is: then someone deleted it, or what it was in. */
export function stillThere<T>(found: T | undefined, doing: string, deleted = 'it'): T {
  if (found !== undefined) return found
  throw new ServiceError(doing, {
    words: 'it is gone',
    help: `Someone deleted ${deleted} meanwhile: plan again.`,
  })
}
