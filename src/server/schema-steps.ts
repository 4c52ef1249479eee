/**
 * The tables of one part of a plane, as the statements that lead from each version to the next: the version of a part is how
 * many steps it has taken. A published step is never edited, only followed by another. Statements are plain SQL, but for what
 * the databases write differently: `{id}` (a number that the database gives), `{bytes}` and `{nocase}` (after a text column).
 */
export interface SchemaSteps {
  readonly name: string
  readonly steps: readonly (readonly string[])[]
}

/** How a database writes what they write differently. */
export interface SqlWords {
  readonly id: string
  readonly bytes: string
  readonly nocase: string
}

export const sqliteWords: SqlWords = {
  id: 'integer primary key autoincrement',
  bytes: 'blob',
  nocase: 'collate nocase',
}

export function inWords(statement: string, words: SqlWords): string {
  return statement
    .replaceAll('{id}', words.id)
    .replaceAll('{bytes}', words.bytes)
    .replaceAll('{nocase}', words.nocase)
}
