import { resolve } from 'node:path'
import { error, Failure } from '../core/diagnostic.js'
import { isPostgresAddress } from '../server/postgres-address.js'

/** Where the control plane keeps its data if nobody says so, seen from the configuration folder. */
const defaultDatabase = '.rolecall/plane.db'

/** What a database is named by, where it is said at all: a file or an address of PostgreSQL; and the file of its key. */
export interface DatabaseChoice {
  readonly database?: string | undefined
  readonly keyFile?: string | undefined
}

/** Taken for a file, an address would make folders that are named after what may be a password. */
function refuseOtherAddress(named: string): void {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(named) ?? []
  if (scheme === undefined || isPostgresAddress(named)) return
  throw new Failure(
    error('app/database-unknown', 'There is no such database', {
      detail: `An address that begins with ${scheme}:// is none that the control plane can use.`,
      help: 'Write a file, such as .rolecall/plane.db, or postgres://USER@HOST:PORT/NAME.',
    }),
  )
}

/** The database of a control plane: what was chosen, else `ROLECALL_DATABASE` and `ROLECALL_KEY_FILE`, else a file of the folder. */
export function planeDatabase(
  folder: string,
  chosen: DatabaseChoice,
  env: (name: string) => string | undefined,
): { readonly database: string; readonly keyFile?: string } {
  const named = chosen.database ?? (env('ROLECALL_DATABASE') || undefined) ?? defaultDatabase
  refuseOtherAddress(named)
  const keyFile = chosen.keyFile ?? (env('ROLECALL_KEY_FILE') || undefined)
  return {
    database: isPostgresAddress(named) ? named : resolve(folder, named),
    ...(keyFile !== undefined && { keyFile: resolve(folder, keyFile) }),
  }
}
