import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import { AwsError } from './aws-error.js'

/** A request, read in full. */
export interface SignedRequest {
  readonly method: string
  readonly url: URL
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: Uint8Array
}

/** What a request says of its signature. */
export interface Authorization {
  readonly accessKeyId: string
  /** `YYYYMMDD`. */
  readonly date: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: ReadonlySet<string>
  readonly signature: string
}

/** How far a client's clock may be off, in milliseconds. */
const tolerance = 15 * 60_000

/** Reads the `Authorization` header; undefined if there is none, an error if it is malformed. */
export function readAuthorization(headers: SignedRequest['headers']): Authorization | undefined {
  const text = headers.get('authorization')
  if (text === undefined) return undefined
  const fields = new Map(
    text
      .replace(/^AWS4-HMAC-SHA256\s+/, '')
      .split(/\s*,\s*/)
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] as const),
  )
  const [accessKeyId, date, region, service, end] = (fields.get('Credential') ?? '').split('/')
  const signature = fields.get('Signature') ?? ''
  const signedHeaders = new Set((fields.get('SignedHeaders') ?? '').split(';'))
  const complete =
    text.startsWith('AWS4-HMAC-SHA256') &&
    end === 'aws4_request' &&
    /^\d{8}$/.test(date ?? '') &&
    /^[0-9a-f]{64}$/.test(signature) &&
    signedHeaders.has('host')
  if (
    !complete ||
    accessKeyId === undefined ||
    date === undefined ||
    region === undefined ||
    service === undefined
  )
    throw new AwsError(
      400,
      'IncompleteSignature',
      'Authorization header requires a Credential, SignedHeaders with host, and a Signature of AWS4-HMAC-SHA256.',
    )
  return { accessKeyId, date, region, service, signedHeaders, signature }
}

/** The words in which a service refuses a signature. */
export interface SignatureWords {
  /** The clock is off. */
  readonly skewed: (sent: Date, now: Date) => AwsError
  readonly mismatch: () => AwsError
}

/** Throws unless the request was signed with the secret, at about this time, all of its `x-amz-` headers too, and carries the body that was signed. */
export async function checkSignature(
  request: SignedRequest,
  authorization: Authorization,
  secret: string,
  now: Date,
  words: SignatureWords,
): Promise<void> {
  const sent = timeOf(request.headers)
  if (sent === undefined) throw words.mismatch()
  if (Math.abs(sent.getTime() - now.getTime()) > tolerance) throw words.skewed(sent, now)
  if (!sent.toISOString().replaceAll('-', '').startsWith(authorization.date)) throw words.mismatch()
  const unsigned = [...request.headers.keys()].filter(
    (name) =>
      name.startsWith('x-amz-') && name !== 'x-amz-user-agent' && !authorization.signedHeaders.has(name),
  )
  if (unsigned.length > 0)
    throw new AwsError(
      403,
      'AccessDenied',
      'There were headers present in the request which were not signed',
      {
        details: { HeadersNotSigned: unsigned.join(', ') },
      },
    )
  const signed = await signatureOf(request, authorization, secret, sent)
  if (!timingSafeEqual(Buffer.from(signed, 'hex'), Buffer.from(authorization.signature, 'hex')))
    throw words.mismatch()
  checkBody(request, authorization)
}

async function signatureOf(
  request: SignedRequest,
  { accessKeyId, region, service, signedHeaders }: Authorization,
  secret: string,
  sent: Date,
): Promise<string> {
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey: secret },
    region,
    service,
    sha256: Sha256,
    // S3 signs paths as they are sent, the others encode them once more.
    uriEscapePath: service !== 's3',
    applyChecksum: false,
  })
  const query: Record<string, string | string[]> = {}
  for (const name of new Set(request.url.searchParams.keys()))
    query[name] = request.url.searchParams.getAll(name)
  const { headers } = await signer.sign(
    {
      method: request.method,
      protocol: request.url.protocol,
      hostname: request.url.hostname,
      path: request.url.pathname,
      query,
      headers: {
        ...Object.fromEntries([...request.headers].filter(([name]) => signedHeaders.has(name))),
        // What the body's hash was said to be counts, signed or not: `checkBody` compares it with the body.
        ...hashHeader(request, signedHeaders),
      },
      body: request.body,
    },
    { signingDate: sent, signableHeaders: new Set(signedHeaders) },
  )
  return /Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '')?.[1] ?? '00'.repeat(32)
}

function hashHeader(request: SignedRequest, signed: ReadonlySet<string>): Readonly<Record<string, string>> {
  const hash = request.headers.get('x-amz-content-sha256')
  return hash === undefined || !signed.has('x-amz-content-sha256') ? {} : { 'x-amz-content-sha256': hash }
}

function checkBody({ headers, body }: SignedRequest, { signedHeaders }: Authorization): void {
  const said = headers.get('x-amz-content-sha256')
  if (said === undefined || !signedHeaders.has('x-amz-content-sha256')) return
  if (said === 'UNSIGNED-PAYLOAD' || said.startsWith('STREAMING-UNSIGNED')) return
  if (said.startsWith('STREAMING-'))
    throw new AwsError(501, 'NotImplemented', 'The sandbox takes no body that is signed in chunks.')
  if (said !== createHash('sha256').update(body).digest('hex'))
    throw new AwsError(
      400,
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
}

function timeOf(headers: SignedRequest['headers']): Date | undefined {
  const written = headers.get('x-amz-date')
  if (written === undefined) return undefined
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(written)
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`)
  return Number.isNaN(time.getTime()) ? undefined : time
}

/** SHA-256, keyed or not, as the signer wants it. */
class Sha256 {
  private readonly secret: Uint8Array | undefined
  private pieces: Uint8Array[] = []

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.secret = secret === undefined ? undefined : bytesOf(secret)
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.pieces.push(bytesOf(data))
  }

  async digest(): Promise<Uint8Array> {
    const hash = this.secret === undefined ? createHash('sha256') : createHmac('sha256', this.secret)
    for (const piece of this.pieces) hash.update(piece)
    return hash.digest()
  }

  reset(): void {
    this.pieces = []
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data)
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
