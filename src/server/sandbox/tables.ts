import type { Kysely } from 'kysely'
import type { SchemaSteps } from '../schema-steps.js'
import type { Tables } from '../tables.js'

/** What the sandbox keeps: users and what belongs to them, and objects. The rest of its AWS is in the fixture. */
export type SandboxTables = {
  readonly sandbox_declared: { name: string; hash: string }
  readonly sandbox_users: UserTable
  readonly sandbox_user_policies: { user_id: string; name: string; document: string }
  readonly sandbox_attached_policies: { user_id: string; arn: string }
  readonly sandbox_memberships: { user_id: string; group_arn: string }
  readonly sandbox_tags: { user_id: string; name: string; value: string }
  readonly sandbox_keys: KeyTable
  readonly sandbox_objects: ObjectTable
}

export interface UserTable {
  /** `AIDA…`. */
  id: string
  account: string
  name: string
  path: string
  arn: string
  boundary: string | null
  created_at: string
}

export interface KeyTable {
  /** `AKIA…`. */
  id: string
  user_id: string
  nonce: Uint8Array
  sealed: Uint8Array
  status: string
  created_at: string
}

export interface ObjectTable {
  bucket: string
  name: string
  body: Uint8Array
  content_type: string
  etag: string
  modified_at: string
}

/** The database, or a transaction in it. */
export type Store = Kysely<Tables & SandboxTables>

export const sandboxSteps: SchemaSteps = {
  name: 'sandbox',
  steps: [
    [
      'create table sandbox_declared (name text primary key, hash text not null)',
      `create table sandbox_users (id text primary key, account text not null, name text not null {nocase},
        path text not null, arn text not null, boundary text, created_at text not null, unique (account, name))`,
      `create table sandbox_user_policies (user_id text not null, name text not null, document text not null,
        primary key (user_id, name))`,
      'create table sandbox_attached_policies (user_id text not null, arn text not null, primary key (user_id, arn))',
      'create table sandbox_memberships (user_id text not null, group_arn text not null, primary key (user_id, group_arn))',
      `create table sandbox_tags (user_id text not null, name text not null, value text not null,
        primary key (user_id, name))`,
      `create table sandbox_keys (id text primary key, user_id text not null, nonce {bytes} not null,
        sealed {bytes} not null, status text not null, created_at text not null)`,
      'create index sandbox_keys_of_user on sandbox_keys (user_id)',
      `create table sandbox_objects (bucket text not null, name text not null, body {bytes} not null,
        content_type text not null, etag text not null, modified_at text not null, primary key (bucket, name))`,
    ],
  ],
}
