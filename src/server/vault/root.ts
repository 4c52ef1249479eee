import type { AwsIdentity } from '../../aws/access.js'
import { absent } from './api-error.js'
import { done, type Reply } from './reply.js'
import { presentRoot, type RootSettings, readRoot, unsetRoot } from './root-settings.js'
import type { MountCall } from './route.js'
import type { VaultService } from './service.js'
import type { VaultDatabase, VaultWrite } from './tables.js'

/** What a mount asks AWS with. */
export interface Root {
  readonly settings: RootSettings
  readonly secretKey: string
}

export async function readRootConfig({ service, mount }: MountCall): Promise<Reply> {
  const root = await storedRoot(service, service.tables, mount.id)
  if (root === undefined) throw absent()
  return { data: presentRoot(root.settings) }
}

/** Today what is left out stays as it is; the server of release 1.0 forgot it. */
export async function writeRootConfig({ service, mount, fields }: MountCall): Promise<Reply> {
  await service.tables.transaction().execute(async (write) => {
    const before = service.generation === '1.0' ? undefined : await storedRoot(service, write, mount.id)
    const settings = readRoot(fields, before?.settings ?? unsetRoot, service.generation)
    const secretKey = fields.text('secret_key') ?? before?.secretKey ?? ''
    await storeRoot(service, write, mount.id, { settings, secretKey })
  })
  return done
}

/** Undefined: never written. */
export async function storedRoot(
  { sealer }: VaultService,
  tables: VaultDatabase | VaultWrite,
  mountId: string,
): Promise<Root | undefined> {
  const row = await tables
    .selectFrom('vault_roots')
    .selectAll()
    .where('mount_id', '=', mountId)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const sealed = { nonce: new Uint8Array(row.nonce), sealed: new Uint8Array(row.sealed) }
  return {
    settings: { ...unsetRoot, ...JSON.parse(row.settings) },
    secretKey: sealer.open(sealed, sealedAt(mountId)),
  }
}

export async function storeRoot(
  { sealer }: VaultService,
  write: VaultWrite,
  mountId: string,
  { settings, secretKey }: Root,
): Promise<void> {
  const content = { settings: JSON.stringify(settings), ...sealer.seal(secretKey, sealedAt(mountId)) }
  await write
    .insertInto('vault_roots')
    .values({ mount_id: mountId, ...content })
    .onConflict((conflict) => conflict.column('mount_id').doUpdateSet(content))
    .execute()
}

/** Undefined: nothing was given, so that the server's own credentials count: environment, shared files, instance. */
export function identityOf(root: Root | undefined): AwsIdentity | undefined {
  if (root === undefined || root.settings.access_key === '' || root.secretKey === '') return undefined
  return { accessKeyId: root.settings.access_key, secretAccessKey: root.secretKey }
}

function sealedAt(mountId: string): string {
  return `vault_roots/${mountId}`
}
