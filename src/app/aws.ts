import { resolve } from 'node:path'
import type { AwsAccess } from '../aws/access.js'
import { error, Failure, type Span } from '../core/diagnostic.js'
import { fileReason } from '../core/file-error.js'
import { proxiedFetch } from '../http/proxied-fetch.js'
import type { Sandbox } from '../server/sandbox/sandbox.js'
import { readRegularFile } from './regular-file.js'
import { random } from './system.js'

/** Where the sandbox keeps what is made in it, seen from the configuration folder. */
const sandboxDatabase = '.rolecall/aws.db'

/** `real` or `sandbox:FILE`, and where that is said. */
type Setting = { readonly text: string; readonly span?: Span } | undefined

/** The AWS of a folder: behind its embedded control plane, and what `probe` and `creds` ask. Opened when it is first needed. */
export interface AwsSource {
  /** What the `rolecall` block or a flag says, once it is read. */
  declare(setting: Setting): void
  open(): Promise<AwsAccess>
  close(): Promise<void>
}

export interface AwsPlace {
  readonly folder: string
  env(name: string): string | undefined
  now(): Date
}

export function awsSource(place: AwsPlace): AwsSource {
  let declared: Setting
  let opened: Promise<OpenAws> | undefined
  return {
    declare(setting) {
      declared = setting
    },
    async open() {
      opened ??= openAws(declared, place)
      return (await opened).access
    },
    async close() {
      const closing = opened
      opened = undefined
      // What could not be opened has been said where it was needed.
      await closing?.then(
        ({ close }) => close(),
        () => undefined,
      )
    },
  }
}

interface OpenAws {
  readonly access: AwsAccess
  close(): Promise<void>
}

async function openAws(setting: Setting, place: AwsPlace): Promise<OpenAws> {
  const { env } = place
  // The SDK tells users of Node 20 to upgrade. Which SDK is used is not their choice.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  if (setting === undefined || setting.text === 'real') return openRealAws(env)
  const file = sandboxFile(setting.text)
  if (file === undefined) {
    throw new Failure(
      error('app/aws-unknown', 'There is no such AWS', {
        detail: `${JSON.stringify(setting.text)} is not an AWS that Rolecall knows.`,
        help: 'Write "sandbox:FILE" for one of your own, or leave aws out for the real one, by the settings of the AWS SDK.',
        ...(setting.span === undefined ? {} : { span: setting.span }),
      }),
    )
  }
  const sandbox = await openSandboxFile(file, place, setting.span)
  const { identity, externalId } = sandbox
  return {
    access: {
      env,
      answer: (request) => sandbox.fetch(request),
      ...(identity === undefined ? {} : { identity }),
      ...(externalId === undefined ? {} : { externalId }),
    },
    close: () => sandbox.close(),
  }
}

/** The AWS of the SDK's own settings. The SDK knows no proxy: where the environment names one, we carry its requests. */
function openRealAws(env: AwsPlace['env']): OpenAws {
  const hosts = ['https://sts.amazonaws.com']
  for (const name of [
    'AWS_ENDPOINT_URL',
    'AWS_ENDPOINT_URL_STS',
    'AWS_ENDPOINT_URL_S3',
    'AWS_ENDPOINT_URL_IAM',
  ])
    hosts.push(env(name) ?? '')
  const urls = hosts.filter((host) => URL.canParse(host)).map((host) => new URL(host))
  const carrier = proxiedFetch(env, urls)
  if (carrier === undefined) return { access: { env }, close: async () => {} }
  return { access: { env, carry: (request) => carrier.fetch(request) }, close: () => carrier.close() }
}

/** The file of `sandbox:FILE`; undefined for any other text. */
function sandboxFile(text: string): string | undefined {
  return /^sandbox:(.+)$/s.exec(text)?.[1]
}

/** Opens the sandbox of a fixture in the folder. `span` is where its file is named. */
async function openSandboxFile(
  file: string,
  { folder, now }: Pick<AwsPlace, 'folder' | 'now'>,
  span?: Span,
): Promise<Sandbox> {
  let fixture: string
  try {
    fixture = readRegularFile(resolve(folder, file)).toString('utf8')
  } catch (cause) {
    throw new Failure(
      error('app/aws-fixture-unreadable', 'The fixture of the AWS sandbox cannot be read', {
        detail: `${file}: ${fileReason(cause)}`,
        help: 'Name a file that declares accounts, seen from the folder of the configuration.',
        ...(span === undefined ? {} : { span }),
      }),
      { cause },
    )
  }
  const { openSandbox } = await import('../server/sandbox/sandbox.js')
  return openSandbox({ fixture, file, database: resolve(folder, sandboxDatabase), now, random })
}
