import type { Sealer } from '../seal.js'
import { invalid } from './api-error.js'
import type { Write } from './service.js'

/**
 * Stores key and secret, sealed, and returns the credential's id. What the update leaves out stays as it is stored; the id is
 * kept when the content changes.
 */
export async function saveCredential(
  write: Write,
  sealer: Sealer,
  id: number | null,
  update: { readonly key: string | undefined; readonly secret: string | undefined },
): Promise<number> {
  const stored = id === null ? {} : await openCredential(write, sealer, id)
  const key = update.key ?? stored.key
  const secret = update.secret ?? stored.secret
  if (key === undefined || secret === undefined) {
    throw invalid('key and secret are required for the credential provider default')
  }
  const row = id ?? (await reserveRow(write, sealer))
  const content = sealer.seal(JSON.stringify({ key, secret }), place(row))
  await write.updateTable('trifacta_credentials').set(content).where('id', '=', row).execute()
  return row
}

/** Removes what is stored: a deleted config keeps no secret, not even a sealed one. */
export async function eraseCredential(write: Write, id: number): Promise<void> {
  await write.deleteFrom('trifacta_credentials').where('id', '=', id).execute()
}

interface Content {
  readonly key?: string
  readonly secret?: string
}

async function openCredential(write: Write, sealer: Sealer, id: number): Promise<Content> {
  const row = await write
    .selectFrom('trifacta_credentials')
    .select(['nonce', 'sealed'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const text = sealer.open(
    { nonce: new Uint8Array(row.nonce), sealed: new Uint8Array(row.sealed) },
    place(id),
  )
  const content: unknown = JSON.parse(text)
  if (typeof content !== 'object' || content === null) return {}
  const key = 'key' in content && typeof content.key === 'string' ? { key: content.key } : {}
  const secret = 'secret' in content && typeof content.secret === 'string' ? { secret: content.secret } : {}
  return { ...key, ...secret }
}

/** A row to seal into: the seal names the id, so the id has to be there first. */
async function reserveRow(write: Write, sealer: Sealer): Promise<number> {
  const { id } = await write
    .insertInto('trifacta_credentials')
    .values(sealer.seal('{}', ''))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

function place(id: number): string {
  return `trifacta_credentials/${id}`
}
