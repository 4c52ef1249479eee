import type { Sample, Story } from './sample.js'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/
const path = '/outerproduct/v1/connectors/s3'

const request = {
  credential_name: 'lake',
  role_arn: 'arn:aws:iam::111122223333:role/data/analytics',
  bucket_uri: 's3://acme-shared/reports/',
  expected_bucket_owner_account_id: '111122223333',
  connector_type: 's3',
}

/** The page is made from types: all values are placeholders, and it fills what belongs to other connectors. */
const others = 'it belongs to another type of connector'
const corrected: Sample['corrected'] = {
  connector_type: ['it is required, and forgotten in the print', 's3'],
  credential_name: ['a placeholder', request.credential_name],
  verified_bucket_uri: ['a placeholder', request.bucket_uri],
  verified_role_arn: ['a placeholder', request.role_arn],
  verified_bucket_owner_account_id: ['a placeholder', request.expected_bucket_owner_account_id],
  verified_account: [others, null],
  verified_warehouse: [others, null],
  verified_database: [others, null],
  verified_schema_name: [others, null],
  verified_server_hostname: [others, null],
  verified_http_path: [others, null],
  verified_catalog: [others, null],
}

/** A connector as the vendor prints it. */
export const printedConnector = {
  id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  credential_name: '<string>',
  created_at: '<string>',
  updated_at: '<string>',
  verified_bucket_uri: '<string>',
  verified_role_arn: '<string>',
  verified_bucket_owner_account_id: '<string>',
  verified_account: '<string>',
  verified_warehouse: '<string>',
  verified_database: '<string>',
  verified_schema_name: '<string>',
  verified_server_hostname: '<string>',
  verified_http_path: '<string>',
  verified_catalog: '<string>',
}

/** The page about creating an S3 connector. */
export const createPage: Story = {
  name: 'the page about creating an S3 connector',
  // The vendor's user, whom the role lets in with this id.
  aws: { as: 'vendor', externalId: 'acme-42' },
  samples: [
    {
      name: 'the sample request as it is printed breaks its own patterns',
      method: 'POST',
      path,
      body: {
        credential_name: '<string>',
        role_arn: '<string>',
        bucket_uri: '<string>',
        expected_bucket_owner_account_id: '<string>',
        connector_type: 's3',
      },
      status: 422,
      told: {
        detail: [
          { loc: ['body', 'bucket_uri'] },
          { loc: ['body', 'role_arn'] },
          { loc: ['body', 'expected_bucket_owner_account_id'] },
        ],
      },
    },
    {
      name: 'the sample request with values',
      method: 'POST',
      path,
      body: request,
      status: 200,
      printed: printedConnector,
      corrected,
      generated: { id: uuid, created_at: time, updated_at: time },
    },
  ],
}

export const outerproductStories = [createPage]
