import { connectorType } from './connector.js'

export const snowflakeConnector = connectorType({
  word: 'snowflake',
  verified: {
    account: 'account',
    database: 'database',
    schema_name: 'schema_name',
    warehouse: 'warehouse',
  },
  experimental: true,
})

export const databricksConnector = connectorType({
  word: 'databricks',
  verified: {
    server_hostname: 'server_hostname',
    http_path: 'http_path',
    catalog: 'catalog',
    schema_name: 'schema_name',
  },
  experimental: true,
})
