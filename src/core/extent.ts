import { error, Failure } from './diagnostic.js'

/**
 * What is known of a list, set, tuple, map or object without going through it: how many parts it has, where a part that is
 * shared counts each time (a few lines can share one list a million times over, and whoever writes it out goes the whole way),
 * how many levels, and whether any leaf is known only after apply or is sensitive.
 */
export interface Extent {
  readonly size: number
  readonly depth: number
  readonly unknown: boolean
  readonly sensitive: boolean
}

/** So many parts a value may have. */
const largestSize = 10_000_000
/** So many characters of a text count as one more part. */
const charactersPerPart = 32
/** Deeper data is refused everywhere: nobody writes it, and it would exhaust the stack. */
export const deepestNesting = 300

export function sizeOfText(text: string): number {
  return 1 + Math.floor(text.length / charactersPerPart)
}

/** Throws a `Failure` without a place if there are too many parts or levels. */
export function checkExtent(size: number, depth: number): void {
  if (size > largestSize) {
    throw new Failure(
      error('lang/too-large', 'Value too large', {
        detail: `This value would have more than ${largestSize} parts, counting those that it repeats.`,
        help: 'Look for lists that contain another one several times, or that are combined with each other.',
      }),
    )
  }
  if (depth > deepestNesting) throw tooDeep()
}

export function tooDeep(): Failure {
  return new Failure(
    error('lang/too-deep', 'Nested too deep', {
      detail: `Lists and objects may be nested ${deepestNesting} levels deep.`,
    }),
  )
}
