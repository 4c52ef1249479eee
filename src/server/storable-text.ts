/**
 * Whether the databases keep a text as it was sent: SQLite ends one at its first NUL, PostgreSQL refuses it, and half a surrogate
 * pair is replaced.
 */
export function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text)
}
