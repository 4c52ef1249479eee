import t from 'tap'
import { Failure } from '../../../src/core/diagnostic.js'
import type { Plain } from '../../../src/core/resource.js'
import { Secret } from '../../../src/core/secret.js'
import { provider } from '../../../src/providers/vault/provider.js'
import { serve } from '../../../src/server/serve.js'
import { environment } from '../../fixtures/provider-inputs.js'
import { there, vaultSettings } from '../../fixtures/vault-connection.js'
import { openVaultPlane } from '../../fixtures/vault-plane.js'

interface World {
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
}

function connect(given: Readonly<Record<string, Plain>>, { env = {}, files = {} }: World = {}) {
  return provider.configure(vaultSettings(given), {
    ...environment,
    env: (name) => env[name],
    readText: (path) => files[path],
    embedded: () => Promise.reject(new Error('there is no embedded control plane here')),
  })
}

async function refusal(given: Readonly<Record<string, Plain>>, world: World = {}): Promise<string> {
  const cause = await connect(given, world).catch((failed: unknown) => failed)
  if (!(cause instanceof Failure)) throw new Error(`not refused: ${String(cause)}`)
  return cause.diagnostics.map(({ detail, help }) => `${detail} ${help}`).join('; ')
}

t.test('what the settings leave open, the environment and the token file say', async (t) => {
  const seen: (string | null)[][] = []
  const { plane } = await openVaultPlane({
    intercept: async (request, next) => {
      seen.push(
        ['x-vault-token', 'x-vault-namespace', 'x-vault-request'].map((name) => request.headers.get(name)),
      )
      return next(request)
    },
  })
  const server = await serve(plane, { host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await server.close()
    await plane.close()
  })
  const url = server.url.replace(/\/$/, '')
  const asked = async (given: Readonly<Record<string, Plain>>, world: World) => {
    seen.length = 0
    const connection = await connect(given, world)
    const api = connection.api({ readOnly: true, snapshot: true })
    await provider.resources.get('vault_aws_lease')?.read(api as never, 'aws/config/lease')
    await connection.close()
    return [connection.endpoint, ...(seen[0] ?? [])]
  }
  const env = { VAULT_ADDR: `${url}/v1/`, VAULT_TOKEN: 'hvs.env' }
  t.strictSame(await asked({}, { env }), [url, 'hvs.env', null, 'true'])
  t.strictSame(
    await asked(
      { token: new Secret('hvs.own'), namespace: 'team/data/' },
      { env: { ...env, VAULT_NAMESPACE: 'not/this' } },
    ),
    [`${url}?namespace=team/data`, 'hvs.own', 'team/data/', 'true'],
  )
  const file = { '~/.vault-token': 'hvs.file\n' }
  t.strictSame(await asked({ endpoint: `${url}/vault` }, { env: { VAULT_NAMESPACE: '/ns/' }, files: file }), [
    `${url}/vault?namespace=ns`,
    'hvs.file',
    'ns/',
    'true',
  ])
})

t.test('settings that cannot be are refused in words', async (t) => {
  const url = 'https://vault.example.com:8200'
  t.match(await refusal({}), /It has no endpoint.*VAULT_ADDR/)
  t.match(
    await refusal({}, { env: { VAULT_ADDR: 'vault.example.com' } }),
    /VAULT_ADDR is "vault.example.com", which is not a URL/,
  )
  t.match(await refusal({ endpoint: 'https://a:b@vault.example.com' }), /endpoint holds credentials/)
  t.match(await refusal({ endpoint: `${url}/?x=1` }), /has a query or fragment/)
  t.match(await refusal({ endpoint: 'embedded:' }), /names no file/)
  t.match(await refusal({ endpoint: url }), /It has no token.*vault login/)
  t.match(await refusal({ endpoint: url, token: new Secret('can ary') }), /The token of token has spaces/)
  t.notMatch(await refusal({ endpoint: url, token: new Secret('can ary') }), /ary/)
  t.match(
    await refusal({ endpoint: url, token: new Secret('hvs.x') }, { env: { VAULT_CACERT: '/ca.pem' } }),
    /VAULT_CACERT is "\/ca.pem", which cannot be read/,
  )
})

t.test('refusals say what to do', async (t) => {
  const answers: [number, unknown][] = [
    [403, { errors: ['permission denied'] }],
    [503, { errors: ['Vault is sealed'] }],
    [400, { errors: ['missing client token'] }],
    [400, { errors: ['Error creating IAM user: InvalidClientTokenId: The security token is invalid'] }],
    [400, { errors: [] }],
  ]
  const { plane } = await openVaultPlane({
    intercept: async (request, next) => {
      if (request.method === 'GET' || !request.url.includes('config/lease')) return next(request)
      const [status, body] = answers.shift() ?? [200, {}]
      return Response.json(body, { status })
    },
  })
  const connection = await provider.configure(vaultSettings({ endpoint: 'embedded' }), {
    ...environment,
    embedded: async () => plane,
  })
  t.teardown(() => connection.close())
  const lease = provider.resources.get('vault_aws_lease')
  const api = connection.api({ readOnly: false, snapshot: false })
  const inputs = { mount: 'aws', lease: '1m', lease_max: '2m' }
  const write = () => there(lease?.update?.(api, inputs, { id: 'aws/config/lease' }, undefined))
  t.match(await write().catch((cause: unknown) => cause), {
    facts: { words: 'permission denied', help: /its policies may not allow this path/ },
  })
  const sealed = await write().catch((cause: Error) => cause)
  t.match(sealed, { name: 'LostAnswer', message: /Vault is sealed/ })
  t.match(await write().catch((cause: unknown) => cause), {
    facts: { cause: 'unauthorized', help: /vault login/ },
  })
  t.match(await write().catch((cause: unknown) => cause), {
    facts: {
      words: /InvalidClientTokenId/,
      help: /AWS does not take the key .* a new pair in vault_aws_root/,
    },
  })
  t.match(await write().catch((cause: unknown) => cause), { facts: { words: 'the server gives no reason' } })
})
