import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { error, Failure } from '../core/diagnostic.js'
import { fileReason } from '../core/file-error.js'
import type { TlsIdentity } from '../server/serve.js'

export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

/** Reads a certificate and its key. Throws a `Failure` if they cannot be read, or do not belong together. */
export async function readTlsFiles(folder: string, files: TlsFiles): Promise<TlsIdentity> {
  const identity = {
    cert: await readPem(folder, files.cert, 'certificate'),
    key: await readPem(folder, files.key, 'key'),
  }
  try {
    createSecureContext(identity)
  } catch (cause) {
    throw new Failure(
      error('app/tls-files', 'The server cannot speak TLS with these files', {
        detail: `${files.cert}, ${files.key}: ${cause instanceof Error ? cause.message : String(cause)}`,
        help: 'Name the certificate with --tls-cert and the private key that belongs to it, without a passphrase, with --tls-key; both in PEM form.',
      }),
      { cause },
    )
  }
  return identity
}

async function readPem(folder: string, file: string, what: string): Promise<string> {
  try {
    return await readFile(resolve(folder, file), 'utf8')
  } catch (cause) {
    throw new Failure(
      error('app/tls-files', `The ${what} of the server cannot be read`, {
        detail: `${file}: ${fileReason(cause)}`,
      }),
      { cause },
    )
  }
}
