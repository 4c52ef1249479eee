import { createHash, timingSafeEqual } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database } from './database.js'
import type { Scope, SystemName } from './system.js'
import type { PlaneTokenTable } from './tables.js'

/** A token as its list shows it. What it is sent as was shown once, when it was made, and is stored nowhere. */
export interface TokenInfo {
  /** 16 hexadecimal digits, which also stand in the token itself. */
  readonly id: string
  readonly system: SystemName
  /** In whose name its calls are made. Several tokens may have the same one: the next of them replaces the last. */
  readonly name: string
  readonly scopes: readonly Scope[]
  /** ISO 8601. */
  readonly createdAt: string
  /** Null: never. */
  readonly expiresAt: string | null
  /** Null: it has not been revoked. */
  readonly revokedAt: string | null
}

export interface NewToken {
  readonly system: SystemName
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: Date | undefined
}

interface Surroundings {
  now(): Date
  random(bytes: number): Uint8Array
}

const secretBytes = 32

/** Makes a token. `text` is what callers send; it begins with a word by which scanners find it where it does not belong. */
export async function createToken(
  { tables }: Database,
  { system, name, scopes, expiresAt }: NewToken,
  { now, random }: Surroundings,
): Promise<{ readonly text: string; readonly info: TokenInfo }> {
  const id = Buffer.from(random(8)).toString('hex')
  const secret = Buffer.from(random(secretBytes)).toString('base64url')
  const info: TokenInfo = {
    id,
    system,
    name,
    scopes,
    createdAt: now().toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: null,
  }
  await tables
    .insertInto('plane_tokens')
    .values({
      id,
      system,
      name,
      scopes: JSON.stringify(scopes),
      hash: hashOf(secret).toString('hex'),
      created_at: info.createdAt,
      expires_at: info.expiresAt,
      revoked_at: null,
    })
    .execute()
  return { text: `rolecall_${id}_${secret}`, info }
}

/** All tokens there ever were, the oldest first. */
export async function listTokens({ tables }: Database): Promise<readonly TokenInfo[]> {
  const rows = await tables
    .selectFrom('plane_tokens')
    .selectAll()
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(infoOf)
}

/** False: there is no such token. One that is revoked already stays so. Its row is kept, since a plane that has had tokens asks for them. */
export async function revokeToken({ tables }: Database, id: string, now: Date): Promise<boolean> {
  return await tables.transaction().execute(async (write) => {
    const row = await write
      .selectFrom('plane_tokens')
      .select('revoked_at')
      .where('id', '=', id)
      .executeTakeFirst()
    if (row?.revoked_at === null)
      await write
        .updateTable('plane_tokens')
        .set({ revoked_at: now.toISOString() })
        .where('id', '=', id)
        .execute()
    return row !== undefined
  })
}

export async function hasTokens({ tables }: Database): Promise<boolean> {
  const row = await tables.selectFrom('plane_tokens').select('id').limit(1).executeTakeFirst()
  return row !== undefined
}

/** The token that was sent, if it is one that this plane gave out, whether it may still be used or not. */
export async function findToken({ tables }: Database, text: string): Promise<TokenInfo | undefined> {
  const [, id, secret] = /^rolecall_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/.exec(text) ?? []
  if (id === undefined || secret === undefined) return undefined
  const row = await tables.selectFrom('plane_tokens').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined || !timingSafeEqual(Buffer.from(row.hash, 'hex'), hashOf(secret))) return undefined
  return infoOf(row)
}

function infoOf(row: Selectable<PlaneTokenTable>): TokenInfo {
  return {
    id: row.id,
    system: row.system as SystemName,
    name: row.name,
    scopes: JSON.parse(row.scopes) as readonly Scope[],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }
}

/**
 * One round of SHA-256, without salt. What makes hashes of passwords slow and salted is that people choose passwords from few;
 * this is 256 random bits, of which nobody tries out a part worth speaking of, and no two are the same. Every request pays it.
 */
function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
