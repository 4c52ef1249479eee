import t from 'tap'
import { Failure } from '../../../src/core/diagnostic.js'
import { Secret } from '../../../src/core/secret.js'
import { loadProvider } from '../../../src/providers/registry.js'
import { credential } from '../../../src/providers/tines/credential.js'
import { provider } from '../../../src/providers/tines/provider.js'
import { environment } from '../../fixtures/provider-inputs.js'
import { openTinesBench, tinesSettings } from '../../fixtures/tines-connection.js'

const connectUrl = (given: Parameters<typeof tinesSettings>[0]) =>
  provider.configure(tinesSettings({ token: new Secret('k'), ...given }), {
    ...environment,
    embedded: () => Promise.reject(new Error('there is no embedded control plane here')),
  })

async function refusal(promise: Promise<unknown>): Promise<Failure> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof Failure) return thrown
  throw thrown ?? new Error('it was not refused')
}

t.test('the provider is loaded by its name', async (t) => {
  t.equal(await loadProvider('tines'), provider)
  t.strictSame([...provider.resources.keys()], ['tines_credential', 'tines_test_credential'])
  t.strictSame([...provider.data.keys()].sort(), ['tines_credential', 'tines_folder', 'tines_team'])
})

t.test('a tenant is the same with and without the path of its API', async (t) => {
  for (const [endpoint, expected] of [
    ['https://Acme.tines.com', 'https://acme.tines.com'],
    ['https://acme.tines.com/api/v1/', 'https://acme.tines.com'],
    ['https://gate.example.com/tines/api/v1', 'https://gate.example.com/tines'],
  ] as const) {
    const connection = await connectUrl({ endpoint })
    t.equal(connection.endpoint, expected)
    t.equal(connection.settle, 30_000)
    await connection.close()
  }
})

t.test(
  'an endpoint that cannot be one, and a key that cannot be one, are refused with a remedy',
  async (t) => {
    for (const [endpoint, detail] of [
      ['acme.tines.com', /which is not a URL/],
      ['https://me:pw@acme.tines.com', /holds credentials/],
      ['https://acme.tines.com/?a=b', /has a query or fragment/],
      ['embedded:', /names no file/],
    ] as const)
      t.match((await refusal(connectUrl({ endpoint }))).diagnostics, [{ code: 'tines/endpoint', detail }])
    const endpoint = 'https://acme.tines.com'
    t.match((await refusal(connectUrl({ endpoint, token: null }))).diagnostics, [
      { code: 'tines/no-credentials', help: /env\("TINES_TOKEN"\)/ },
    ])
    const odd = await refusal(connectUrl({ endpoint, token: new Secret('two words') }))
    t.match(odd.diagnostics, [{ code: 'tines/malformed-token' }])
    t.notMatch(JSON.stringify(odd.diagnostics), /two words/)
  },
)

t.test('the key is sent in the header that the settings name', async (t) => {
  for (const [header, expected] of [
    ['authorization', 'Bearer k3y'],
    ['x-user-token', 'k3y'],
  ] as const) {
    const seen: (string | null)[] = []
    const settings = { token: new Secret('k3y'), token_header: header }
    const bench = await openTinesBench(
      t,
      async (request, next) => {
        seen.push(request.headers.get(header))
        return await next()
      },
      settings,
    )
    await credential.read(bench.api(), '1')
    t.strictSame(seen, [expected])
  }
})
