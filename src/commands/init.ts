import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from '@oclif/core/command'
import { error, Failure } from '../core/diagnostic.js'
import { fileReason } from '../core/file-error.js'
import { globalFlags } from './shell/flags.js'
import { inSession } from './shell/session.js'

export default class Init extends Command {
  static override summary = 'Begin a configuration.'
  static override description =
    'Writes a commented main.hcl that works at once, against the embedded control plane. A folder that has a configuration already is left as it is.'
  static override flags = globalFlags

  async run(): Promise<number> {
    const { flags } = await this.parse(Init)
    return inSession(flags, {}, async (session) => {
      const folder = session.ambient.cwd
      const existing = configurationFiles(folder)
      const { starter, starterFile } = await import('../views/starter.js')
      if (existing.length === 0) {
        try {
          // `wx`: a file that appears at this very moment is not overwritten either.
          writeFileSync(join(folder, starterFile), starter, { flag: 'wx' })
        } catch (cause) {
          throw unwritable(folder, cause)
        }
      }
      if (session.json) {
        session.out(`${JSON.stringify({ created: existing.length === 0 ? [starterFile] : [], existing })}\n`)
        return 0
      }
      session.out(
        existing.length === 0
          ? `Wrote ${starterFile}. It needs no account anywhere; try it:\n\n  rolecall plan\n  rolecall apply\n`
          : `There is a configuration here already (${existing.join(', ')}); it was left as it is.\nRolecall has nothing to install: go on with "rolecall plan".\n`,
      )
      return 0
    })
  }
}

function configurationFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(hcl|ya?ml)$/.test(name) && !name.startsWith('.'))
      .sort()
  } catch (cause) {
    throw unwritable(folder, cause)
  }
}

function unwritable(folder: string, cause: unknown): Failure {
  return new Failure(
    error('commands/init', 'No configuration can be begun here', {
      detail: `${folder}: ${fileReason(cause)}`,
      help: 'Choose a folder that exists and that you may write to, with --chdir=DIR.',
    }),
    { cause },
  )
}
