import type { JsonObject } from '../../core/json.js'
import { badRequest } from './api-error.js'

/** The part of a list that a request asks for. */
export interface Page {
  readonly number: number
  readonly size: number
}

const defaultSize = 20
/** A larger `per_page` is lowered to this. */
const largestSize = 500

export function readPage(query: URLSearchParams): Page {
  return {
    number: positive(query, 'page') ?? 1,
    size: Math.min(positive(query, 'per_page') ?? defaultSize, largestSize),
  }
}

export function offsetOf({ number, size }: Page): number {
  return (number - 1) * size
}

/** The `meta` of a list: the links keep the other parameters of the request. */
export function meta(request: Request, page: Page, count: number): JsonObject {
  const pages = Math.max(1, Math.ceil(count / page.size))
  const link = (number: number): string => {
    const url = new URL(request.url)
    url.searchParams.set('per_page', String(page.size))
    url.searchParams.set('page', String(number))
    return url.href
  }
  const more = page.number < pages
  return {
    current_page: link(page.number),
    previous_page: page.number > 1 ? link(page.number - 1) : null,
    next_page: more ? link(page.number + 1) : null,
    next_page_number: more ? page.number + 1 : null,
    per_page: page.size,
    pages,
    count,
  }
}

function positive(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^[1-9][0-9]{0,8}$/.test(text))
    throw badRequest(`the query parameter ${name} must be a whole number from 1`)
  return Number(text)
}
