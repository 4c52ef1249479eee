import { resolve } from 'node:path'
import type { AwsAccess } from '../aws/access.js'
import type { EmbeddedOptions, EmbeddedPlane } from '../core/resource.js'
import { random } from './system.js'

/** Where the embedded control plane keeps its data, seen from the configuration folder. */
export const defaultDatabase = '.rolecall/plane.db'

/** The embedded control planes of one command: each database is opened once and closed at the end. */
export interface Planes {
  open(path: string | undefined, options?: EmbeddedOptions): Promise<EmbeddedPlane>
  close(): Promise<void>
}

export interface PlaneSource {
  readonly folder: string
  now(): Date
  /** Opens the AWS behind them. */
  aws(): Promise<AwsAccess>
}

export function embeddedPlanes(source: PlaneSource): Planes {
  const opened = new Map<string, Promise<EmbeddedPlane & { shut(): Promise<void> }>>()
  return {
    open(path, { system = 'trifacta', generation } = {}) {
      const database = resolve(source.folder, path ?? defaultDatabase)
      const spoken = generation === undefined ? {} : { [system]: generation }
      const name = `${JSON.stringify(spoken)} ${database}`
      let plane = opened.get(name)
      if (plane === undefined) {
        plane = openPlane(database, spoken, source)
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

async function openPlane(
  database: string,
  { trifacta, vault }: Readonly<Record<string, string>>,
  source: PlaneSource,
) {
  const { openControlPlane } = await import('../server/control-plane.js')
  const plane = await openControlPlane({
    database,
    now: () => source.now(),
    random,
    aws: () => source.aws(),
    ...(trifacta === 'A' && { generation: trifacta }),
    ...(vault === 'seed' && { vaultGeneration: vault }),
  })
  return {
    id: plane.id,
    fetch: (request: Request) => plane.fetch(request),
    // Several connections share it: it stays open until the command ends.
    close: async () => {},
    shut: () => plane.close(),
  }
}
