import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AwsAccess } from '../aws/access.js'
import type { AccessLogLine, WorkLogLine } from './access-log.js'
import { addressed, type Destination } from './addressed.js'
import { isUnavailable } from './database-error.js'
import { failureAnswer } from './plane-failure.js'
import { anybody, type Grant, type System, type SystemName } from './system.js'
import { messageOf, type Notes, note, openedOnce, trifactaService } from './systems.js'
import type { Asking, TokenGate } from './token-gate.js'
import type { Generation } from './trifacta/service.js'

export interface ControlPlaneOptions {
  /** A file, made with its folders and its key file if it is not there; `:memory:`; or `postgres://…`. */
  readonly database: string
  /** Where the key that seals stored secrets is. Default: the file's path with `.key` added; PostgreSQL has none. */
  readonly keyFile?: string
  /** The release of the Trifacta API: A is 6.0; C, the default, is 6.8 and later. */
  readonly generation?: Generation
  /** What the Vault API is like: the server of today, or that of about 1.0, which refuses what it did not know. Default: today. */
  readonly vaultGeneration?: 'today' | '1.0'
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
  /** Called when work that goes on beside requests fails. */
  logWork?(line: WorkLogLine): void
  /**
   * The e-mail address of the person who makes the request; undefined if its credentials are missing or wrong. Absent:
   * every request, with any credentials or none, is made in the name of the first administrator.
   */
  authenticate?(request: Request): Promise<string | undefined>
  /** Whether requests must show one of the tokens that were made for this plane. Absent: none is asked for. */
  readonly tokens?: Asking
  /** What the maker of a request may do, in place of tokens; undefined: its credentials are missing or wrong. */
  authorize?(request: Request, system: SystemName): Promise<Grant | undefined>
  /** The AWS behind the plane, asked for whenever it is needed. Absent: the real one, by the SDK's own settings. */
  aws?(): Promise<AwsAccess>
  /**
   * For fault tests: stands between the caller and the server. What it throws is a connection that was cut: `fetch` rejects
   * with it, `serve` closes the socket without an answer.
   */
  intercept?(request: Request, next: (request: Request) => Promise<Response>): Promise<Response>
}

/** The APIs of all systems over one database. */
export interface ControlPlane {
  /** Random, made with the database and kept in it: two planes with the same id are the same plane. */
  readonly id: string
  /**
   * Answers a request as the vendor's server would, without a socket. Only the path of its address counts. `from`: the address
   * of whoever connected, for the log.
   */
  fetch(request: Request, from?: string): Promise<Response>
  /** Whether the database answers. */
  isReady(): Promise<boolean>
  /** Whether a token was ever made for it. */
  hasTokens(): Promise<boolean>
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
  const [{ openDatabase }, { tokenGate }, { hasTokens }, { sql }] = await Promise.all([
    import('./database.js'),
    import('./token-gate.js'),
    import('./tokens.js'),
    import('kysely'),
  ])
  const database = await openDatabase({
    path: options.database,
    ...(options.keyFile === undefined ? {} : { keyFile: options.keyFile }),
    now: () => options.now(),
    random: (bytes) => options.random(bytes),
  })
  const gate: TokenGate =
    options.tokens === undefined
      ? async () => ({ grant: anybody })
      : tokenGate(database, options.tokens, () => options.now())
  const notes = new AsyncLocalStorage<Notes>()
  const systems = openedOnce(options, database, gate, notes)
  const work = async (request: Request, { system, inner }: Destination): Promise<Response> => {
    const pause = (options.latency ?? 0) / 2
    if (pause > 0) await sleep(pause)
    const response = await answerOf(system, inner(request))
    if (pause > 0) await sleep(pause)
    return response
  }
  const answerOf = async (name: SystemName, request: Request): Promise<Response> => {
    let system: System
    try {
      system = await systems.open(name)
    } catch (error) {
      note(notes, { error: messageOf(error) })
      return failureAnswer(name, isUnavailable(error) ? 503 : 500)
    }
    return await system.fetch(request)
  }

  const answer = async (request: Request, from: string | undefined): Promise<Response> => {
    const started = options.now()
    const requestId = Buffer.from(options.random(16)).toString('hex')
    const destination = addressed(request)
    const next = (passed: Request) => work(passed, destination)
    const noted: Notes = from === undefined ? {} : { from }
    let status: number | undefined
    try {
      const response = await notes.run(noted, () => options.intercept?.(request, next) ?? next(request))
      status = response.status
      const header = destination.requestIdHeader
      response.headers.set(header, response.headers.get(header) ?? requestId)
      return response
    } finally {
      options.log?.({
        at: started.toISOString(),
        method: request.method,
        path: new URL(request.url).pathname,
        system: destination.system,
        status,
        ms: options.now().getTime() - started.getTime(),
        requestId,
        ...noted,
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
    async fetch(request, from) {
      requireOpen()
      return await track(answer(request, from))
    },
    async isReady() {
      if (closed !== undefined) return false
      return await track(
        sql`select 1`.execute(database.tables).then(
          () => true,
          () => false,
        ),
      )
    },
    async hasTokens() {
      requireOpen()
      return await track(hasTokens(database))
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
