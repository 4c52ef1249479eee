import { AwsError } from './aws-error.js'
import type { SignedRequest } from './signature.js'

/** The object in a request's body: as it is, or out of the chunks in which the SDKs send it with a checksum after it. */
export function objectBody({ headers, body }: SignedRequest): Uint8Array {
  if (!(headers.get('x-amz-content-sha256') ?? '').startsWith('STREAMING-')) return body
  const pieces: Uint8Array[] = []
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at)
    const size = end < 0 ? '' : bytes.toString('latin1', at, end).split(';')[0]
    if (size === undefined || !/^[0-9a-fA-F]{1,8}$/.test(size)) throw incomplete()
    const length = Number.parseInt(size, 16)
    if (length === 0) return Buffer.concat(pieces)
    const start = end + 2
    if (start + length + 2 > bytes.length) throw incomplete()
    pieces.push(bytes.subarray(start, start + length))
    at = start + length + 2
  }
}

function incomplete(): AwsError {
  return new AwsError(
    400,
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  )
}
