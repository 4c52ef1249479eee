import { setTimeout as sleep } from 'node:timers/promises'
import { whoIs } from '../../aws/probe-role.js'
import { parseArn } from '../../core/aws.js'
import type { JsonObject } from '../../core/json.js'
import { ApiError } from './api-error.js'
import type { Service } from './service.js'

/** What a customer's role must trust: who assumes it, and under which external id. */
export async function awsSetup({ context, externalId }: Service): Promise<JsonObject> {
  const who = await whoIs(undefined, await context.aws(), { sleep: (milliseconds) => sleep(milliseconds) })
  if ('end' in who)
    throw new ApiError(503, `The AWS principal is not known: ${who.end.text} ${who.end.remedy}`)
  return { principal_arn: principalOf(who.next), external_id: externalId }
}

/** A trust policy names a role, not one of its sessions, whose names change. */
function principalOf(arn: string): string {
  const { partition, service, account, resource } = parseArn(arn) ?? {}
  const role = /^assumed-role\/([^/]+)\//.exec(resource ?? '')?.[1]
  return service === 'sts' && role !== undefined ? `arn:${partition}:iam::${account}:role/${role}` : arn
}
