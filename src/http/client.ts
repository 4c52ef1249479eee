import type { Json } from '../core/json.js'
import { type Call, LostAnswer, type Meaning } from '../core/resource.js'
import { type Answer, contentOf, excerpt, explainContent } from './answer.js'
import { type Body, encodeBody } from './body.js'
import { conceal } from './conceal.js'
import type { Exchange, WireAnswer, WireRequest } from './exchange.js'
import { explainFailure, type Outcome, type Progress, TimedOut } from './failure.js'
import { createLimiter } from './limiter.js'
import { type Reading, unusable } from './reading.js'
import { type Advice, isSuccess, redirection, refusal, requestIdIn } from './refusal.js'
import { askedToWait, backOff, type Timing } from './timing.js'

export type { Answer } from './answer.js'
export type { Body } from './body.js'

export interface ClientOptions {
  readonly exchange: Exchange
  /** Where the API is; its path is the beginning of each request's. */
  readonly base: URL
  /** Sent with every request: who we are. */
  readonly headers: Readonly<Record<string, string>>
  /** Secrets in `headers`, never to appear in a message. */
  readonly secrets: readonly string[]
  /** What the endpoint should be that of, in messages: "a Tines tenant". */
  readonly api: string
  /** The answer's header that names the request for the service's operators, in lower case. */
  readonly requestIdHeader: string
  /** The service's own words in the JSON of an error, which is also the `cause` of the `ServiceError`. */
  words(body: Json): string | undefined
  /** What a refusal means, judged by the answer as it came, before secrets are hidden. `body`: its JSON, if it has any. */
  meaning?(status: number, body: Json | undefined, words: string): Meaning | undefined
  /** What the service remarks in the JSON of a success. */
  warnings?(body: Json): readonly string[]
  /** Whether a 5xx of the service itself says, in these words, that it did nothing. */
  didNothing?(status: number, words: string): boolean
  /** What a refusal of the service's own kind means for the user. */
  advice?(status: number, words: string): Advice | undefined
  /** What to do when the service does not accept who we are. */
  readonly unauthorizedHelp: string
  /** What to say more where something else answers than the API. */
  readonly elsewhereHelp?: string
  /** Milliseconds for one request, from its start to the end of its answer. */
  readonly timeout: number
  /** At most this many requests at a time. */
  readonly concurrency: number
  readonly timing: Timing
  trace?(line: string): void
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Segments, not yet escaped. An empty last one makes a trailing slash. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body
  /** What is being done to which object, for messages: "updating awsConfig 6". */
  readonly doing: string
  /** The statuses that the caller takes; every other one is an error. */
  readonly accept: readonly number[]
}

export interface HttpClient {
  /**
   * Sends a request and returns its answer if that has an accepted status. A read is tried again after 5xx and broken
   * connections; what the service refuses as too much (429) is always tried again, after the time that it asks for.
   * Throws `ServiceError`; `LostAnswer` for a write that went out and whose answer did not come, is a 5xx, or a success
   * that cannot be read: it is never sent again; what the call's gate throws; a plain `Error` for a write with a client that may only read.
   */
  send(request: HttpRequest, call: Call): Promise<Answer>
  close(): Promise<void>
}

const mostTries = 4
const mostRefusals = 8
/** Longer than this we do not wait on a service's word. */
const longestWait = 60_000
const mostRedirects = 3
/** Why the time limit of a request is lifted; without a reason, each would make an error with its stack. */
const answered = 'answered'

export function createClient(options: ClientOptions): HttpClient {
  const { exchange, timing } = options
  const limiter = createLimiter(options.concurrency)
  // A service that refuses one request for being too many means all of them.
  let pausedUntil = 0

  async function send(request: HttpRequest, call: Call): Promise<Answer> {
    const writes = request.method !== 'GET' && request.method !== 'HEAD'
    if (writes && call.readOnly)
      throw new Error(`a client that may only read was asked to send ${request.method}: ${request.doing}`)
    const encoded = request.body === undefined ? undefined : encodeBody(request.body)
    const secrets = [...options.secrets, ...(encoded?.secrets ?? []), ...(call.hidden ?? [])]
    let wire = prepare(request, encoded?.text)
    let tries = 0
    let refusals = 0
    let redirects = 0
    for (;;) {
      const pause = pausedUntil - timing.now()
      if (pause > 0) await timing.sleep(pause, call.signal)
      const outcome = await attempt(wire, secrets, writes ? call.gate : undefined, call.signal)
      if (outcome.kind === 'failure') {
        const failure = explainFailure(outcome, {
          doing: request.doing,
          writes,
          origin: options.base.origin,
          signal: call.signal,
        })
        if (writes || !failure.retriable || ++tries >= mostTries) throw failure.error
        await timing.sleep(backOff(tries, timing.random()), call.signal)
        continue
      }
      const { answer } = outcome
      if (request.accept.includes(answer.status)) {
        const taken = read(answer, request, writes, secrets)
        if (taken.body !== undefined)
          for (const words of options.warnings?.(taken.body) ?? [])
            call.warned?.(excerpt(conceal(words, secrets)))
        return taken
      }
      if (writes && isRefusal(answer.status)) call.refused?.()
      const redirected = redirection(answer, wire.url, writes)
      if (redirected !== undefined && redirects++ < mostRedirects) {
        wire = { ...wire, url: redirected }
        continue
      }
      const asked = askedToWait(answer.headers, timing.now())
      if (answer.status === 429 && ++refusals <= mostRefusals && (asked ?? 0) <= longestWait) {
        pausedUntil = Math.max(pausedUntil, timing.now() + (asked ?? backOff(refusals + 1, timing.random())))
        continue
      }
      const error = refusal(answer, { ...options, doing: request.doing, url: wire.url, secrets, asked })
      const { words = '' } = error.facts
      const idle = writes && answer.status >= 500 && options.didNothing?.(answer.status, words) === true
      if (idle && !isRefusal(answer.status)) call.refused?.()
      // A success that is not the documented one: it may have been done.
      if (writes && isSuccess(answer.status)) throw new LostAnswer(error.message, { cause: error })
      if (idle || answer.status < 500 || answer.status === 501) throw error
      if (writes) throw new LostAnswer(error.message, { cause: error })
      if (++tries >= mostTries || (asked ?? 0) > longestWait) throw error
      await timing.sleep(asked ?? backOff(tries, timing.random()), call.signal)
    }
  }

  function prepare(request: HttpRequest, body: string | undefined): WireRequest {
    const url = new URL(options.base)
    const segments = request.path.map((segment) => {
      // A URL resolves these even when escaped, and would name another object.
      if (segment === '.' || segment === '..') throw new Error(`"${segment}" cannot be part of a path`)
      return encodeURIComponent(segment)
    })
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${segments.join('/')}`
    for (const [name, value] of Object.entries(request.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value))
    const content = body === undefined ? {} : { 'content-type': 'application/json' }
    return {
      method: request.method,
      url,
      headers: {
        accept: 'application/json',
        'user-agent': 'rolecall',
        ...content,
        ...options.headers,
        ...request.headers,
      },
      body,
    }
  }

  async function attempt(
    wire: WireRequest,
    secrets: readonly string[],
    gate: (() => void) | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Outcome> {
    await limiter.enter(signal)
    const started = timing.now()
    const own = new AbortController()
    const stop = () => own.abort(signal?.reason)
    signal?.addEventListener('abort', stop, { once: true })
    const timer = new AbortController()
    timing.sleep(options.timeout, timer.signal).then(
      () => own.abort(new TimedOut(`no answer within ${options.timeout / 1000} s`)),
      () => {},
    )
    let progress: Progress = 'unsent'
    let outcome: Outcome
    try {
      const goes = () => {
        progress = 'refused'
        gate?.()
        progress = 'written'
      }
      outcome = { kind: 'answer', answer: await exchange.send(wire, goes, own.signal) }
    } catch (cause) {
      outcome = { kind: 'failure', cause, progress }
    } finally {
      timer.abort(answered)
      signal?.removeEventListener('abort', stop)
    }
    const status = outcome.kind === 'answer' ? outcome.answer.status : undefined
    limiter.leave(status === 429 ? 'refused' : status !== undefined && status < 500 ? 'well' : 'other')
    trace(wire, outcome, timing.now() - started, secrets)
    return outcome
  }

  function trace(wire: WireRequest, outcome: Outcome, took: number, secrets: readonly string[]): void {
    if (options.trace === undefined) return
    const what = `${wire.method} ${wire.url.origin}${wire.url.pathname}${wire.url.search}`
    if (outcome.kind === 'failure') {
      options.trace(`${what} failed after ${took} ms: ${conceal(String(outcome.cause), secrets)}`)
      return
    }
    const { status, body } = outcome.answer
    const requestId = requestIdIn(outcome.answer.headers, options.requestIdHeader, secrets)
    const named = requestId === undefined ? '' : ` request ${requestId}`
    options.trace(`${what} ${status} ${took} ms ${body.length} characters${named}`)
  }

  function read(
    answer: WireAnswer,
    request: HttpRequest,
    writes: boolean,
    secrets: readonly string[],
  ): Answer {
    const { status, headers } = answer
    const reading: Reading = {
      doing: request.doing,
      status,
      requestId: () => requestIdIn(headers, options.requestIdHeader, secrets),
      wrote: writes && status < 300,
      api: options.api,
    }
    const content = contentOf(answer)
    if (content.kind === 'json') return { status, body: content.json, headers, reading }
    const { words, help } = explainContent({ ...answer, body: conceal(answer.body, secrets) })
    throw unusable(reading, words, help)
  }

  return { send, close: () => exchange.close() }
}

/** Whether an answer says that nothing was done. A success of an unexpected kind does not, nor does a server that fails. */
function isRefusal(status: number): boolean {
  return (status >= 300 && status < 500) || status === 501
}
