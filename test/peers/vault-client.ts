import nodeVault from 'node-vault'
import type { Json, JsonObject } from '../../src/core/json.js'
import { startClient } from './client-calls.js'
import type { Python } from './python.js'

/** Somebody else's client of Vault, used for the AWS engine as its own users do. `mount`: the engine's path. */
export interface VaultClient {
  /** All mounts, by path with a slash at its end. */
  mounts(): Promise<JsonObject>
  tune(mount: string, settings: { readonly default_lease_ttl: string }): Promise<void>
  root(mount: string): Promise<JsonObject>
  setRoot(
    mount: string,
    accessKey: string,
    secretKey: string,
    region: string,
    maxRetries: number,
  ): Promise<void>
  lease(mount: string): Promise<JsonObject>
  setLease(mount: string, lease: string, max: string): Promise<void>
  roles(mount: string): Promise<Json>
  role(mount: string, name: string): Promise<JsonObject>
  setRole(mount: string, name: string, type: string, fields: JsonObject): Promise<void>
  deleteRole(mount: string, name: string): Promise<void>
  staticRole(mount: string, name: string): Promise<JsonObject>
  setStaticRole(mount: string, name: string, fields: JsonObject): Promise<void>
  close(): Promise<void>
}

/** node-vault knows paths, and a few calls of the system. */
export function nodeVaultClient(endpoint: string, token: string): VaultClient {
  const vault = nodeVault({ endpoint, token })
  const data = async (answer: Promise<{ readonly data: JsonObject }>) => (await answer).data
  const write = async (path: string, fields: JsonObject): Promise<void> =>
    void (await vault.write(path, fields))
  return {
    mounts: () => data(vault.mounts()),
    tune: (mount, settings) => write(`sys/mounts/${mount}/tune`, settings),
    root: (mount) => data(vault.read(`${mount}/config/root`)),
    setRoot: (mount, access_key, secret_key, region, max_retries) =>
      write(`${mount}/config/root`, { access_key, secret_key, region, max_retries }),
    lease: (mount) => data(vault.read(`${mount}/config/lease`)),
    setLease: (mount, lease, lease_max) => write(`${mount}/config/lease`, { lease, lease_max }),
    roles: async (mount) => (await data(vault.list(`${mount}/roles`))).keys ?? null,
    role: (mount, name) => data(vault.read(`${mount}/roles/${name}`)),
    setRole: (mount, name, credential_type, fields) =>
      write(`${mount}/roles/${name}`, { credential_type, ...fields }),
    deleteRole: async (mount, name) => void (await vault.delete(`${mount}/roles/${name}`)),
    staticRole: (mount, name) => data(vault.read(`${mount}/static-roles/${name}`)),
    setStaticRole: (mount, name, fields) => write(`${mount}/static-roles/${name}`, fields),
    close: async () => {},
  }
}

/** hvac has methods of its own for the AWS engine, but none for reading the root or for static roles. */
export function hvacClient(python: Python, endpoint: string, token: string): VaultClient {
  const { call, close } = startClient(python, ['hvac', endpoint, token])
  const data = async (answer: Promise<JsonObject>) => (await answer).data as JsonObject
  const quiet = async (answer: Promise<unknown>): Promise<void> => void (await answer)
  const aws = 'secrets.aws'
  return {
    mounts: () => data(call('sys.list_mounted_secrets_engines', {})),
    tune: (path, settings) => quiet(call('sys.tune_mount_configuration', { path, ...settings })),
    root: (mount) => data(call('read', { path: `${mount}/config/root` })),
    setRoot: (mount_point, access_key, secret_key, region, max_retries) =>
      quiet(
        call(`${aws}.configure_root_iam_credentials`, {
          access_key,
          secret_key,
          region,
          max_retries,
          mount_point,
        }),
      ),
    lease: (mount_point) => data(call(`${aws}.read_lease_config`, { mount_point })),
    setLease: (mount_point, lease, lease_max) =>
      quiet(call(`${aws}.configure_lease`, { lease, lease_max, mount_point })),
    roles: async (mount_point) => (await data(call(`${aws}.list_roles`, { mount_point }))).keys ?? null,
    role: (mount_point, name) => data(call(`${aws}.read_role`, { name, mount_point })),
    setRole: (mount_point, name, credential_type, fields) =>
      quiet(call(`${aws}.create_or_update_role`, { name, credential_type, ...fields, mount_point })),
    deleteRole: (mount_point, name) => quiet(call(`${aws}.delete_role`, { name, mount_point })),
    staticRole: (mount, name) => data(call('read', { path: `${mount}/static-roles/${name}` })),
    setStaticRole: (mount, name, fields) =>
      quiet(call('write_data', { path: `${mount}/static-roles/${name}`, data: fields })),
    close,
  }
}
