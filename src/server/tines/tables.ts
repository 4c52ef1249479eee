import type { Generated } from 'kysely'
import type { SchemaSteps } from '../schema-steps.js'

/** What the Tines part of a plane holds. Times are ISO 8601 text, flags 0 or 1, lists and objects JSON text. */
export type TinesTables = {
  readonly tines_teams: TeamTable
  readonly tines_folders: FolderTable
  readonly tines_credentials: CredentialTable
  readonly tines_inputs: InputTable
}

export interface TeamTable {
  id: Generated<number>
  name: string
  /** 1 for the one team that the plane starts with, where everything goes whose team does not exist. */
  is_personal: number
  /** Shared by the team's credentials that ask for it; made when the first one does. */
  static_external_id: string | null
  created_at: string
}

export interface FolderTable {
  id: Generated<number>
  name: string
  content_type: string
  team_id: number
  parent_folder_id: number | null
  created_at: string
}

export interface CredentialTable {
  id: Generated<number>
  name: string
  mode: string
  team_id: number
  folder_id: number | null
  read_access: string
  shared_team_slugs: string
  description: string
  metadata: string
  allowed_hosts: string
  aws_authentication_type: string | null
  /** The credential's own; kept while the static one of its team is used. Null for other modes than AWS. */
  external_id: string | null
  use_static_external_id: number
  expires_at: string | null
  expiry_notifications_enabled: number
  recipient_user_ids: string
  test_credential_enabled: number
  created_at: string
  updated_at: string
}

/** What a mode takes and no answer ever shows: once for the credential, and once for its test twin if it has one. */
export interface InputTable {
  credential_id: number
  part: 'live' | 'test'
  nonce: Uint8Array | ArrayBuffer
  /** Authentication tag and ciphertext of a JSON object. */
  sealed: Uint8Array | ArrayBuffer
  created_at: string
  updated_at: string
}

export const tinesSteps: SchemaSteps = {
  name: 'tines',
  steps: [
    [
      `create table tines_teams (
        id {id}, name text not null, is_personal integer not null, static_external_id text, created_at text not null)`,
      `create table tines_folders (
        id {id},
        name text not null,
        content_type text not null,
        team_id integer not null,
        parent_folder_id integer,
        created_at text not null)`,
      `create table tines_credentials (
        id {id},
        name text not null,
        mode text not null,
        team_id integer not null,
        folder_id integer,
        read_access text not null,
        shared_team_slugs text not null,
        description text not null,
        metadata text not null,
        allowed_hosts text not null,
        aws_authentication_type text,
        external_id text,
        use_static_external_id integer not null,
        expires_at text,
        expiry_notifications_enabled integer not null,
        recipient_user_ids text not null,
        test_credential_enabled integer not null,
        created_at text not null,
        updated_at text not null)`,
      'create index tines_credentials_team on tines_credentials (team_id)',
      `create table tines_inputs (
        credential_id integer not null,
        part text not null,
        nonce {bytes} not null unique,
        sealed {bytes} not null,
        created_at text not null,
        updated_at text not null,
        primary key (credential_id, part))`,
    ],
    ['create unique index tines_teams_personal on tines_teams (is_personal) where is_personal = 1'],
  ],
}
