import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { globalFlags } from './shell/flags.js'
import { inSession } from './shell/session.js'

export default class Serve extends Command {
  static override summary = 'Run the control plane on a socket.'
  static override description =
    'Serves the same APIs that the providers speak, over a database in a file, until it is interrupted. The access log goes to stderr.'
  static override examples = ['<%= config.bin %> serve --listen 127.0.0.1:3005']
  static override flags = {
    listen: Flags.string({
      helpValue: 'HOST:PORT',
      default: '127.0.0.1:3005',
      description: 'Where to listen.',
    }),
    database: Flags.string({ helpValue: 'FILE', description: 'The database (default .rolecall/plane.db).' }),
    generation: Flags.option({
      options: ['A', 'C'] as const,
      description: 'Which generation of the Trifacta API to speak.',
    })(),
    aws: Flags.string({
      helpValue: 'AWS',
      description: 'The AWS behind it: real (the default, by the settings of the AWS SDK) or sandbox:FILE.',
    }),
    'aws-listen': Flags.string({
      helpValue: 'HOST:PORT',
      description: 'Where the sandbox listens for other clients of AWS.',
    }),
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(Serve)
    return inSession(flags, {}, async (session) => {
      const { startServer } = await import('../app.js')
      const { stop, cwd, now, env } = session.ambient
      const { database, generation, aws, 'aws-listen': awsListen } = flags
      const server = await startServer({
        folder: cwd,
        listen: flags.listen,
        stop,
        now,
        log: (line) => session.terminal.err(`${line}\n`),
        ...(database !== undefined && { database }),
        ...(generation !== undefined && { generation }),
        env: (name) => env[name],
        ...(aws !== undefined && { aws }),
        ...(awsListen !== undefined && { awsListen }),
      })
      const { url, awsUrl } = server
      session.out(
        session.json
          ? `${JSON.stringify({ url, ...(awsUrl !== undefined && { awsUrl }) })}\n`
          : `Listening on ${url}\n${awsUrl === undefined ? '' : `AWS on ${awsUrl}\n`}Stop it with Ctrl-C.\n`,
      )
      await new Promise<void>((resolve) => {
        if (stop.aborted) resolve()
        else stop.addEventListener('abort', () => resolve(), { once: true })
      })
      await server.close()
      return 0
    })
  }
}
