import type { JsonObject } from '../../src/core/json.js'
import type { Credential, FarmPlane } from '../fixtures/plane-farm.js'
import { call, list } from '../fixtures/test-plane.js'

/** All that a control plane has, but for its own administrator, who has number 1. */
export interface Census {
  readonly people: readonly {
    readonly email: string
    readonly name: string
    readonly home: string
    readonly configId: number | undefined
  }[]
  readonly configs: readonly {
    readonly id: number
    readonly bucket: string
    readonly role: string | undefined
    readonly credential: Credential | undefined
  }[]
  /** awsRoles that are no configuration's active one. */
  readonly idleRoles: readonly string[]
}

/** Counts through the service's API. Release A has no list of awsConfigs: they are asked for one by one. */
export async function census(farmPlane: FarmPlane, generation: 'A' | 'C'): Promise<Census> {
  const { plane } = farmPlane
  const [people, configs, roles] = await Promise.all([
    whole(plane, '/people'),
    generation === 'A' ? byNumber(plane) : whole(plane, '/awsConfigs'),
    generation === 'A' ? [] : whole(plane, '/awsRoles'),
  ])
  const { credentials } = await farmPlane.look()
  const active = new Set(configs.map((config) => config.activeRoleId))
  return {
    people: people
      .filter((person) => person.id !== 1)
      .map((person) => ({
        email: String(person.email),
        name: String(person.name),
        home: String(person.outputHomeDir),
        configId: numberIn(person.awsConfig),
      })),
    configs: configs.map((config) => {
      const role = config.role ?? roles.find((one) => one.id === config.activeRoleId)?.role
      return {
        id: Number(config.id),
        bucket: String(config.defaultBucket),
        role: typeof role === 'string' ? role : undefined,
        credential: credentials[String(config.id)],
      }
    }),
    idleRoles: roles.filter((role) => !active.has(role.id)).map((role) => `${role.id} (${role.role})`),
  }
}

function numberIn(reference: unknown): number | undefined {
  return typeof reference === 'object' && reference !== null && 'id' in reference
    ? Number(reference.id)
    : undefined
}

async function whole(plane: FarmPlane['plane'], path: string): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = []
  for (;;) {
    const page = await list(plane, `${path}?limit=1000&offset=${all.length}`)
    if (page.length === 0) return all
    all.push(...page)
  }
}

async function byNumber(plane: FarmPlane['plane']): Promise<readonly JsonObject[]> {
  const found: JsonObject[] = []
  // Numbers are given in order; one that was deleted is answered with 410.
  for (let id = 1; ; id++) {
    const answer = await call(plane, 'GET', `/awsConfigs/${id}`)
    if (answer.status === 404) return found
    if (answer.status === 200) found.push(answer.body)
  }
}
