import type { Kysely, Transaction } from 'kysely'
import type { SchemaSteps } from '../schema-steps.js'
import type { Tables } from '../tables.js'

/** What the Vault API keeps. Times are ISO 8601 text, durations seconds if nothing else is said, flags 0 or 1. */
export type VaultTables = {
  readonly vault_mounts: MountTable
  readonly vault_roots: RootTable
  readonly vault_roles: RoleTable
  readonly vault_static_roles: StaticRoleTable
  readonly vault_leases: LeaseTable
  readonly vault_tokens: TokenTable
  readonly vault_remounts: RemountTable
  readonly vault_key_changes: KeyChangeTable
}

export interface MountTable {
  /** Random, the vendor's `uuid`. */
  id: string
  /** `ns1/ns2`; empty: the root namespace. */
  namespace: string
  /** Without slashes at its ends. */
  path: string
  accessor: string
  /** A JSON object: see `MountSettings`. */
  settings: string
  /** Nanoseconds, as `config/lease` was told them; null: never set. */
  lease: number | null
  lease_max: number | null
}

export interface RootTable {
  mount_id: string
  /** A JSON object: see `RootSettings`. */
  settings: string
  /** The secret key, sealed. */
  nonce: Bytes
  sealed: Bytes
}

export interface RoleTable {
  mount_id: string
  name: string
  /** A JSON object: see `RoleSettings`. */
  settings: string
}

export interface StaticRoleTable {
  mount_id: string
  name: string
  username: string
  /** AWS's id of the user, which tells it from a later one of the same name. */
  user_id: string
  rotation_period: number
  next_rotation_at: string
  access_key: string
  nonce: Bytes
  sealed: Bytes
}

/**
 * A lease, or credentials on their way to be one. Its row is written before the first request to AWS and goes after the last,
 * so that whatever dies in between leaves word of what has to be cleaned up.
 */
export interface LeaseTable {
  id: string
  mount_id: string
  /** The IAM user made for it; null: temporary credentials, which end by themselves. */
  username: string | null
  /** `issuing`: AWS is being asked, nobody has the credentials yet. `revoking`: nobody may use them any longer. */
  state: 'issuing' | 'live' | 'revoking'
  /** The child token that asked; null: another. */
  token: string | null
  issued_at: string
  expires_at: string
  last_renewal: string | null
  /** Whose work it is while it is not live: see `owner.ts`. */
  owner: string
  /** From when on no request to make the user can be under way any longer. */
  settled_at: string
  /** When cleaning up is tried again. */
  retry_at: string
  attempts: number
  /** What AWS said when it refused to clean up. */
  problem: string | null
}

export interface TokenTable {
  /** SHA-256 of the token, in hexadecimal digits. */
  hash: string
  accessor: string
  display_name: string
  /** A JSON list of strings. */
  policies: string
  created_at: string
  /** Null: never. */
  expires_at: string | null
  ttl: number
  renewable: number
  /** The token whose child this is, sealed: a child may do what its parent may at the moment. Empty for nobody's. */
  nonce: Bytes
  sealed: Bytes
}

export interface RemountTable {
  id: string
  namespace: string
  source: string
  target: string
  status: 'in-progress' | 'success' | 'failure'
  created_at: string
}

/** An access key that is being replaced: what to clean up if whoever does it dies. */
export interface KeyChangeTable {
  id: string
  mount_id: string
  username: string
  /** A JSON list: the keys that the user had before, which are not to be touched. */
  known: string
  started_at: string
  /** The key that goes at the end; null: none, or not decided. */
  retired: string | null
  owner: string
}

type Bytes = Uint8Array | ArrayBuffer

/** The whole database, as the Vault API sees it. */
export type VaultDatabase = Kysely<Tables & VaultTables>

/** A write: all of it happens, or nothing. */
export type VaultWrite = Transaction<Tables & VaultTables>

export const vaultSteps: SchemaSteps = {
  name: 'vault',
  steps: [
    [
      `create table vault_mounts (
        id text primary key, namespace text not null, path text not null, accessor text not null, settings text not null,
        lease double precision, lease_max double precision)`,
      'create unique index vault_mounts_path on vault_mounts (namespace, path)',
      `create table vault_roots (
        mount_id text primary key, settings text not null, nonce {bytes} not null, sealed {bytes} not null)`,
      `create table vault_roles (
        mount_id text not null, name text not null, settings text not null, primary key (mount_id, name))`,
      `create table vault_static_roles (
        mount_id text not null, name text not null, username text not null, user_id text not null,
        rotation_period integer not null, next_rotation_at text not null, access_key text not null,
        nonce {bytes} not null, sealed {bytes} not null, primary key (mount_id, name))`,
      'create index vault_static_roles_due on vault_static_roles (next_rotation_at)',
      `create table vault_leases (
        id text primary key, mount_id text not null, username text, state text not null, token text,
        issued_at text not null, expires_at text not null, last_renewal text, owner text not null,
        settled_at text not null, retry_at text not null, attempts integer not null, problem text)`,
      'create index vault_leases_due on vault_leases (state, expires_at)',
      'create index vault_leases_mount on vault_leases (mount_id)',
      `create table vault_tokens (
        hash text primary key, accessor text not null, display_name text not null, policies text not null,
        created_at text not null, expires_at text, ttl integer not null, renewable integer not null,
        nonce {bytes} not null, sealed {bytes} not null)`,
      `create table vault_remounts (
        id text primary key, namespace text not null, source text not null, target text not null, status text not null,
        created_at text not null)`,
      `create table vault_key_changes (
        id text primary key, mount_id text not null, username text not null, known text not null,
        started_at text not null, retired text, owner text not null)`,
    ],
  ],
}
