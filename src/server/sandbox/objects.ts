import { createHash } from 'node:crypto'
import type { Service } from './service.js'

/** Stores an object, in place of the one of its key, and returns its ETag. */
export async function putObject(
  { store, now }: Service,
  bucket: string,
  name: string,
  body: Uint8Array,
  contentType: string,
): Promise<string> {
  const etag = `"${createHash('md5').update(body).digest('hex')}"`
  const content = { body, content_type: contentType, etag, modified_at: now().toISOString() }
  await store
    .insertInto('sandbox_objects')
    .values({ bucket, name, ...content })
    .onConflict((conflict) => conflict.columns(['bucket', 'name']).doUpdateSet(content))
    .execute()
  return etag
}
