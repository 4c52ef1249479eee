import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { globalFlags } from './shell/flags.js'
import { inSession } from './shell/session.js'

export default class Fmt extends Command {
  static override summary = 'Lay out HCL files in the canonical way.'
  static override description =
    'Rewrites files in place and lists those that it changed. Without arguments: all .hcl files of the folder. - reads stdin and writes stdout.'
  static override strict = false
  static override args = {
    paths: Args.string({ ignoreStdin: true, description: 'Files and folders, or - for stdin.' }),
  }
  static override flags = {
    check: Flags.boolean({ description: 'Write nothing; exit with 3 if a file is not in canonical layout.' }),
    diff: Flags.boolean({ description: 'Show what changes.' }),
    recursive: Flags.boolean({ description: 'Folders inside folders too.' }),
    write: Flags.boolean({ allowNo: true, default: true, description: 'Rewrite the files.' }),
    list: Flags.boolean({ allowNo: true, default: true, description: 'List the files that change.' }),
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { argv, flags } = await this.parse(Fmt)
    const paths = argv.map(String)
    return inSession(flags, {}, async (session) => {
      const { formatFiles, formatStream } = await import('./shell/formatting.js')
      const options = { ...flags, write: flags.write && !flags.check }
      return paths.length === 1 && paths[0] === '-'
        ? formatStream(session, options)
        : formatFiles(session, paths.length === 0 ? ['.'] : paths, options)
    })
  }
}
