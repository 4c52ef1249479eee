import type { Json } from '../core/json.js'
import { type Meaning, ServiceError } from '../core/resource.js'
import { bareWords, contentOf, excerpt, shownWords } from './answer.js'
import { conceal, concealJson } from './conceal.js'
import type { WireAnswer } from './exchange.js'

export interface RefusedRequest {
  readonly doing: string
  readonly url: URL
  readonly secrets: readonly string[]
  /** Milliseconds. */
  readonly asked: number | undefined
  readonly requestIdHeader: string
  words(body: Json): string | undefined
  meaning?(status: number, body: Json | undefined, words: string): Meaning | undefined
  readonly unauthorizedHelp: string
  /** What to say more where something else answers than the API. */
  readonly elsewhereHelp?: string
  advice?(status: number, words: string): Advice | undefined
}

/** What a refusal means for the user. */
export interface Advice {
  readonly help: string
  readonly cause?: 'unauthorized'
}

/** The error of an answer that the caller does not take. Its `cause` is the answer's JSON, if that is what it has. */
export function refusal(answer: WireAnswer, request: RefusedRequest): ServiceError {
  const { status } = answer
  const target = status >= 300 && status < 400 ? locationOf(answer, request.url) : undefined
  const content = contentOf(answer)
  const json = content.kind === 'json' ? content.json : undefined
  const own = json === undefined ? undefined : request.words(json)
  const said = own ?? foreignWords(json)
  // Secrets go first: what is cut short or laid out anew is not recognised any more.
  const hidden = { ...answer, body: conceal(answer.body, request.secrets) }
  const words =
    target === undefined
      ? said === undefined
        ? (bareWords(hidden) ??
          (isSuccess(status) ? 'a success, without the content that it should have' : undefined))
        : conceal(said, request.secrets)
      : conceal(`it redirects to ${target.origin}${target.pathname}`, request.secrets)
  const requestId = requestIdIn(answer.headers, request.requestIdHeader, request.secrets)
  // What it means is told by the words as they came.
  const meaning = request.meaning?.(status, json, own ?? bareWords(answer) ?? '')
  return new ServiceError(
    request.doing,
    {
      status,
      ...(words === undefined ? {} : { words: excerpt(words, said === undefined ? undefined : shownWords) }),
      ...(meaning === undefined ? {} : { meaning }),
      ...(requestId === undefined ? {} : { requestId }),
      ...((own === undefined ? undefined : request.advice?.(status, own)) ??
        adviceFor(status, target, own === undefined && meaning === undefined, request)),
    },
    json === undefined ? {} : { cause: concealJson(json, request.secrets) },
  )
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function adviceFor(status: number, target: URL | undefined, foreign: boolean, request: RefusedRequest) {
  if (target?.origin === request.url.origin)
    return { help: 'Check the endpoint: what is there leads elsewhere, or round in a circle.' }
  if (target !== undefined)
    return {
      help: `Credentials are not sent on to ${target.origin}: if the API is there, set the endpoint to it.`,
    }
  const elsewhere = request.elsewhereHelp === undefined ? '' : ` ${request.elsewhereHelp}`
  if (status === 401) {
    const help = `${request.unauthorizedHelp}${foreign ? elsewhere : ''}`
    return { cause: 'unauthorized' as const, help }
  }
  if (status === 404 && foreign)
    return {
      help: `This does not come from the API itself: check host, port and path of the endpoint.${elsewhere}`,
    }
  if (status === 403 && foreign)
    return {
      help: `This does not look like an answer of the API itself: check the endpoint, whatever may stand before it, and the token.${elsewhere}`,
    }
  if (status === 429) {
    const wait = request.asked === undefined ? 'later' : `in ${Math.ceil(request.asked / 1000)} s`
    return { cause: 'rate-limited' as const, help: `Try again ${wait}, or with less --parallelism.` }
  }
  return {}
}

/** What JSON says that is not in the form of the API, where it says it as most services do. */
function foreignWords(json: Json | undefined): string | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  const members = json as Readonly<Record<string, Json>>
  for (const name of ['message', 'error', 'detail', 'errors']) {
    const value = members[name]
    const texts = (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string')
    if (texts.some((text) => text !== '')) return texts.join('; ')
  }
  return undefined
}

/** By what the service knows the request, as it may be shown. */
export function requestIdIn(
  headers: WireAnswer['headers'],
  header: string,
  secrets: readonly string[],
): string | undefined {
  const id = headers.get(header)
  return id === undefined || id === '' ? undefined : excerpt(conceal(id, secrets))
}

/** Where to go on: only within the origin, because the request carries credentials, and a write only if told to repeat it. */
export function redirection(answer: WireAnswer, from: URL, writes: boolean): URL | undefined {
  const follow = writes ? [307, 308] : [301, 302, 303, 307, 308]
  if (!follow.includes(answer.status)) return undefined
  const target = locationOf(answer, from)
  return target?.origin === from.origin ? target : undefined
}

function locationOf(answer: WireAnswer, from: URL): URL | undefined {
  const location = answer.headers.get('location')
  return location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : undefined
}
