import type { RawBuilder } from 'kysely'
import { sql } from '../query-builder.js'

/**
 * Whether a person has this e-mail address, in whatever case. Only the letters A to Z are the same in both cases, because that
 * is what `lower` knows in every database.
 * No address has a NUL in it, which PostgreSQL does not even take to look for.
 */
export function hasEmail(email: string): RawBuilder<boolean> {
  if (email.includes('\0')) return sql<boolean>`1 = 0`
  return sql<boolean>`lower(trifacta_people.email) = ${email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())}`
}
