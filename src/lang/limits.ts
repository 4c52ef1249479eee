import { error, Failure, type Span } from '../core/diagnostic.js'

/** Longer strings are refused wherever one is made (in UTF-16 units, about 10 MiB of text). */
export const longestString = 10 * 1024 * 1024

export function checkSize(length: number, span?: Span): void {
  if (length <= longestString) return
  throw new Failure(
    error('lang/too-large', 'String too long', {
      detail: `This makes a string of more than ${longestString} characters.`,
      ...(span === undefined ? {} : { span }),
    }),
  )
}
