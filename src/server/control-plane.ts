import { setTimeout as sleep } from 'node:timers/promises'
import type { AwsAccess } from '../aws/access.js'
import type { AccessLogLine } from './access-log.js'
import { addressed, type Destination } from './addressed.js'
import type { Database } from './database.js'
import type { Grant, System, SystemContext, SystemName } from './system.js'
import type { Generation, Service } from './trifacta/service.js'

export interface ControlPlaneOptions {
  /** A file, made with its folders and its key file if it is not there; or `:memory:`. */
  readonly database: string
  /** Where the key that seals stored secrets is. Default: the database's path with `.key` added. */
  readonly keyFile?: string
  /** The release of the Trifacta API: A is 6.0; C, the default, is 6.8 and later. */
  readonly generation?: Generation
  /** What the Vault API is like: the server of today, or that of about 1.0, which refuses what it did not know. Default: today. */
  readonly vaultGeneration?: 'today' | 'seed'
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
  /** What the maker of a request may do; undefined: its credentials are missing or wrong. Absent: everybody may do everything. */
  authorize?(request: Request, system: SystemName): Promise<Grant | undefined>
  /** Opens the AWS behind the plane, when it is first needed. Absent: the real one, by the SDK's own settings. */
  aws?(): Promise<AwsAccess>
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
  /**
   * Goes on with what services do beside requests, such as ending leases whose time is over. Without it they begin with their
   * first request. For planes that stay.
   */
  resume(): Promise<void>
  /** Waits for the requests that are under way, then closes the database. */
  close(): Promise<void>
}

/**
 * Opens an embedded control plane. Throws a `Failure` if its database or key file cannot be used. What it needs is loaded
 * here and not with this module, so that commands that never open a plane do not pay for it; each service with its first
 * request.
 */
export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { openDatabase } = await import('./database.js')
  const database = await openDatabase({
    path: options.database,
    ...(options.keyFile === undefined ? {} : { keyFile: options.keyFile }),
    now: () => options.now(),
    random: (bytes) => options.random(bytes),
  })
  const errors = new WeakMap<Request, string>()
  const systems = openedOnce(options, database, (error, request) =>
    errors.set(request, error instanceof Error ? error.message : String(error)),
  )
  const work = async (request: Request, { system, inner }: Destination): Promise<Response> => {
    const pause = (options.latency ?? 0) / 2
    if (pause > 0) await sleep(pause)
    const inward = inner(request)
    const response = await (await systems.open(system)).fetch(inward)
    const problem = errors.get(inward)
    if (problem !== undefined) errors.set(request, problem)
    if (pause > 0) await sleep(pause)
    return response
  }

  const answer = async (request: Request): Promise<Response> => {
    const started = options.now()
    const requestId = Buffer.from(options.random(16)).toString('hex')
    const destination = addressed(request)
    const next = (passed: Request) => work(passed, destination)
    let status: number | undefined
    try {
      const response = await (options.intercept?.(request, next) ?? next(request))
      status = response.status
      const header = destination.requestIdHeader
      response.headers.set(header, response.headers.get(header) ?? requestId)
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
      const { deliverRole } = await import('./trifacta/identity-provider.js')
      return await track(deliverRole(trifactaService(options, database), delivery))
    },
    async resume() {
      requireOpen()
      // A plane on which Vault was never used has nothing of it to do, and need not load it.
      const used = await database.tables
        .selectFrom('plane_parts')
        .select('name')
        .where('name', '=', 'vault')
        .executeTakeFirst()
      if (used !== undefined) await track(systems.open('vault'))
    },
    close() {
      closed ??= Promise.allSettled(underWay)
        .then(() => systems.close())
        .then(() => database.close())
      return closed
    },
  }
}

interface Systems {
  open(name: SystemName): Promise<System>
  close(): Promise<void>
}

/** The services of a plane, each opened with its first request. */
function openedOnce(
  options: ControlPlaneOptions,
  database: Database,
  onError: SystemContext['onError'],
): Systems {
  const opened = new Map<SystemName, Promise<System>>()
  let aws: Promise<AwsAccess> | undefined
  const contextOf = (name: SystemName): SystemContext => ({
    database,
    aws: () => (aws ??= options.aws?.() ?? Promise.resolve({ env: () => undefined })),
    grant: async (request) =>
      options.authorize === undefined ? everything : await options.authorize(request, name),
    now: () => options.now(),
    random: (bytes) => options.random(bytes),
    onError,
  })
  return {
    open(name) {
      let system = opened.get(name)
      if (system === undefined) {
        system = openSystem(name, options, contextOf(name))
        opened.set(name, system)
        // What could not be opened is tried again with the next request.
        system.catch(() => opened.delete(name))
      }
      return system
    },
    async close() {
      const systems = await Promise.allSettled(opened.values())
      for (const system of systems) if (system.status === 'fulfilled') await system.value.close?.()
    },
  }
}

const everything: Grant = { name: 'anybody', scopes: new Set(['read', 'write', 'issue']) }

async function openSystem(
  name: SystemName,
  options: ControlPlaneOptions,
  context: SystemContext,
): Promise<System> {
  switch (name) {
    case 'tines': {
      const { openTines } = await import('./tines/system.js')
      return await openTines(context)
    }
    case 'trifacta': {
      const { openTrifacta } = await import('./trifacta/system.js')
      return openTrifacta(context, trifactaService(options, context.database), options.authenticate)
    }
    case 'outerproduct': {
      const { openOuterproduct } = await import('./outerproduct/system.js')
      return await openOuterproduct(context)
    }
    case 'vault': {
      const { openVault } = await import('./vault/system.js')
      return await openVault(context, options.vaultGeneration ?? 'today')
    }
  }
}

function trifactaService(options: ControlPlaneOptions, database: Database): Service {
  return {
    database,
    generation: options.generation ?? 'C',
    allowConfigDelete: options.allowConfigDelete ?? false,
    allowPeopleWrites: options.allowPeopleWrites ?? true,
    now: () => options.now(),
    random: (bytes) => options.random(bytes),
  }
}
