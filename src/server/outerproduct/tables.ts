import type { SchemaSteps } from '../schema-steps.js'

/** What this part of the database holds. No secret is among it: what is sent to prove an access is used, and dropped. */
export type OuterproductTables = {
  readonly outerproduct_organisation: {
    /** Demanded of every role, the same for all users. */
    external_id: string
  }
  readonly outerproduct_connectors: ConnectorTable
}

export interface ConnectorTable {
  id: string
  /** The user, by the name of the grant. Names are unique for each. */
  owner: string
  credential_name: string
  connector_type: ConnectorType
  /** The `verified_*` members, as JSON. */
  verified: string
  created_at: string
  updated_at: string
}

export type ConnectorType = 's3' | 'snowflake' | 'databricks'

export const outerproductSteps: SchemaSteps = {
  name: 'outerproduct',
  steps: [
    [
      'create table outerproduct_organisation (external_id text not null)',
      `create table outerproduct_connectors (
        id text primary key,
        owner text not null,
        credential_name text not null,
        connector_type text not null,
        verified text not null,
        created_at text not null,
        updated_at text not null)`,
      'create unique index outerproduct_connectors_name on outerproduct_connectors (owner, credential_name)',
    ],
  ],
}
