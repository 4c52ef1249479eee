/** One request as it goes over the wire. `body` is the finished text. */
export interface WireRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** One answer as it came. Header names are in lower case; a repeated header is joined with commas. */
export interface WireAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/**
 * Carries one request. `written` is called when the request goes to an open socket, and not before; if it throws, nothing
 * is sent and the error comes back. Rejects with `TooLarge`, with the reason of `signal`, or with what the network says.
 */
export interface Exchange {
  send(request: WireRequest, written: () => void, signal: AbortSignal): Promise<WireAnswer>
  close(): Promise<void>
}

/** The answer has more bytes than a client should take. */
export class TooLarge extends Error {
  constructor(readonly limit: number) {
    super(`the answer has more than ${limit} bytes`)
    this.name = 'TooLarge'
  }
}

/** Collects the chunks of an answer up to a limit of bytes. */
export function collector(limit: number): { add(chunk: Uint8Array): void; text(): string } {
  const chunks: Uint8Array[] = []
  let size = 0
  return {
    add(chunk) {
      size += chunk.byteLength
      if (size > limit) throw new TooLarge(limit)
      chunks.push(chunk)
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  }
}
