import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { Failure } from '../core/diagnostic.js'
import { UsageError } from './shell/argv.js'
import { globalFlags } from './shell/flags.js'
import { planeChoice, planeFlags } from './shell/plane-flags.js'
import { inSession } from './shell/session.js'

export default class Serve extends Command {
  static override summary = 'Run the control plane on a socket.'
  static override description =
    'Serves the same APIs that the providers speak, over a database, until it is interrupted. Callers show a token as soon as there is one (serve token create); other machines are let in with tokens only. The access log goes to stderr.'
  static override examples = [
    '<%= config.bin %> serve --listen 127.0.0.1:3005',
    '<%= config.bin %> serve --listen 0.0.0.0:3005 --tls-cert=plane.pem --tls-key=plane-key.pem --database=postgres://plane@db.example.com/plane --key-file=plane.key',
  ]
  static override flags = {
    listen: Flags.string({
      helpValue: 'HOST:PORT',
      default: '127.0.0.1:3005',
      description: 'Where to listen.',
    }),
    ...planeFlags,
    'tls-cert': Flags.string({
      helpValue: 'FILE',
      description:
        'The certificate, and those that lead to its authority, in PEM form. Read again on SIGHUP, if there is no terminal.',
    }),
    'tls-key': Flags.string({ helpValue: 'FILE', description: 'The key of the certificate, in PEM form.' }),
    'insecure-http': Flags.boolean({
      description: 'Let other machines connect without TLS: a proxy in front of the server speaks it.',
    }),
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
    const tls = tlsOf(flags['tls-cert'], flags['tls-key'])
    let reload = (): void => {}
    const hangup = tls === undefined ? {} : { hangup: () => reload() }
    return inSession(flags, hangup, async (session) => {
      const { startServer } = await import('../app.js')
      const { stop, cwd, env, now } = session.ambient
      const { generation, aws, 'aws-listen': awsListen } = flags
      const server = await startServer({
        folder: cwd,
        listen: flags.listen,
        insecureHttp: flags['insecure-http'],
        stop,
        env: (name) => env[name],
        now,
        log: (line) => session.terminal.err(`${line}\n`),
        ...planeChoice(flags),
        ...(tls !== undefined && { tls }),
        ...(generation !== undefined && { generation }),
        ...(aws !== undefined && { aws }),
        ...(awsListen !== undefined && { awsListen }),
      })
      reload = () =>
        void server.reloadTls().then(
          () => session.terminal.err('The files of TLS were read again.\n'),
          (cause: unknown) => {
            // What is in use goes on: a server must not end because a file is being replaced.
            if (cause instanceof Failure) session.tell(cause.diagnostics, new Map())
            else throw cause
          },
        )
      const { url, endpoints, awsUrl, asksForTokens } = server
      if (flags['insecure-http'] && tls === undefined)
        session.terminal.err(
          'Warning: tokens and secrets come to this server in clear. Only a proxy that speaks TLS should be able to connect.\n',
        )
      session.out(
        session.json
          ? `${JSON.stringify({ url, endpoints: Object.fromEntries(endpoints), asks_for_tokens: asksForTokens, ...(awsUrl !== undefined && { awsUrl }) })}\n`
          : `Listening on ${url}\n${awsUrl === undefined ? '' : `AWS on ${awsUrl}\n`}${asksForTokens ? 'Callers need a token.' : 'Callers on this machine need no token, as long as none was made.'}\n${endpointLines(endpoints)}Stop it with Ctrl-C.\n`,
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

function endpointLines(endpoints: ReadonlyMap<string, string>): string {
  const lines = [...endpoints].map(([name, endpoint]) => `  ${name.padEnd(12)}  ${endpoint}\n`)
  return `The endpoints of the providers:\n${lines.join('')}`
}

function tlsOf(cert: string | undefined, key: string | undefined) {
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) throw new UsageError('--tls-cert and --tls-key go together.')
  return { cert, key }
}
