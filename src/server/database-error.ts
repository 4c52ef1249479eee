/** The code of an SQLite error, such as `SQLITE_NOTADB`; undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  const code = codeOf(error)
  return code?.startsWith('SQLITE_') ? code : undefined
}

/** Whether the database could not be asked, or not in time. Asking again later is right: what a service says with a 503. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'SQLITE_BUSY' || code === lockNotAvailable || isConnectionLost(error)
}

/** What PostgreSQL says when a lock was not given in time. */
export const lockNotAvailable = '55P03'

const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // The server of a socket in the file system is gone.
  'ENOENT',
  // The server is being stopped, has crashed, is starting, or has no connection left.
  '57P01',
  '57P02',
  '57P03',
  '53300',
])

/** Whether an error says that there is no connection to PostgreSQL, or not any longer. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== undefined) return lostCodes.has(code) || /^08[0-9A-Z]{3}$/.test(code)
  // The client library gives these no code.
  return (
    error instanceof Error &&
    /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/.test(
      error.message,
    )
  )
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
