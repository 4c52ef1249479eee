import { error, Failure } from '../../core/diagnostic.js'

/** Where the tenant is: the control plane in this process, with a database of its own or the default one, or a URL. */
export type Endpoint =
  | { readonly kind: 'embedded'; readonly path: string | undefined }
  | { readonly kind: 'url'; readonly url: URL }

/**
 * Reads the `endpoint` of the settings. `/api/v1` at its end is left out, since requests add it: so the same place is always the
 * same text. Throws a `Failure` without a place.
 */
export function parseEndpoint(text: string): Endpoint {
  if (text === 'embedded') return { kind: 'embedded', path: undefined }
  if (text.startsWith('embedded:')) {
    const path = text.slice('embedded:'.length)
    if (path === '')
      throw refuse('names no file after "embedded:"', 'Write embedded:PATH, or embedded alone.')
    return { kind: 'embedded', path }
  }
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text))
    throw refuse(
      `is ${JSON.stringify(text)}, which is not a URL`,
      'Write it with scheme and host, such as "https://acme.tines.com", or "embedded".',
    )
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    throw refuse('holds credentials', 'Take them out of the URL and use token.')
  if (url.search !== '' || url.hash !== '')
    throw refuse('has a query or fragment', 'Give the address alone: nothing from "?" or "#" on.')
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/api\/v1$/, '')
  return { kind: 'url', url }
}

function refuse(problem: string, help: string): Failure {
  return new Failure(
    error('tines/endpoint', 'Not an endpoint of the Tines API', { detail: `endpoint ${problem}.`, help }),
  )
}
