import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { warning } from '../core/diagnostic.js'
import { seconds } from '../core/duration.js'
import { UsageError } from './shell/argv.js'
import { globalFlags, variableFlags, variablesOf } from './shell/flags.js'
import { inSession, inWorkspace } from './shell/session.js'

export default class Creds extends Command {
  static override summary = 'Get AWS credentials from a Vault role.'
  static override description =
    'Prints credentials in the form that the AWS CLI and SDKs expect of a credential_process, or as lines for a shell. They are printed on stdout and kept nowhere. Each call makes new ones, except for a static role, which has one key.'
  static override examples = [
    '<%= config.bin %> creds vault_aws_role.ci',
    '<%= config.bin %> creds aws/ci --ttl=15m',
    'eval "$(<%= config.bin %> creds aws/ci --export)"',
    'credential_process = <%= config.bin %> --chdir=/srv/access creds aws/ci',
  ]
  static override args = {
    role: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'The address of a role in the state, or its path: MOUNT/ROLE, or MOUNT/static-roles/ROLE.',
    }),
  }
  static override flags = {
    export: Flags.boolean({ description: 'Print lines for a shell: export AWS_ACCESS_KEY_ID=…' }),
    'role-arn': Flags.string({
      helpValue: 'ARN',
      description: 'The AWS role to assume, where the Vault role allows several.',
    }),
    'session-name': Flags.string({
      helpValue: 'NAME',
      description: 'What AWS calls the session of a role that is assumed: AWS logs it.',
    }),
    'mfa-code': Flags.string({
      helpValue: 'CODE',
      description: 'The code that the MFA device of the Vault role shows.',
    }),
    ttl: Flags.string({ helpValue: 'DURATION', description: 'How long they are to live, such as 15m.' }),
    wait: Flags.boolean({
      default: true,
      allowNo: true,
      description:
        'Wait until AWS accepts the new key of an IAM user, 30 seconds at most. Sessions of roles count at once.',
    }),
    provider: Flags.string({
      helpValue: 'NAME',
      description: 'The provider to ask, such as vault.eu, where a path alone leaves several.',
    }),
    ...variableFlags,
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { args, flags, raw } = await this.parse(Creds)
    if (flags.export && flags.json) throw new UsageError('--export and --json exclude each other.')
    const ttl = flags.ttl === undefined ? undefined : seconds(flags.ttl)
    if (flags.ttl !== undefined && (ttl === undefined || ttl < 1))
      throw new UsageError(`--ttl ${JSON.stringify(flags.ttl)} is not a duration: write it like 15m or 1h.`)
    const { provider, 'role-arn': roleArn, 'session-name': sessionName, 'mfa-code': mfaCode } = flags
    if (mfaCode !== undefined && !/^\d{6}$/.test(mfaCode))
      throw new UsageError('--mfa-code is the six digits that the device shows.')
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const issued = await workspace.issue(args.role, {
          variables: variablesOf(raw),
          wait: flags.wait,
          ...(roleArn !== undefined && { roleArn }),
          ...(sessionName !== undefined && { sessionName }),
          ...(mfaCode !== undefined && { mfaCode }),
          ...(ttl !== undefined && { ttl: Math.floor(ttl) }),
          ...(provider !== undefined && { provider }),
        })
        if (issued.remark !== undefined)
          session.tell(
            [
              warning('commands/credentials', 'The credentials are not as was asked for', {
                detail: issued.remark,
              }),
            ],
            new Map(),
          )
        if (issued.unproven !== undefined)
          session.tell(
            [
              warning('commands/unproven-credentials', 'The credentials may not work yet', {
                detail: issued.unproven,
              }),
            ],
            new Map(),
          )
        const { credentialProcessJson, exportLines } = await import('../views/aws-credentials.js')
        session.out(flags.export ? exportLines(issued) : `${credentialProcessJson(issued)}\n`)
        return 0
      }),
    )
  }
}
