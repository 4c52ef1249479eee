import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { verdictOf } from '../core/probed.js'
import { UsageError } from './shell/argv.js'
import { globalFlags, parallelismFlags, probeFlags, variableFlags, variablesOf } from './shell/flags.js'
import { inSession, inWorkspace } from './shell/session.js'

export default class Probe extends Command {
  static override summary = 'Try whether accesses really work.'
  static override description =
    'For each recorded object that reaches AWS: assumes its role with its external id (or uses its keys, where they are at hand), checks who that makes us, and lists the bucket in the name of its expected owner. Writes nothing. A role is assumed with the credentials at hand, not with those of the service: that proves what the role may do, and whom it lets in only where the two are the same. Exits with 0 if all accesses work, also with warnings, and 1 if one does not.'
  static override examples = [
    '<%= config.bin %> probe',
    '<%= config.bin %> probe outerproduct_s3_connector.lake',
    '<%= config.bin %> probe --junit=probe.xml',
  ]
  static override strict = false
  static override args = {
    addresses: Args.string({ ignoreStdin: true, description: 'Only these, or the instances of these.' }),
  }
  static override flags = {
    junit: Flags.string({ helpValue: 'FILE', description: 'Also write a report in the form of JUnit.' }),
    ...probeFlags,
    ...variableFlags,
    ...parallelismFlags,
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { argv, flags, raw } = await this.parse(Probe)
    if (flags.junit === '') throw new UsageError('--junit needs the name of a file.')
    const { junit, parallelism } = flags
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const result = await workspace.probe({
          addresses: argv.map(String),
          variables: variablesOf(raw),
          confirmOwner: flags['confirm-owner'],
          untrustedOk: flags['untrusted-ok'],
          ...(parallelism !== undefined && { parallelism }),
        })
        if (session.json) {
          const [{ probeJson }, { jsonText }] = await Promise.all([
            import('../views/probe-json.js'),
            import('../views/json-text.js'),
          ])
          session.out(`${jsonText(probeJson(result), 2)}\n`)
        } else {
          const { probeText } = await import('../views/probe-text.js')
          session.out(probeText(result, session.terminal.outStyle))
        }
        if (junit !== undefined) {
          const [{ probeJunit }, { writeReport }] = await Promise.all([
            import('../views/probe-junit.js'),
            import('./shell/report-file.js'),
          ])
          writeReport(session.ambient.cwd, '--junit', junit, probeJunit(result, session.ambient.now()))
        }
        return result.accesses.some((one) => verdictOf(one) === 'error') ? 1 : 0
      }),
    )
  }
}
