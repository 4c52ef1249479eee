import { setTimeout as sleep } from 'node:timers/promises'
import type { IAMClient } from '@aws-sdk/client-iam'
import type { STSClient } from '@aws-sdk/client-sts'
import type { AwsAccess, AwsIdentity } from '../../aws/access.js'
import { iamClient, stsClient } from '../../aws/clients.js'
import { VaultError } from './api-error.js'
import { identityOf, type Root, storedRoot } from './root.js'
import { unsetRoot } from './root-settings.js'
import type { VaultService } from './service.js'

/** AWS in the name of a mount. */
export interface MountAws {
  /** Undefined: `config/root` was never written. */
  readonly root: Root | undefined
  iam<T>(ask: (client: IAMClient) => Promise<T>): Promise<T>
  sts<T>(ask: (client: STSClient) => Promise<T>): Promise<T>
}

/** How often a throttled request is made again if `max_retries` does not say. */
const usualRetries = 2

/** AWS as the mount's `config/root` reaches it at the moment, or as another root would. */
export async function awsOf(service: VaultService, mountId: string, instead?: Root): Promise<MountAws> {
  const root = instead ?? (await storedRoot(service, service.tables, mountId))
  const settings = root?.settings ?? unsetRoot
  const access = await service.aws()
  const identity = identityOf(root) ?? access.identity ?? oldEnvironment(access)
  const options = (region: string, endpoint: string) => ({
    ...(identity === undefined ? {} : { identity }),
    ...(region === '' ? {} : { region }),
    ...(endpoint === '' ? {} : { endpoint }),
  })
  const retries = settings.max_retries < 0 ? usualRetries : settings.max_retries
  return {
    root,
    async iam(ask) {
      const client = await iamClient(access, options(settings.region, settings.iam_endpoint))
      try {
        return await unthrottled(retries, () => ask(client))
      } finally {
        client.destroy()
      }
    },
    async sts(ask) {
      const first = [settings.sts_region || settings.region, settings.sts_endpoint] as const
      const others = (settings.sts_fallback_endpoints ?? []).map(
        (endpoint, i) => [settings.sts_fallback_regions?.[i] ?? '', endpoint] as const,
      )
      let problem: unknown
      for (const [region, endpoint] of [first, ...others]) {
        const client = await stsClient(access, options(region, endpoint))
        try {
          return await unthrottled(retries, () => ask(client))
        } catch (cause) {
          // Only an endpoint that cannot be reached is a reason to ask another.
          if (statusOf(cause) !== undefined) throw cause
          problem = cause
        } finally {
          client.destroy()
        }
      }
      throw problem
    },
  }
}

/**
 * The keys in the variables that the vendor's documentation names, which this SDK does not look at. Where nothing says otherwise
 * the SDK goes on with its own: the usual variables, shared files, the instance.
 */
function oldEnvironment({ env }: AwsAccess): AwsIdentity | undefined {
  const accessKeyId = env('AWS_ACCESS_KEY_ID') ?? env('AWS_ACCESS_KEY') ?? ''
  const secretAccessKey = env('AWS_SECRET_ACCESS_KEY') ?? env('AWS_SECRET_KEY') ?? ''
  if (accessKeyId === '' || secretAccessKey === '') return undefined
  const sessionToken = env('AWS_SESSION_TOKEN')
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
}

/** The refusal of AWS as the answer to the request that led to it: a 400, or a 502 if AWS was asked too often. */
export function refusal(prefix: string, cause: unknown): VaultError {
  return new VaultError(isThrottled(cause) ? 502 : 400, [`${prefix}${awsText(cause)}`], { cause })
}

/** What AWS said, as the vendor passes it on. */
export function awsText(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const status = statusOf(cause)
  if (status === undefined) return `RequestError: send request failed\ncaused by: ${cause.message}`
  return `${codeOf(cause)}: ${cause.message}\n\tstatus code: ${status}`
}

/** Whether AWS said that there is no such thing. */
export function isMissing(cause: unknown): boolean {
  return cause instanceof Error && codeOf(cause) === 'NoSuchEntity'
}

/** AWS's own word. The SDK names some of its errors otherwise. */
function codeOf(cause: Error): string {
  return 'Code' in cause && typeof cause.Code === 'string' ? cause.Code : cause.name
}

/** A request that AWS throttled has done nothing, so that it can be made again whatever it was. */
async function unthrottled<T>(retries: number, ask: () => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await ask()
    } catch (cause) {
      if (!isThrottled(cause) || tried >= retries) throw cause
      await sleep(Math.min(100 * 2 ** tried, 5_000))
    }
  }
}

function isThrottled(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  return (
    ['Throttling', 'ThrottlingException', 'RequestLimitExceeded', 'TooManyRequestsException'].includes(
      codeOf(cause),
    ) || statusOf(cause) === 429
  )
}

/** Of an answer of AWS; undefined: there was none. */
function statusOf(cause: unknown): number | undefined {
  if (typeof cause !== 'object' || cause === null || !('$metadata' in cause)) return undefined
  const metadata = cause.$metadata
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}
