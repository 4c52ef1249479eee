import { resolve } from 'node:path'
import type { EmbeddedPlane } from '../core/resource.js'
import { random } from './system.js'

/** Where the embedded control plane keeps its data, seen from the configuration folder. */
export const defaultDatabase = '.rolecall/plane.db'

/** The embedded control planes of one command: each database is opened once and closed at the end. */
export interface Planes {
  open(path: string | undefined, options?: { readonly generation?: string }): Promise<EmbeddedPlane>
  close(): Promise<void>
}

export function embeddedPlanes(folder: string, now: () => Date): Planes {
  const opened = new Map<string, Promise<EmbeddedPlane & { shut(): Promise<void> }>>()
  return {
    open(path, options) {
      const database = resolve(folder, path ?? defaultDatabase)
      const name = `${options?.generation ?? ''} ${database}`
      let plane = opened.get(name)
      if (plane === undefined) {
        plane = openPlane(database, options?.generation, now)
        opened.set(name, plane)
      }
      return plane
    },
    async close() {
      for (const plane of opened.values()) {
        await plane.then(
          (p) => p.shut(),
          () => undefined,
        )
      }
      opened.clear()
    },
  }
}

async function openPlane(database: string, generation: string | undefined, now: () => Date) {
  const { openControlPlane } = await import('../server/control-plane.js')
  const plane = await openControlPlane({ database, now, random, ...(generation === 'A' && { generation }) })
  return {
    id: plane.id,
    fetch: (request: Request) => plane.fetch(request),
    // Several connections share it: it stays open until the command ends.
    close: async () => {},
    shut: () => plane.close(),
  }
}
