/** What a request of S3 is about, by its host and path. */
export interface S3Address {
  readonly bucket: string | undefined
  /** The object's key; empty for the bucket itself. */
  readonly key: string
  /** The region whose endpoint the host is; undefined: the host says none, and whatever bucket is asked for is behind it. */
  readonly region: string | undefined
}

/** Takes both forms: the bucket in the host name, and in the path. Throws a `URIError` if the path is badly encoded. */
export function s3Address({ hostname, pathname }: URL): S3Address {
  const parts =
    /^(?:(.+)\.)?s3(?:[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com(?:\.cn)?$/.exec(
      hostname,
    ) ?? /^(.+)\.localhost$/.exec(hostname)
  const [, hosted, region] = parts ?? []
  if (hosted !== undefined) return { bucket: hosted, key: decodeURIComponent(pathname.slice(1)), region }
  const slash = pathname.indexOf('/', 1)
  const bucket = decodeURIComponent(slash < 0 ? pathname.slice(1) : pathname.slice(1, slash))
  return {
    bucket: bucket === '' ? undefined : bucket,
    key: slash < 0 ? '' : decodeURIComponent(pathname.slice(slash + 1)),
    region,
  }
}
