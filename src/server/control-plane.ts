import { setTimeout as sleep } from 'node:timers/promises'
import type { AccessLogLine } from './access-log.js'
import type { Database } from './database.js'
import type { Caller, Generation } from './trifacta/service.js'

export interface ControlPlaneOptions {
  /** A file, made with its folders and its key file if it is not there; or `:memory:`. */
  readonly database: string
  /** Where the key that seals stored secrets is. Default: the database's path with `.key` added. */
  readonly keyFile?: string
  /** The release of the Trifacta API: A is 6.0; C, the default, is 6.8 and later. */
  readonly generation?: Generation
  /** Adds `DELETE /v4/awsConfigs/{id}`, which the vendor does not document. Default: false. */
  readonly allowConfigDelete?: boolean
  /** False takes away the calls that create, change and delete people, as on the vendor's cloud. Default: true. */
  readonly allowPeopleWrites?: boolean
  /** Milliseconds that every request takes longer: half before its work is done, half after. Default: 0. */
  readonly latency?: number
  now(): Date
  random(bytes: number): Uint8Array
  /** Called once for each request, after its answer is made. */
  log?(line: AccessLogLine): void
  /**
   * The e-mail address of the person who makes the request; undefined if its credentials are missing or wrong. Absent:
   * every request, with any credentials or none, is made in the name of the first administrator.
   */
  authenticate?(request: Request): Promise<string | undefined>
  /**
   * For fault tests: stands between the caller and the server. What it throws is a connection that was cut: `fetch` rejects
   * with it, `serve` closes the socket without an answer.
   */
  intercept?(request: Request, next: (request: Request) => Promise<Response>): Promise<Response>
}

/** The services of DESIGN section 9 over one database. */
export interface ControlPlane {
  /** Random, made with the database and kept in it: two planes with the same id are the same plane. */
  readonly id: string
  /** Answers a request as the vendor's server would, without a socket. Only the path of its address counts. */
  fetch(request: Request): Promise<Response>
  /**
   * What an identity provider does when a person logs in: a role of theirs appears at their config, not made through the
   * API (`createdFrom: idp`). Returns its id.
   */
  deliverRole(delivery: { readonly personId: number; readonly role: string }): Promise<number>
  /** Waits for the requests that are under way, then closes the database. */
  close(): Promise<void>
}

const requestIdHeader = 'x-trifacta-request-id'

/**
 * Opens an embedded control plane. Throws a `Failure` if its database or key file cannot be used. What it needs is loaded
 * here and not with this module, so that commands that never open a plane do not pay for it.
 */
export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const [{ openDatabase }, { trifactaRoutes }, { deliverRole }] = await Promise.all([
    import('./database.js'),
    import('./trifacta/routes.js'),
    import('./trifacta/identity-provider.js'),
  ])
  const database = await openDatabase({
    path: options.database,
    ...(options.keyFile === undefined ? {} : { keyFile: options.keyFile }),
    now: () => options.now(),
    random: (bytes) => options.random(bytes),
  })
  const service = {
    database,
    generation: options.generation ?? 'C',
    allowConfigDelete: options.allowConfigDelete ?? false,
    allowPeopleWrites: options.allowPeopleWrites ?? true,
    now: () => options.now(),
    random: (bytes: number) => options.random(bytes),
  }
  const errors = new WeakMap<Request, string>()
  const routes = trifactaRoutes(service, {
    authenticate: (request) => identify(options, database, request),
    onError: (error, request) => errors.set(request, error instanceof Error ? error.message : String(error)),
  })
  const work = async (request: Request): Promise<Response> => {
    const pause = (options.latency ?? 0) / 2
    if (pause > 0) await sleep(pause)
    const response = await routes.fetch(request)
    if (pause > 0) await sleep(pause)
    return response
  }

  const answer = async (request: Request): Promise<Response> => {
    const started = options.now()
    const requestId = Buffer.from(options.random(16)).toString('hex')
    let status: number | undefined
    try {
      const response = await (options.intercept?.(request, work) ?? work(request))
      status = response.status
      response.headers.set(requestIdHeader, response.headers.get(requestIdHeader) ?? requestId)
      return response
    } finally {
      const error = errors.get(request)
      options.log?.({
        at: started.toISOString(),
        method: request.method,
        path: new URL(request.url).pathname,
        status,
        ms: options.now().getTime() - started.getTime(),
        requestId,
        ...(error === undefined ? {} : { error }),
      })
    }
  }

  const underWay = new Set<Promise<unknown>>()
  let closed: Promise<void> | undefined
  const track = <T>(promise: Promise<T>): Promise<T> => {
    underWay.add(promise)
    const done = () => underWay.delete(promise)
    promise.then(done, done)
    return promise
  }
  const requireOpen = () => {
    if (closed !== undefined) throw new Error('the control plane is closed')
  }
  return {
    id: database.id,
    async fetch(request) {
      requireOpen()
      return await track(answer(request))
    },
    async deliverRole(delivery) {
      requireOpen()
      return await track(deliverRole(service, delivery))
    },
    close() {
      closed ??= Promise.allSettled(underWay).then(() => database.close())
      return closed
    },
  }
}

async function identify(
  options: ControlPlaneOptions,
  { tables }: Database,
  request: Request,
): Promise<Caller | undefined> {
  if (options.authenticate === undefined) return { id: 1, isAdmin: true }
  const email = await options.authenticate(request)
  if (email === undefined) return undefined
  const person = await tables
    .selectFrom('trifacta_people')
    .select(['id', 'is_admin'])
    .where('email', '=', email)
    .where('deleted_at', 'is', null)
    .where('is_disabled', '=', 0)
    .executeTakeFirst()
  return person === undefined ? undefined : { id: person.id, isAdmin: person.is_admin === 1 }
}
