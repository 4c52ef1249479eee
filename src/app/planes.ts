import type { AwsAccess } from '../aws/access.js'
import type { EmbeddedOptions, EmbeddedPlane } from '../core/resource.js'
import { planeDatabase } from './plane-database.js'
import { random } from './system.js'

/** The embedded control planes of one command: each database is opened once and closed at the end. */
export interface Planes {
  open(path: string | undefined, options?: EmbeddedOptions): Promise<EmbeddedPlane>
  close(): Promise<void>
}

export interface PlaneSource {
  readonly folder: string
  env(name: string): string | undefined
  now(): Date
  /** Opens the AWS behind them. */
  aws(): Promise<AwsAccess>
  /** Called when a plane fails at a request for a reason of its own. The caller of the API is not told the reason. */
  failed(system: string, message: string): void
}

export function embeddedPlanes(source: PlaneSource): Planes {
  const opened = new Map<string, Promise<EmbeddedPlane & { shut(): Promise<void> }>>()
  return {
    open(path, { generation } = {}) {
      const place = planeDatabase(source.folder, { database: path }, (name) => source.env(name))
      const name = `${generation ?? ''} ${place.database}`
      let plane = opened.get(name)
      if (plane === undefined) {
        plane = openPlane(place, generation, source)
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
  place: ReturnType<typeof planeDatabase>,
  generation: string | undefined,
  source: PlaneSource,
) {
  // Asked by a service, it could say what is wrong with its setting or its file only as an inner error.
  await source.aws()
  const { openControlPlane } = await import('../server/control-plane.js')
  const said = new Set<string>()
  const plane = await openControlPlane({
    ...place,
    now: () => source.now(),
    random,
    aws: () => source.aws(),
    log: ({ system, error }) => {
      if (error === undefined || said.has(error)) return
      said.add(error)
      source.failed(system, error)
    },
    ...(generation === 'A' && { generation }),
  })
  return {
    id: plane.id,
    fetch: (request: Request) => plane.fetch(request),
    // Several connections share it: it stays open until the command ends.
    close: async () => {},
    shut: () => plane.close(),
  }
}
