import { type OuterproductApi, paths } from './api.js'
import { requiredText } from './wire.js'

/** Who assumes the roles of the organisation, and under which external id. */
export interface AwsSetup {
  readonly principal: string
  readonly externalId: string
}

/** Reads the set-up; a walk asks once. */
export function readSetup(api: OuterproductApi): Promise<AwsSetup> {
  if (!api.keep) return fetchSetup(api)
  api.kept.setup ??= fetchSetup(api)
  return api.kept.setup
}

async function fetchSetup(api: OuterproductApi): Promise<AwsSetup> {
  const doing = "reading the account's AWS set-up"
  const { body, reading } = await api.send({ method: 'GET', path: paths.setup, doing, accept: [200] })
  return {
    principal: requiredText(body, 'principal_arn', reading),
    externalId: requiredText(body, 'external_id', reading),
  }
}
