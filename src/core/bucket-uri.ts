import { checkBucketName, type Objection } from './aws.js'

/** A place in S3: a bucket, and the beginning of keys in it (empty: all of it). */
export interface BucketPlace {
  readonly bucket: string
  readonly prefix: string
}

/** Takes `s3://bucket/prefix` apart. Undefined: the text is not one. */
export function parseBucketUri(text: string): BucketPlace | undefined {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text) ?? []
  return bucket === undefined ? undefined : { bucket, prefix }
}

/** The longest key that S3 takes, in bytes of UTF-8. */
const longestKey = 1024

/** Checks the address of a bucket with or without a prefix. Undefined: nothing is wrong. */
export function checkBucketUri(text: string): Objection | undefined {
  const place = parseBucketUri(text)
  if (place === undefined)
    return { problem: 'is not s3://bucket or s3://bucket/prefix', help: rewritten(text) }
  const { bucket, prefix } = place
  if (/[?#]/.test(bucket))
    return { problem: 'has a query or fragment', help: 'Leave out everything from "?" or "#" on.' }
  const name = checkBucketName(bucket)
  if (name !== undefined) return { problem: `names a bucket that ${name.problem}`, help: name.help }
  if (prefix.startsWith('/'))
    return {
      problem: 'has two slashes after the bucket',
      help: `Keys seldom begin with a slash: write ${JSON.stringify(`s3://${bucket}/${prefix.replace(/^\/+/, '')}`)}.`,
    }
  if (Buffer.byteLength(prefix) > longestKey)
    return {
      problem: `has a prefix of more than ${longestKey} bytes`,
      help: 'No key in S3 is longer than that.',
    }
  return undefined
}

function rewritten(text: string): string {
  const [, scheme, rest] = /^(s3[an]?):\/\/([^/].*)$/is.exec(text) ?? []
  if (scheme !== undefined)
    return `Write s3:// in lower case and without a letter behind it: ${JSON.stringify(`s3://${rest}`)}.`
  const arn = /^arn:[^:]+:s3:::([^/].*)$/s.exec(text)?.[1]
  if (arn !== undefined) return `Write the address, not the ARN: ${JSON.stringify(`s3://${arn}`)}.`
  if (/^https?:\/\//i.test(text)) return 'Write the bucket as s3://bucket/prefix, not as a web address.'
  if (checkBucketName(text.split('/')[0] ?? '') === undefined)
    return `Write it with its scheme: ${JSON.stringify(`s3://${text}`)}.`
  return 'For example "s3://acme-data/reports/".'
}
