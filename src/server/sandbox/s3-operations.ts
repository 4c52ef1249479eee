import { sql } from '../query-builder.js'
import { AwsError } from './aws-error.js'
import type { Bucket } from './fixture.js'
import { putObject } from './objects.js'
import type { RequestKeys } from './policy-pattern.js'
import { objectBody } from './s3-body.js'
import { type ListedObject, listingXml, listPage, readListingQuery } from './s3-listing.js'
import type { Service } from './service.js'
import type { SignedRequest } from './signature.js'
import { xmlDocument } from './xml.js'

/** What S3 puts in the name space of its answers. */
export const s3Namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** What one request of S3 does with a bucket or object. */
export interface S3Operation {
  /** The permission that it needs, such as `s3:ListBucket`. */
  readonly action: string
  /** What conditions of policies know of it. */
  readonly keys?: (parameters: URLSearchParams) => RequestKeys
  /** Asked of any region's endpoint, not only the bucket's own. */
  readonly everywhere?: true
  run(service: Service, bucket: Bucket, key: string, request: SignedRequest): Promise<Response>
}

/** Parameters that make another operation of the same method and path: those that the sandbox does not have. */
const others =
  /^(?:acl|analytics|cors|encryption|inventory|lifecycle|logging|metrics|notification|object-lock|ownershipControls|policy|policyStatus|publicAccessBlock|replication|tagging|uploads|uploadId|versioning|versions|website)$/

/** Finds the operation. Throws `NotImplemented` for those that the sandbox does not have. */
export function s3Operation({ method, url, headers }: SignedRequest, key: string): S3Operation {
  const parameters = url.searchParams
  const plain = ![...parameters.keys()].some((name) => others.test(name)) && !headers.has('x-amz-copy-source')
  if (plain && key === '') {
    if (method === 'HEAD') return headBucket
    if (method === 'GET' && parameters.has('location')) return getBucketLocation
    if (method === 'GET' && parameters.get('list-type') === '2') return listObjects
  } else if (plain) {
    if (method === 'GET' || method === 'HEAD') return getObject
    if (method === 'PUT') return storeObject
    if (method === 'DELETE') return deleteObject
  }
  throw new AwsError(
    501,
    'NotImplemented',
    'A header or query you provided requested a function that is not implemented.',
  )
}

const headBucket: S3Operation = {
  action: 's3:ListBucket',
  run: async (_service, { region }) => new Response(null, { headers: { 'x-amz-bucket-region': region } }),
}

const getBucketLocation: S3Operation = {
  action: 's3:GetBucketLocation',
  everywhere: true,
  // The oldest region has no name here.
  run: async (_service, { region }) =>
    xml(xmlText('LocationConstraint', region === 'us-east-1' ? '' : region)),
}

const listObjects: S3Operation = {
  action: 's3:ListBucket',
  keys: (parameters) =>
    new Map(
      ['prefix', 'delimiter', 'max-keys'].flatMap((name) => {
        const value = parameters.get(name)
        return value === null ? [] : [[`s3:${name}`, value] as const]
      }),
    ),
  async run({ store }, bucket, _key, { url }) {
    const query = readListingQuery(url.searchParams)
    const all = await store
      .selectFrom('sandbox_objects')
      .select(['name', 'etag', 'modified_at as modified', sql<number>`length(body)`.as('size')])
      .where('bucket', '=', bucket.name)
      .execute()
    const listing = listPage(all satisfies readonly ListedObject[], query)
    return xml(
      xmlDocument('ListBucketResult', s3Namespace, listingXml(bucket.name, url.searchParams, query, listing)),
    )
  },
}

const getObject: S3Operation = {
  action: 's3:GetObject',
  async run({ store }, bucket, key, { method }) {
    const row = await store
      .selectFrom('sandbox_objects')
      .selectAll()
      .where('bucket', '=', bucket.name)
      .where('name', '=', key)
      .executeTakeFirst()
    if (row === undefined)
      throw new AwsError(404, 'NoSuchKey', 'The specified key does not exist.', { details: { Key: key } })
    const body = new Uint8Array(row.body)
    return new Response(method === 'HEAD' ? null : body, {
      headers: {
        'content-type': row.content_type,
        'content-length': String(body.length),
        etag: row.etag,
        'last-modified': new Date(row.modified_at).toUTCString(),
      },
    })
  },
}

const storeObject: S3Operation = {
  action: 's3:PutObject',
  async run(service, bucket, key, request) {
    if (Buffer.byteLength(key) > 1024)
      throw new AwsError(400, 'KeyTooLongError', 'Your key is too long', {
        details: { Size: String(Buffer.byteLength(key)), MaxSizeAllowed: '1024' },
      })
    const type = request.headers.get('content-type') ?? 'binary/octet-stream'
    const etag = await putObject(service, bucket.name, key, objectBody(request), type)
    return new Response(null, { headers: { etag } })
  },
}

const deleteObject: S3Operation = {
  action: 's3:DeleteObject',
  async run({ store }, bucket, key) {
    await store
      .deleteFrom('sandbox_objects')
      .where('bucket', '=', bucket.name)
      .where('name', '=', key)
      .execute()
    return new Response(null, { status: 204 })
  },
}

function xmlText(name: string, text: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${s3Namespace}">${text}</${name}>`
}

export function xml(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'application/xml' } })
}
