import { error, Failure } from '../../core/diagnostic.js'
import { objectIn } from '../../http/reading.js'
import { unlessAbsent } from '../meaning.js'
import type { Generation, TrifactaApi } from './api.js'
import { people } from './lists.js'
import { unlessNoRoute } from './refusal.js'
import { configIn, pageIn, type WireConfig } from './wire.js'

/**
 * The generation of the service, found out once for each connection: only C lists awsRoles; an awsConfig of B names its
 * active role, one of A its role itself. Throws a `Failure` for B, and where nothing tells.
 */
export function generationOf(api: TrifactaApi): Promise<Generation> {
  const { shared } = api
  if (shared.generation !== undefined) return shared.generation
  const detected = detect(api)
  shared.generation = detected
  // The next one who asks may have more luck, or may ask with a client that has not been stopped.
  detected.catch(() => {
    if (shared.generation === detected) shared.generation = undefined
  })
  return detected
}

async function detect(api: TrifactaApi): Promise<Generation> {
  const doing = 'finding out the release of the API'
  const listed = await unlessNoRoute(
    api.send({ method: 'GET', path: ['awsRoles'], query: { limit: 1 }, doing, accept: [200] }),
  )
  if (listed !== 'no-route') return 'C'
  const config = await anyConfig(api, doing)
  if (config === undefined)
    throw new Failure(
      error('trifacta/unknown-generation', 'The release of the Trifacta API cannot be told', {
        detail: 'The service has no awsRoles to list, and no AWS configuration that would show its form.',
        help: 'Set generation = "A" in the provider block if it is release 6.0. Releases around 6.4 are not supported.',
      }),
    )
  if (config.activeRoleId === undefined) return 'A'
  throw new Failure(
    error('trifacta/unsupported-generation', 'This release of the Trifacta API is not supported', {
      detail:
        'The service has awsRoles but no list of them, as the releases around 6.4 do, so a role cannot be read back.',
      help: 'Upgrade it to release 6.8 or later; release 6.0 is supported too.',
    }),
  )
}

async function anyConfig(api: TrifactaApi, doing: string): Promise<WireConfig | undefined> {
  const listed = await unlessNoRoute(
    api.send({ method: 'GET', path: ['awsConfigs'], query: { limit: 1 }, doing, accept: [200] }),
  )
  if (listed !== 'no-route') {
    const page = listed.reading
    const [first] = pageIn(listed.body, page)
    if (first !== undefined) return configIn(first, page)
  }
  for (const { awsConfigId } of await people(api)) {
    if (awsConfigId === null || awsConfigId === undefined) continue
    const config = await configById(api, awsConfigId)
    if (config !== undefined) return config
  }
  return undefined
}

/** An awsConfig by its id: release 6.0 can do that, later ones cannot. */
export async function configById(api: TrifactaApi, id: string): Promise<WireConfig | undefined> {
  const doing = `reading awsConfig ${id}`
  const answer = await unlessAbsent(
    api.send({ method: 'GET', path: ['awsConfigs', id], doing, accept: [200] }),
  )
  return answer === undefined ? undefined : configIn(objectIn(answer.body, answer.reading), answer.reading)
}
