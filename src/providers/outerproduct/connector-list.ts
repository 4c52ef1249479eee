import { ServiceError } from '../../core/resource.js'
import { type OuterproductApi, paths } from './api.js'
import { connectorsIn, type WireConnector } from './wire.js'

/** The types that can be asked for one by one. */
const words = ['s3', 'snowflake', 'databricks', 'file_upload'] as const

/** All connectors of the user: one list serves every type of a walk. */
export function connectors(api: OuterproductApi, doing: string): Promise<readonly WireConnector[]> {
  if (!api.keep) return fetchConnectors(api, doing)
  api.kept.connectors ??= fetchConnectors(api, doing).catch((failed: unknown) => {
    delete api.kept.connectors
    throw failed
  })
  return api.kept.connectors
}

/**
 * The vendor's reference says that connectors can be read, and not where. A deployment without the one list has one for each
 * type, perhaps; one of them that is missing must not look as if it were empty, but for the type that nobody creates by a call.
 */
async function fetchConnectors(api: OuterproductApi, doing: string): Promise<readonly WireConnector[]> {
  try {
    return await list(api, doing, paths.connectors)
  } catch (failed) {
    if (!isNoRoute(failed)) throw failed
    const lists = await Promise.all(
      words.map((word) =>
        list(api, doing, [...paths.connectors, word]).catch((cause: unknown) => {
          if (word === 'file_upload' && isNoRoute(cause)) return []
          // What is missing is the list that was asked for first.
          throw isNoRoute(cause) ? failed : cause
        }),
      ),
    )
    // A list that does not say of what it is has the type that was asked for.
    return lists.flatMap((some, i) => some.map((one) => ({ ...one, type: one.type ?? words[i] ?? null })))
  }
}

async function list(
  api: OuterproductApi,
  doing: string,
  path: readonly string[],
): Promise<readonly WireConnector[]> {
  const { body, reading } = await api.send({ method: 'GET', path, doing, accept: [200] })
  return connectorsIn(body, reading)
}

function isNoRoute(cause: unknown): boolean {
  return cause instanceof ServiceError && cause.facts.meaning === 'no-route'
}
