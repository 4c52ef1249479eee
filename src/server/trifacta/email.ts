import { type RawBuilder, sql } from 'kysely'

/**
 * Whether a person has this e-mail address, in whatever case. Only the letters A to Z are the same in both cases, because that
 * is what `lower` knows in every database.
 */
export function hasEmail(email: string): RawBuilder<boolean> {
  return sql<boolean>`lower(trifacta_people.email) = ${email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())}`
}
