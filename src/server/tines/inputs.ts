import { isObject, type Json } from '../../core/json.js'
import type { ModeInputs } from './modes.js'
import type { Service, Write } from './service.js'

/** `live` is the credential itself, `test` its twin. */
export type Part = 'live' | 'test'

/** The stored options of a credential's mode; undefined if there is no such twin. */
export async function openInputs(
  service: Service,
  write: Write,
  id: number,
  part: Part,
): Promise<ModeInputs | undefined> {
  const row = await write
    .selectFrom('tines_inputs')
    .select(['nonce', 'sealed'])
    .where('credential_id', '=', id)
    .where('part', '=', part)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const sealed = { nonce: new Uint8Array(row.nonce), sealed: new Uint8Array(row.sealed) }
  const inputs: Json = JSON.parse(service.sealer.open(sealed, place(id, part)))
  return isObject(inputs) ? inputs : {}
}

export async function saveInputs(
  service: Service,
  write: Write,
  id: number,
  part: Part,
  inputs: ModeInputs,
  at: string,
): Promise<void> {
  const content = service.sealer.seal(JSON.stringify(inputs), place(id, part))
  await write
    .insertInto('tines_inputs')
    .values({ credential_id: id, part, ...content, created_at: at, updated_at: at })
    .onConflict((conflict) =>
      conflict.columns(['credential_id', 'part']).doUpdateSet({ ...content, updated_at: at }),
    )
    .execute()
}

/** A deleted credential keeps no secret, not even a sealed one. */
export async function eraseInputs(write: Write, id: number): Promise<void> {
  await write.deleteFrom('tines_inputs').where('credential_id', '=', id).execute()
}

function place(id: number, part: Part): string {
  return `tines_inputs/${id}/${part}`
}
