import * as Flags from '@oclif/core/flags'

/** Which control plane. */
export const planeFlags = {
  database: Flags.string({
    helpValue: 'FILE|postgres://…',
    description:
      'The database: a file, or an address of PostgreSQL (default: ROLECALL_DATABASE, else .rolecall/plane.db).',
  }),
  'key-file': Flags.string({
    helpValue: 'FILE',
    description:
      'The key that its secrets are sealed with (default: ROLECALL_KEY_FILE, else beside the database file; PostgreSQL needs one).',
  }),
}

interface PlaneFlags {
  readonly database?: string | undefined
  readonly 'key-file'?: string | undefined
}

/** The options of the application that the flags stand for. */
export function planeChoice(flags: PlaneFlags): { readonly database?: string; readonly keyFile?: string } {
  const { database, 'key-file': keyFile } = flags
  return { ...(database !== undefined && { database }), ...(keyFile !== undefined && { keyFile }) }
}
