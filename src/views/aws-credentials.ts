import type { Issued } from '../core/resource.js'

/** What the AWS CLI and SDKs expect of a `credential_process`. It holds the secrets in clear. */
export function credentialProcessJson(issued: Issued): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: issued.accessKeyId,
    SecretAccessKey: issued.secretAccessKey.reveal(),
    ...(issued.sessionToken !== undefined && { SessionToken: issued.sessionToken.reveal() }),
    ...(issued.expiration !== undefined && { Expiration: rfc3339(issued.expiration) }),
  })
}

/** Lines for a shell to evaluate. What other credentials have left in its environment is taken out. It holds the secrets in clear. */
export function exportLines(issued: Issued): string {
  const { sessionToken, expiration } = issued
  const lines = [
    ['AWS_ACCESS_KEY_ID', issued.accessKeyId],
    ['AWS_SECRET_ACCESS_KEY', issued.secretAccessKey.reveal()],
    ['AWS_SESSION_TOKEN', sessionToken?.reveal()],
    ['AWS_CREDENTIAL_EXPIRATION', expiration === undefined ? undefined : rfc3339(expiration)],
  ] as const
  return lines
    .map(([name, value]) => (value === undefined ? `unset ${name}\n` : `export ${name}=${quoted(value)}\n`))
    .join('')
}

/** Within single quotes a shell takes everything as it is, but the single quote. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** To the second: some SDKs take nothing finer. */
function rfc3339(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}
