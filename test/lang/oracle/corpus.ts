import { readFileSync } from 'node:fs'

export interface Answer {
  /** JSON text, or null where the expression is a mistake. */
  readonly json: string | null
  /** What the console prints, for part of the expressions. */
  readonly text?: string
}

export interface Recorded {
  readonly terraform: string
  readonly answers: Readonly<Record<string, Answer>>
}

export const expressionsFile = 'test/lang/oracle/expressions.json'
export const answersFile = 'test/golden/oracle/expressions.json'

/** Expressions by topic. Add one, then run `node dist/test/lang/oracle/record.js`. */
export function readExpressions(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(JSON.parse(readFileSync(expressionsFile, 'utf8')) as Record<string, string[]>),
  )
}

export function readAnswers(): Recorded {
  return JSON.parse(readFileSync(answersFile, 'utf8')) as Recorded
}

/** Of how many expressions one is asked again for the console's text: each question costs a start of the program. */
export const askedForText = 8
