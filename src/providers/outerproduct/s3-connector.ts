import { parseBucketUri } from '../../core/bucket-uri.js'
import { textOf } from '../inputs.js'
import { readSetup } from './aws-setup.js'
import { connectorType } from './connector.js'

/** A connector to a bucket, by a role. It has no secret: every input reads back. */
export const s3Connector = connectorType(
  {
    word: 's3',
    verified: {
      role_arn: 'role_arn',
      bucket_uri: 'bucket_uri',
      expected_bucket_owner_account_id: 'bucket_owner_account_id',
    },
    experimental: false,
  },
  {
    async access(api, attributes) {
      const role = textOf(attributes.role_arn)
      const place = parseBucketUri(textOf(attributes.bucket_uri) ?? '')
      const owner = textOf(attributes.expected_bucket_owner_account_id)
      if (role === null || place === undefined) return []
      const { principal, externalId } = await readSetup(api)
      return [{ role, externalId, ...place, ...(owner !== null && { owner }), assumedBy: principal }]
    },
  },
)
