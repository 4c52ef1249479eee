import type { AwsAccess } from '../aws/access.js'
import type { Settings } from '../core/configuration.js'
import { error, Failure } from '../core/diagnostic.js'

/** The AWS of a folder: behind its embedded control plane, and what `probe` and `creds` ask. Opened when it is first needed. */
export interface AwsSource {
  /** What the `rolecall` block says, once it is read. */
  declare(setting: Settings['aws']): void
  open(): Promise<AwsAccess>
  close(): Promise<void>
}

export interface AwsPlace {
  readonly folder: string
  env(name: string): string | undefined
  now(): Date
}

export function awsSource(place: AwsPlace): AwsSource {
  let declared: Settings['aws']
  let opened: Promise<AwsAccess> | undefined
  return {
    declare(setting) {
      declared = setting
    },
    open() {
      opened ??= openAws(declared, place)
      return opened
    },
    async close() {},
  }
}

async function openAws(setting: Settings['aws'], { env }: AwsPlace): Promise<AwsAccess> {
  // The SDK tells users of Node 20 to upgrade. Which SDK is used is not their choice.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  if (setting === undefined || setting.text === 'real') return { env }
  throw new Failure(
    error('app/aws-unknown', 'There is no such AWS', {
      detail: `${JSON.stringify(setting.text)} is not an AWS that Rolecall knows.`,
      help: 'Leave aws out for the real one, by the settings of the AWS SDK.',
      span: setting.span,
    }),
  )
}
