import type { Members } from './body.js'
import type { Verified } from './connectors.js'

/**
 * The members of a new Snowflake connector. The vendor sends `SELECT 1` to the warehouse. This plane has none and reaches out
 * to nobody's: it checks the form and drops the password.
 */
export function readSnowflake(members: Members): Verified {
  members.literal('connector_type', 'snowflake')
  members.text('username')
  members.text('password')
  return {
    name: members.text('credential_name'),
    type: 'snowflake',
    target: {
      account: members.text('account'),
      warehouse: members.nullable('warehouse'),
      database: members.text('database'),
      schema_name: members.text('schema_name'),
    },
  }
}

/** The members of a new Databricks connector: as for Snowflake, the form is checked and the token dropped. */
export function readDatabricks(members: Members): Verified {
  members.literal('connector_type', 'databricks')
  members.text('access_token')
  return {
    name: members.text('credential_name'),
    type: 'databricks',
    target: {
      server_hostname: members.text('server_hostname'),
      http_path: members.text('http_path'),
      catalog: members.nullable('catalog'),
      schema_name: members.nullable('schema_name'),
    },
  }
}
