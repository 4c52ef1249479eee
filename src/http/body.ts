import { Secret } from '../core/secret.js'

/** What a request sends as JSON. Secrets are revealed when the text is made, and nowhere before. Undefined members are left out. */
export type Body =
  | null
  | boolean
  | number
  | string
  | Secret
  | readonly Body[]
  | { readonly [name: string]: Body | undefined }

export interface EncodedBody {
  readonly text: string
  /** The secrets in it: a service that quotes its input in an error must not make us show them. */
  readonly secrets: readonly string[]
}

export function encodeBody(body: Body): EncodedBody {
  const secrets: string[] = []
  const reveal = (part: Body): unknown => {
    if (part instanceof Secret) {
      secrets.push(part.reveal())
      return part.reveal()
    }
    if (Array.isArray(part)) return part.map(reveal)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(
      Object.entries(part).flatMap(([name, value]) => (value === undefined ? [] : [[name, reveal(value)]])),
    )
  }
  const text = JSON.stringify(reveal(body))
  return { text, secrets }
}
