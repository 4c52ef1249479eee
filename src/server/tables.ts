import type { Generated } from 'kysely'
import type { SchemaSteps } from './schema-steps.js'

/** What the database holds. Times are ISO 8601 text, flags 0 or 1, lists JSON text. */
export interface Tables {
  readonly plane: PlaneTable
  readonly plane_parts: PlanePartTable
  readonly plane_tokens: PlaneTokenTable
  readonly trifacta_workspaces: WorkspaceTable
  readonly trifacta_people: PersonTable
  readonly trifacta_aws_configs: AwsConfigTable
  readonly trifacta_aws_roles: AwsRoleTable
  readonly trifacta_credentials: CredentialTable
}

/** One row: which plane this database is, in which version of the schema, and which key its secrets are sealed with. */
export interface PlaneTable {
  id: string
  schema_version: number
  /** A keyed hash of a constant: tells the right key file from a wrong one without giving the key away. */
  key_check: string
  created_at: string
}

/** In which version the tables of a part are. */
export interface PlanePartTable {
  name: string
  version: number
}

/** What callers show to be let in: see `tokens.ts`. */
export interface PlaneTokenTable {
  id: string
  system: string
  name: string
  /** A JSON list of strings. */
  scopes: string
  /** SHA-256 of the secret part, in hexadecimal digits. */
  hash: string
  created_at: string
  expires_at: string | null
  revoked_at: string | null
}

export interface WorkspaceTable {
  id: Generated<number>
  aws_config_id: number | null
}

export interface PersonTable {
  id: Generated<number>
  workspace_id: number
  email: string
  name: string
  sso_principal: string | null
  hadoop_principal: string | null
  is_admin: number
  is_disabled: number
  force_password_change: number
  output_home_dir: string
  file_upload_path: string
  last_login_time: string | null
  last_state_change: string | null
  /** The association stands here, on the person: a config that nobody points to is an orphan, which the vendor allows. */
  aws_config_id: number | null
  created_at: string
  updated_at: string
  deleted_at: string | null
}

export interface AwsConfigTable {
  id: Generated<number>
  credential_provider: 'default' | 'temporary'
  default_bucket: string
  /** A JSON list of strings. */
  extra_buckets: string
  external_id: string | null
  credential_id: number | null
  active_role_id: number | null
  created_at: string
  updated_at: string
  deleted_at: string | null
}

export interface AwsRoleTable {
  id: Generated<number>
  aws_config_id: number
  /** Null: the placeholder of a config that was made without a role. */
  role: string | null
  created_from: 'api' | 'idp'
  created_at: string
  updated_at: string
  deleted_at: string | null
}

export interface CredentialTable {
  id: Generated<number>
  /** 12 bytes, unique in the table: a random generator that repeats itself is refused instead of breaking the cipher. */
  nonce: Uint8Array | ArrayBuffer
  /** Authentication tag and ciphertext of a JSON object `{key, secret}`. */
  sealed: Uint8Array | ArrayBuffer
}

/** The plane itself with the Trifacta API; its version stands in `plane`. The other services have parts of their own. */
export const planeSteps: SchemaSteps = {
  name: 'plane',
  steps: [
    [
      `create table plane (
        id text not null, schema_version integer not null, key_check text not null, created_at text not null)`,
      `create table trifacta_workspaces (id {id}, aws_config_id integer)`,
      `create table trifacta_people (
        id {id},
        workspace_id integer not null,
        email text not null {nocase},
        name text not null,
        sso_principal text,
        hadoop_principal text,
        is_admin integer not null,
        is_disabled integer not null,
        force_password_change integer not null,
        output_home_dir text not null,
        file_upload_path text not null,
        last_login_time text,
        last_state_change text,
        aws_config_id integer,
        created_at text not null,
        updated_at text not null,
        deleted_at text)`,
      'create unique index trifacta_people_email on trifacta_people (email) where deleted_at is null',
      'create unique index trifacta_people_config on trifacta_people (aws_config_id) where aws_config_id is not null',
      `create table trifacta_aws_configs (
        id {id},
        credential_provider text not null,
        default_bucket text not null,
        extra_buckets text not null,
        external_id text,
        credential_id integer,
        active_role_id integer,
        created_at text not null,
        updated_at text not null,
        deleted_at text)`,
      `create table trifacta_aws_roles (
        id {id},
        aws_config_id integer not null,
        role text,
        created_from text not null,
        created_at text not null,
        updated_at text not null,
        deleted_at text)`,
      'create index trifacta_aws_roles_config on trifacta_aws_roles (aws_config_id)',
      `create table trifacta_credentials (
        id {id}, nonce {bytes} not null unique, sealed {bytes} not null)`,
    ],
    ['create table plane_parts (name text primary key, version integer not null)'],
    [
      'drop index trifacta_people_email',
      'create unique index trifacta_people_email on trifacta_people (lower(email)) where deleted_at is null',
    ],
    [
      `create table plane_tokens (
        id text primary key,
        system text not null,
        name text not null,
        scopes text not null,
        hash text not null,
        created_at text not null,
        expires_at text,
        revoked_at text)`,
    ],
  ],
}
