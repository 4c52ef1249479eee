import { AwsError } from './aws-error.js'
import type { XmlElements } from './xml.js'

/** What a listing asks for. Source: S3 API reference, ListObjectsV2. */
export interface ListingQuery {
  readonly prefix: string
  readonly delimiter: string | undefined
  readonly maxKeys: number
  /** The key or common prefix after which it goes on. */
  readonly after: string | undefined
}

export interface ListedObject {
  readonly name: string
  readonly size: number
  readonly etag: string
  /** ISO 8601. */
  readonly modified: string
}

export interface Listing {
  readonly objects: readonly ListedObject[]
  readonly prefixes: readonly string[]
  /** After what the next page goes on; undefined: this is the last. */
  readonly next: string | undefined
}

/** Keys that one answer has at most. */
const most = 1000

export function readListingQuery(parameters: URLSearchParams): ListingQuery {
  const written = parameters.get('max-keys') ?? String(most)
  const maxKeys = Number(written)
  if (!/^\d+$/.test(written) || maxKeys > 2_147_483_647)
    throw new AwsError(400, 'InvalidArgument', 'Provided max-keys not an integer or within integer range', {
      details: { ArgumentName: 'max-keys', ArgumentValue: written },
    })
  const token = parameters.get('continuation-token')
  if (token === '') throw new AwsError(400, 'InvalidArgument', 'The continuation token provided is incorrect')
  const delimiter = parameters.get('delimiter')
  return {
    prefix: parameters.get('prefix') ?? '',
    delimiter: delimiter === null || delimiter === '' ? undefined : delimiter,
    maxKeys: Math.min(maxKeys, most),
    after:
      token === null
        ? (parameters.get('start-after') ?? undefined)
        : Buffer.from(token, 'base64').toString('utf8'),
  }
}

/** One page of a bucket's objects. Keys are in the order of their bytes; those that share a prefix up to the delimiter count as one. */
export function listPage(all: readonly ListedObject[], query: ListingQuery): Listing {
  const { prefix, delimiter, maxKeys, after } = query
  const objects: ListedObject[] = []
  const prefixes: string[] = []
  let last: string | undefined
  for (const object of [...all].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))) {
    const { name } = object
    if (!name.startsWith(prefix)) continue
    const end = delimiter === undefined ? -1 : name.indexOf(delimiter, prefix.length)
    const shared = end < 0 || delimiter === undefined ? undefined : name.slice(0, end + delimiter.length)
    const entry = shared ?? name
    if (
      entry === last ||
      (after !== undefined && Buffer.compare(Buffer.from(entry), Buffer.from(after)) <= 0)
    )
      continue
    if (objects.length + prefixes.length === maxKeys)
      return { objects, prefixes, next: maxKeys === 0 ? undefined : last }
    if (shared === undefined) objects.push(object)
    else prefixes.push(shared)
    last = entry
  }
  return { objects, prefixes, next: undefined }
}

/** The content of `ListBucketResult`. */
export function listingXml(
  bucket: string,
  parameters: URLSearchParams,
  query: ListingQuery,
  listing: Listing,
): XmlElements {
  const encoding = parameters.get('encoding-type') ?? undefined
  const encoded = (text: string): string =>
    encoding === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text
  const optional = (text: string | null | undefined): string | undefined =>
    text === null || text === undefined ? undefined : encoded(text)
  const { objects, prefixes, next } = listing
  return {
    Name: bucket,
    Prefix: encoded(query.prefix),
    Delimiter: optional(query.delimiter),
    MaxKeys: query.maxKeys,
    EncodingType: encoding,
    KeyCount: objects.length + prefixes.length,
    IsTruncated: next !== undefined,
    ContinuationToken: parameters.get('continuation-token') ?? undefined,
    NextContinuationToken: next === undefined ? undefined : Buffer.from(next).toString('base64'),
    StartAfter: optional(parameters.get('start-after')),
    Contents: objects.map(({ name, size, etag, modified }) => ({
      Key: encoded(name),
      LastModified: modified,
      ETag: etag,
      Size: size,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: encoded(prefix) })),
  }
}
