import { error, Failure } from '../core/diagnostic.js'

/** Where a service is: the control plane in this process, with a database of its own or the default one, or a URL. */
export type Endpoint =
  | { readonly kind: 'embedded'; readonly path: string | undefined }
  | { readonly kind: 'url'; readonly url: URL }

/** What the endpoints of a service have of their own. */
export interface EndpointForm {
  /** The path of its API: "/api/v1". */
  readonly path: string
  readonly example: string
  /** What to do with credentials that stand in the URL: "set token". */
  readonly instead: string
  /** The error for an endpoint; `problem` goes on after its name: `has a query`. */
  refuse(problem: string, help: string): Failure
}

/**
 * Reads an `endpoint`. The path of the API at its end is left out, since requests add it: so the same place is always the same
 * text. Throws what `refuse` makes.
 */
export function parseEndpoint(text: string, { path, example, instead, refuse }: EndpointForm): Endpoint {
  if (text === 'embedded') return { kind: 'embedded', path: undefined }
  if (text.startsWith('embedded:')) {
    const file = text.slice('embedded:'.length)
    if (file === '')
      throw refuse('names no file after "embedded:"', 'Write embedded:PATH, or embedded alone.')
    return { kind: 'embedded', path: file }
  }
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text))
    throw refuse(
      `is ${JSON.stringify(text)}, which is not a URL`,
      `Write it with its scheme, such as "${example}", or "embedded".`,
    )
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    throw refuse('holds credentials', `Take them out of the URL and ${instead}.`)
  if (url.search !== '' || url.hash !== '')
    throw refuse('has a query or fragment', 'Give the address alone: nothing from "?" or "#" on.')
  const bare = url.pathname.replace(/\/+$/, '')
  url.pathname = (bare.endsWith(path) ? bare.slice(0, -path.length) : bare).replace(/\/+$/, '')
  return { kind: 'url', url }
}

/** What most services say to an endpoint that is none: `api` is "the Tines API". */
export function refusesEndpoint(provider: string, api: string): EndpointForm['refuse'] {
  return (problem, help) =>
    new Failure(
      error(`${provider}/endpoint`, `Not an endpoint of ${api}`, { detail: `endpoint ${problem}.`, help }),
    )
}
