import type { AwsIdentity } from '../../aws/access.js'
import { openDatabase } from '../database.js'
import { AwsError } from './aws-error.js'
import { paceOf } from './pace.js'
import { answerQuery } from './query.js'
import { readFixture } from './read-fixture.js'
import { answerS3 } from './s3.js'
import { seed } from './seed.js'
import type { Service } from './service.js'
import { readAuthorization, type SignedRequest } from './signature.js'
import { type SandboxTables, sandboxSteps } from './tables.js'
import { xmlDocument } from './xml.js'

export interface SandboxOptions {
  /** The text of the fixture: accounts with users, roles, policies and buckets (docs/sandbox.md). */
  readonly fixture: string
  /** How messages name it. */
  readonly file: string
  /** Where what is made at run time is kept: a file, made with its folders and its key file, or `:memory:`. */
  readonly database: string
  now(): Date
  random(bytes: number): Uint8Array
}

/** A small AWS: STS, IAM and S3, for trying things out and for tests. */
export interface Sandbox {
  /** Answers a request of any of the three, signed as for the real one. The host says which, else what it was signed for. */
  fetch(request: Request): Promise<Response>
  /** Keys of the fixture's `control_plane` user; undefined if it names none. */
  readonly identity: AwsIdentity | undefined
  /** The fixture's `external_id`. */
  readonly externalId: string | undefined
  close(): Promise<void>
}

/** Bytes of a request: objects are small here. */
const largest = 8 * 1024 * 1024

/** Opens a sandbox. Throws a `Failure` if its fixture or database cannot be used. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const fixture = readFixture(options.fixture, options.file)
  const now = (): Date => options.now()
  const random = (bytes: number): Uint8Array => options.random(bytes)
  const database = await openDatabase({ path: options.database, now, random })
  try {
    await database.prepare(sandboxSteps)
    const store = database.tables.withTables<SandboxTables>()
    const pace = paceOf(fixture.requestsPerSecond, now)
    const service: Service = { fixture, store, sealer: database.sealer, pace, now, random }
    await seed(service)
    const user = fixture.controlPlane === undefined ? undefined : fixture.users.get(fixture.controlPlane)
    const key = user?.keys.find(({ status }) => status === 'Active')
    return {
      fetch: (request) => answer(service, request),
      identity: key === undefined ? undefined : { accessKeyId: key.id, secretAccessKey: key.secret },
      externalId: fixture.externalId,
      close: () => database.close(),
    }
  } catch (cause) {
    await database.close()
    throw cause
  }
}

async function answer(service: Service, request: Request): Promise<Response> {
  const body = await readBody(request)
  if (body === undefined) return new Response(null, { status: 413 })
  const url = new URL(request.url)
  const headers = new Map(request.headers)
  if (!headers.has('host')) headers.set('host', url.host)
  const read: SignedRequest = { method: request.method, url, headers, body }
  const addressed = /^(sts|iam)\./.exec(url.hostname)?.[1]
  try {
    const authorization = readAuthorization(headers)
    const asked = authorization?.service ?? addressed ?? (isForm(headers) ? 'sts' : 's3')
    if (asked === 's3') return await answerS3(service, read, authorization)
    if (asked === 'sts' || asked === 'iam') return await answerQuery(service, asked, read, authorization)
    return refusal(new AwsError(404, 'UnknownService', `The sandbox has STS, IAM and S3, and no ${asked}.`))
  } catch (cause) {
    if (cause instanceof AwsError) return refusal(cause)
    const problem = cause instanceof Error ? cause.message : String(cause)
    return refusal(new AwsError(500, 'InternalFailure', `The sandbox failed: ${problem}`))
  }
}

/** Undefined: it is larger than the sandbox takes. */
async function readBody(request: Request): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > largest) return undefined
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of request.body ?? []) {
    size += piece.length
    if (size > largest) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function isForm(headers: ReadonlyMap<string, string>): boolean {
  return headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true
}

/** What is refused before it is known which service answers. */
function refusal({ status, code, message }: AwsError): Response {
  const error = { Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message } }
  return new Response(xmlDocument('ErrorResponse', undefined, error), {
    status,
    headers: { 'content-type': 'text/xml' },
  })
}
