import type { Test } from 'tap'
import type { Connection, Inputs, Plain } from '../../../src/core/resource.js'
import type { OuterproductApi } from '../../../src/providers/outerproduct/api.js'
import { provider } from '../../../src/providers/outerproduct/provider.js'
import { environment, settingsOf } from '../../fixtures/provider-inputs.js'

/** The provider, connected to what answers its requests. */
export async function connectTo(
  t: Test,
  fetch: (request: Request) => Promise<Response>,
  given: Readonly<Record<string, Plain>> = {},
): Promise<Connection<OuterproductApi>> {
  const connection = await provider.configure(
    settingsOf(provider, { access_patience_seconds: 120, ...given }),
    { ...environment, embedded: async () => ({ id: 'plane', fetch, close: async () => {} }) },
  )
  t.teardown(() => connection.close())
  return connection as Connection<OuterproductApi>
}

export const writes = { readOnly: false, snapshot: false } as const

/** A JSON answer. */
export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status })
}

/** A connector as the vendor's reference describes it: the members of other types are null. */
export function wire(more: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
    credential_name: 'lake',
    connector_type: 's3',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    verified_bucket_uri: 's3://acme-data/in/',
    verified_role_arn: 'arn:aws:iam::123456789012:role/reader',
    verified_bucket_owner_account_id: '123456789012',
    verified_account: null,
    ...more,
  }
}

export const lake: Inputs = {
  credential_name: 'lake',
  role_arn: 'arn:aws:iam::123456789012:role/reader',
  bucket_uri: 's3://acme-data/in/',
  expected_bucket_owner_account_id: '123456789012',
}
