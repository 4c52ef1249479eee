import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import type { TrifactaApi } from '../../src/providers/trifacta/api.js'
import { person } from '../../src/providers/trifacta/person.js'
import { certificates, lacksOpenssl } from '../fixtures/certificates.js'
import { connectUrl, inputsFor } from '../fixtures/trifacta-connection.js'

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

t.test(
  'a service behind a private authority is trusted by the certificate of that',
  { skip: lacksOpenssl },
  async (t) => {
    const made = certificates(t, 'IP:127.0.0.1')
    const endpoint = await serving(t, made)
    t.equal(await finding(t, { endpoint, ca_certificate: made.ca }), undefined)
    await t.rejects(finding(t, { endpoint }), {
      message:
        /listing people: the certificate of 127\.0\.0\.1:\d+ is signed by nobody that this machine trusts/,
      facts: { help: /ca_certificate/ },
    })
  },
)

t.test('a certificate of another host is refused, whoever signed it', { skip: lacksOpenssl }, async (t) => {
  const made = certificates(t, 'DNS:other.example.com')
  const endpoint = await serving(t, made)
  await t.rejects(finding(t, { endpoint, ca_certificate: made.ca }), {
    message: /the certificate of 127\.0\.0\.1:\d+ belongs to another host/,
  })
})

t.test('who leaves out TLS where it is spoken is asked about that', { skip: lacksOpenssl }, async (t) => {
  const endpoint = (await serving(t, certificates(t, 'IP:127.0.0.1'))).replace('https:', 'http:')
  await t.rejects(finding(t, { endpoint }), {
    message: /the connection to 127/,
    facts: { help: /should begin with https:\/\// },
  })
})
