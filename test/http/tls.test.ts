import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { TrifactaApi } from '../../src/providers/trifacta/api.js'
import { person } from '../../src/providers/trifacta/person.js'
import { connectUrl, inputsFor } from '../fixtures/trifacta-connection.js'

/** A certificate authority of its own, and a certificate of it for a host; undefined without openssl. */
function certificates(t: Test, host: string): { ca: string; key: string; cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-tls-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const openssl = (...parts: string[]) =>
    execFileSync('openssl', parts, { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  try {
    openssl('req', '-x509', ...fresh, '-subj', '/CN=Acme CA', '-keyout', 'ca.key', '-out', 'ca.pem')
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', `subjectAltName=${host}`]
    openssl(
      'req',
      '-x509',
      ...fresh,
      '-subj',
      '/CN=service',
      ...signed,
      '-addext',
      'basicConstraints=critical,CA:FALSE',
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
    )
  } catch {
    return undefined
  }
  return { ca: read('ca.pem'), key: read('key.pem'), cert: read('cert.pem') }
}

async function serving(t: Test, { key, cert }: { key: string; cert: string }): Promise<string> {
  const server = createServer({ key, cert }, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[]}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function finding(t: Test, settings: Readonly<Record<string, string>>) {
  const connection = await connectUrl(settings)
  t.teardown(() => connection.close())
  const api = connection.api({ readOnly: true, snapshot: false }) as TrifactaApi
  return person.find(api, inputsFor('trifacta_person', { email: 'jane@example.com' }))
}

t.test('a service behind a private authority is trusted by the certificate of that', async (t) => {
  const made = certificates(t, 'IP:127.0.0.1')
  if (made === undefined) return t.pass('skipped: there is no openssl here')
  const endpoint = await serving(t, made)
  t.equal(await finding(t, { endpoint, ca_certificate: made.ca }), undefined)
  await t.rejects(finding(t, { endpoint }), {
    message:
      /listing people: the certificate of 127\.0\.0\.1:\d+ is signed by nobody that this machine trusts/,
    facts: { help: /ca_certificate/ },
  })
})

t.test('a certificate of another host is refused, whoever signed it', async (t) => {
  const made = certificates(t, 'DNS:other.example.com')
  if (made === undefined) return t.pass('skipped: there is no openssl here')
  const endpoint = await serving(t, made)
  await t.rejects(finding(t, { endpoint, ca_certificate: made.ca }), {
    message: /the certificate of 127\.0\.0\.1:\d+ belongs to another host/,
  })
})
