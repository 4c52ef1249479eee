import type { Test } from 'tap'
import type { Json, JsonObject } from '../../src/core/json.js'
import type { ControlPlaneOptions } from '../../src/server/control-plane.js'

/** A request that a vendor's page shows, or that makes what it needs, and what has to come of it. */
export interface Sample {
  readonly name: string
  readonly method: string
  /** From the host on. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: JsonObject
  readonly status: number
  /** The answer as the page prints it; null: it says that there is none. Absent: the page's print is lost, or it has none. */
  readonly printed?: JsonObject | null
  /** The page prints only this member of what every answer has around it. */
  readonly within?: string
  /** Where the print is not what its service answers: member, what it is in truth (absent: not there), and why that is known. */
  readonly corrected?: Readonly<Record<string, readonly [why: string, truth?: Json]>>
  /** What the service chooses, by member (`owner.email`). */
  readonly generated?: Readonly<Record<string, RegExp>>
  /** What the page's text says of an answer that it does not print. */
  readonly told?: object
}

/** Samples that follow each other on one plane. */
export interface Story {
  readonly name: string
  readonly plane?: Partial<ControlPlaneOptions>
  /** The AWS behind the plane: as which user of the company's sandbox, and with which external id. */
  readonly aws?: { readonly as: 'plane' | 'vendor'; readonly externalId?: string }
  readonly samples: readonly Sample[]
}

/** Sends a request to wherever the plane is. Only what an HTTP client of somebody else's could send. */
export type Ask = (path: string, request: RequestInit) => Promise<Response>

/** Tells a story to a plane: every answer equals what is printed, as JSON, but for what the service chooses. */
export async function holds(t: Test, { samples }: Story, ask: Ask): Promise<void> {
  for (const sample of samples) {
    const { name, method, path, headers = {}, body, status } = sample
    const response = await ask(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    t.equal(response.status, status, `${name}: ${text}`)
    const answer = text === '' ? null : (JSON.parse(text) as JsonObject)
    if (sample.told !== undefined) t.match(answer, sample.told, name)
    if (sample.printed !== undefined) isPrinted(t, sample, answer)
  }
}

function isPrinted(
  t: Test,
  { name, printed, within, corrected = {}, generated = {} }: Sample,
  answer: Json,
): void {
  const seen = within === undefined ? structuredClone(answer) : { [within]: memberOf(answer, within) ?? null }
  const expected = structuredClone(printed ?? null)
  for (const [path, [, truth]] of Object.entries(corrected)) setMember(expected, path, truth)
  for (const [path, pattern] of Object.entries(generated)) {
    t.match(String(memberOf(seen, path)), pattern, `${name}: ${path}`)
    setMember(seen, path, 'chosen')
    setMember(expected, path, 'chosen')
  }
  t.strictSame(seen, expected, name)
}

function memberOf(from: Json, path: string): Json | undefined {
  const [first = '', ...rest] = path.split('.')
  const member = isObject(from) ? from[first] : undefined
  return rest.length === 0 || member === undefined ? member : memberOf(member, rest.join('.'))
}

/** Sets a member of a document that is ours alone; removes it if there is no value. */
function setMember(document: Json, path: string, value: Json | undefined): void {
  const names = path.split('.')
  const last = names.pop() ?? ''
  const parent = names.length === 0 ? document : memberOf(document, names.join('.'))
  if (!isObject(parent ?? null)) throw new Error(`nothing has a member ${path}`)
  const members = parent as Record<string, Json>
  if (value === undefined) delete members[last]
  else members[last] = value
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
