import { BudgetSpent, LostAnswer, ServiceError } from '../core/resource.js'

/** Refusals that are about the one object that the request names. */
const aboutOneObject = new Set([400, 404, 409, 410, 412, 413, 414, 422, 423, 428])

/**
 * A key that is the same for what fails for the same cause, whichever object it was about; undefined for what no service said.
 * A service in trouble, or one that refuses who we are, says the same of every object: its words count without the numbers and
 * addresses in them. What it says of one object is that object's own cause.
 */
export function causeKey(error: unknown): string | undefined {
  if (error instanceof BudgetSpent) return 'budget'
  if (error instanceof LostAnswer) return `lost ${causeKey(error.cause) ?? wordsOfAny(error.cause)}`
  if (!(error instanceof ServiceError)) return undefined
  const { cause, status, words } = error.facts
  if (cause !== undefined) return cause
  return isWide(status) ? `${status} ${wordsOfAny(words)}` : `${error.doing} ${status} ${words}`
}

function wordsOfAny(said: unknown): string {
  const text = said instanceof Error ? said.message : String(said ?? '')
  return text
    .replace(/\S+@\S+/g, '@')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{20,}/gi, '#')
    .replace(/[0-9]+/g, '#')
}

function isWide(status: number | undefined): boolean {
  return status !== undefined && status >= 300 && !aboutOneObject.has(status)
}

/** A cause that all requests to a service share: none of the others need be tried. */
export function sharedCause(error: unknown): ServiceError['facts']['cause'] {
  return error instanceof ServiceError ? error.facts.cause : undefined
}

/**
 * What kind of trouble a failed write points to, if not to its own object: when it comes again and again, the others will
 * hardly do better. Everything that leaves a write without an answer is one kind.
 */
export function troubleOf(error: unknown): string | undefined {
  if (error instanceof LostAnswer) return 'fails'
  if (!(error instanceof ServiceError) || !isWide(error.facts.status)) return undefined
  const { status = 0 } = error.facts
  return status >= 500 && status !== 501 ? 'fails' : `HTTP ${status}`
}
