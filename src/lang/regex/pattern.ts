/** A regular expression in RE2's syntax, parsed. */
export type Pattern =
  | { readonly kind: 'empty' }
  | { readonly kind: 'character'; readonly test: (codePoint: number) => boolean }
  | { readonly kind: 'assertion'; readonly what: Assertion }
  | { readonly kind: 'capture'; readonly index: number; readonly body: Pattern }
  | { readonly kind: 'sequence'; readonly items: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly options: readonly Pattern[] }
  | {
      readonly kind: 'repeat'
      readonly body: Pattern
      readonly min: number
      /** Infinity without a limit. */
      readonly max: number
      readonly greedy: boolean
    }

export type Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word-edge' | 'no-word-edge'

/** What is wrong with a pattern, as part of a sentence. */
export class PatternError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PatternError'
  }
}
