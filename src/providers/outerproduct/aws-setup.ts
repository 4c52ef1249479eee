import { type OuterproductApi, paths } from './api.js'
import { requiredText } from './wire.js'

/** Who assumes the roles of the organisation, and under which external id. */
export async function readSetup(
  api: OuterproductApi,
): Promise<{ readonly principal: string; readonly externalId: string }> {
  const doing = "reading the account's AWS set-up"
  const { body } = await api.send({ method: 'GET', path: paths.setup, doing, accept: [200] })
  return {
    principal: requiredText(body, 'principal_arn', doing),
    externalId: requiredText(body, 'external_id', doing),
  }
}
