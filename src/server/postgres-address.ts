import { error, Failure } from '../core/diagnostic.js'

/** Whether a database is named by an address of PostgreSQL, and not by a file. */
export function isPostgresAddress(text: string): boolean {
  return /^postgres(ql)?:\/\//i.test(text)
}

/** An address as messages may show it: without the password, and without the parameters, which may hold one. */
export function shownAddress(address: string): string {
  const url = parsed(address)
  url.password = ''
  url.search = ''
  url.hash = ''
  return url.href
}

function parsed(address: string): URL {
  try {
    return new URL(address)
  } catch {
    // Its own error has the whole address in it, and with it the password.
    throw new Failure(
      error('server/database-address', 'the address of the database is not right', {
        detail:
          'What stands behind postgres:// cannot be read. It is not shown, because it may hold a password.',
        help: 'Write postgres://USER@HOST:PORT/NAME, with %-escapes for characters such as @, / and # in a name or password.',
      }),
    )
  }
}
