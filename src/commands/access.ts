import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { UsageError } from './shell/argv.js'
import { globalFlags, parallelismFlags, variableFlags, variablesOf } from './shell/flags.js'
import { inSession, inWorkspace } from './shell/session.js'

export default class Access extends Command {
  static override summary = 'Show who reaches which data.'
  static override description =
    'Every way from a person, or whatever else holds an access, over its configuration to a role (or a key) and a bucket, through all systems, as the services have it now. Only objects that are managed here are seen. Where a role names no bucket, its policies in AWS decide which it leads to: such a way is shown with any bucket that is asked for, and marked.'
  static override examples = [
    '<%= config.bin %> access',
    '<%= config.bin %> access --bucket acme-finance',
    '<%= config.bin %> access --person ada@example.com --table',
    '<%= config.bin %> access --role wrangle-ada --json',
  ]
  static override flags = {
    bucket: Flags.string({ helpValue: 'NAME', description: 'Only ways that lead to this bucket.' }),
    role: Flags.string({
      helpValue: 'ARN',
      description: 'Only ways by this role: its ARN, or its name in IAM or Vault.',
    }),
    person: Flags.string({
      helpValue: 'NAME',
      description:
        'Only ways that lead through this person or other object: an e-mail address, a name or an address.',
    }),
    table: Flags.boolean({ description: 'A line for each way, instead of a tree.', exclusive: ['json'] }),
    refresh: Flags.boolean({
      default: true,
      allowNo: true,
      description: 'Ask the services; --no-refresh or --refresh=false goes by what is recorded.',
    }),
    ...variableFlags,
    ...parallelismFlags,
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { flags, raw } = await this.parse(Access)
    const { role, person, parallelism } = flags
    const bucket = flags.bucket === undefined ? undefined : bucketOf(flags.bucket)
    const filter = {
      ...(bucket !== undefined && { bucket }),
      ...(role !== undefined && { role }),
      ...(person !== undefined && { holder: person }),
    }
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const paths = await workspace.access({
          ...filter,
          variables: variablesOf(raw),
          refresh: flags.refresh,
          ...(parallelism !== undefined && { parallelism }),
        })
        if (session.json) {
          const [{ accessJson }, { jsonText }] = await Promise.all([
            import('../views/access-json.js'),
            import('../views/json-text.js'),
          ])
          session.out(`${jsonText(accessJson(paths), 2)}\n`)
        } else {
          const { accessTable, accessTree } = await import('../views/access-text.js')
          session.out((flags.table ? accessTable : accessTree)(paths, session.terminal.outStyle))
        }
        return 0
      }),
    )
  }
}

/** A name, or the URI of a bucket as it is shown. */
function bucketOf(text: string): string {
  const name = /^(?:s3:\/\/)?([a-zA-Z0-9._-]+)(?:\/.*)?$/.exec(text)?.[1]
  if (name === undefined)
    throw new UsageError(`--bucket ${JSON.stringify(text)} is not the name of a bucket.`)
  return name
}
