import { isObject, type JsonObject } from '../../core/json.js'
import { objectIn } from '../../http/reading.js'
import type { VaultApi } from './api.js'
import { textIn } from './wire.js'

/** A mount of any engine, as the server answers. */
export interface WireMount {
  readonly path: string
  readonly type: string
  readonly accessor: string
  /** As it is listed, and its settings. */
  readonly entry: JsonObject
  readonly config: JsonObject
}

/** All mounts that the token may see. A walk reads them once. */
export function mounts(api: VaultApi): Promise<readonly WireMount[]> {
  if (!api.call.snapshot) return readMounts(api)
  if (api.mounts === undefined) {
    const reading = readMounts(api)
    api.mounts = reading
    // A failed list is not remembered: the next one who asks may have more luck.
    reading.catch(() => {
      delete api.mounts
    })
  }
  return api.mounts
}

/** Those of the AWS engine. */
export async function awsMounts(api: VaultApi): Promise<readonly WireMount[]> {
  return (await mounts(api)).filter(isAws)
}

export function isAws({ type }: WireMount): boolean {
  return type === 'aws'
}

async function readMounts(api: VaultApi): Promise<readonly WireMount[]> {
  const doing = 'listing the mounts'
  const answer = await api.send({ method: 'GET', path: ['sys', 'mounts'], doing, accept: [200] })
  const body = objectIn(answer.body, answer.reading)
  // Older servers have them at the top.
  const entries = body.data === undefined ? body : objectIn(body.data, answer.reading)
  return Object.entries(entries).flatMap(([key, value]) =>
    key.endsWith('/') && isObject(value) ? [mountIn(key.replace(/\/+$/, ''), value)] : [],
  )
}

function mountIn(path: string, entry: JsonObject): WireMount {
  const config = isObject(entry.config) ? entry.config : {}
  return {
    path,
    type: textIn(entry.type) ?? '',
    accessor: textIn(entry.accessor) ?? path,
    entry,
    config,
  }
}
