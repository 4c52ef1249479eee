import type { AwsAccess, AwsIdentity } from './access.js'
import { ask, type Patience } from './ask.js'
import { stsClient } from './clients.js'

/** Milliseconds for which it is worth waiting. It is mostly less than ten seconds. */
const settling = 30_000
const between = 1_000

/**
 * Waits until AWS accepts the key of a user, which IAM tells all of AWS about only after a while. Returns why that is not known
 * in a sentence; undefined: it does.
 */
export async function awaitKeys(
  identity: AwsIdentity,
  access: AwsAccess,
  { now, ...patience }: Patience & { now(): Date },
): Promise<string | undefined> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts')
  const client = await stsClient(access, { identity })
  try {
    const end = now().getTime() + settling
    for (;;) {
      const asked = await ask(() => client.send(new GetCallerIdentityCommand({})), patience)
      if ('answer' in asked) return undefined
      const { code, foreign } = asked.refusal
      if (code !== 'InvalidClientTokenId')
        return `It could not be tried whether AWS knows the access key by now (${foreign ? 'what answers is not AWS' : code}). A new one takes some seconds.`
      if (now().getTime() + between > end)
        return `AWS does not know the access key yet, ${settling / 1000} s after it was made. It may still come to; if not, check that AWS_REGION is in the partition of the key.`
      await patience.sleep(between)
    }
  } finally {
    client.destroy()
  }
}
