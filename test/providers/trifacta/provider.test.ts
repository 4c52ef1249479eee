import t from 'tap'
import { Failure } from '../../../src/core/diagnostic.js'
import type { EmbeddedPlane } from '../../../src/core/resource.js'
import { Secret } from '../../../src/core/secret.js'
import { loadProvider } from '../../../src/providers/registry.js'
import { provider } from '../../../src/providers/trifacta/provider.js'
import { addPerson } from '../../fixtures/test-plane.js'
import { connectUrl, inputsFor, openBench, settings } from '../../fixtures/trifacta-connection.js'

t.test('the provider is loaded by its name', async (t) => {
  t.equal(await loadProvider('trifacta'), provider)
  await t.rejects(loadProvider('nothing'), /there is no provider/)
  t.strictSame([...provider.resources.keys()].sort(), [
    'trifacta_aws_config',
    'trifacta_aws_role',
    'trifacta_person',
  ])
  t.strictSame([...provider.data.keys()].sort(), ['trifacta_aws_roles', 'trifacta_people', 'trifacta_person'])
})

t.test('rows are bound to the address and the workspace, always written alike', async (t) => {
  const table: readonly (readonly [string, string | null, string])[] = [
    ['https://Wrangle.Example.com:443/', null, 'https://wrangle.example.com'],
    ['http://wrangle.example.com:3005/v4', null, 'http://wrangle.example.com:3005'],
    ['https://gate.example.com/trifacta/v4/', '7', 'https://gate.example.com/trifacta?workspace=7'],
  ]
  for (const [endpoint, workspace_id, expected] of table) {
    const connection = await connectUrl({ endpoint, workspace_id })
    t.equal(connection.endpoint, expected)
    t.equal(connection.settle, 30_000)
    await connection.close()
  }
})

t.test('the embedded control plane is known by its id, and its answers come at once', async (t) => {
  const { plane, connection } = await openBench(t)
  t.equal(connection.endpoint, plane.id)
  t.equal(connection.settle, 0)
})

t.test('an endpoint that cannot be one is refused, with a remedy', async (t) => {
  for (const [endpoint, detail] of [
    ['wrangle.example.com', /which is not a URL/],
    ['ftp://wrangle.example.com', /which is not a URL/],
    ['https://me:pw@wrangle.example.com', /holds credentials/],
    ['https://wrangle.example.com/?a=b', /has a query or fragment/],
    ['embedded:', /names no file/],
  ] as const) {
    const error = await connectUrl({ endpoint }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof Failure)) throw error
    t.match(error.diagnostics, [{ code: 'trifacta/endpoint', detail }])
  }
})

t.test('a service needs credentials; a token has no spaces', async (t) => {
  const endpoint = 'https://wrangle.example.com'
  const none = await connectUrl({ endpoint, token: null }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  t.match(none, { diagnostics: [{ code: 'trifacta/no-credentials', help: /env\("TRIFACTA_TOKEN"\)/ }] })
  const odd = await connectUrl({ endpoint, token: new Secret('two words') }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  t.match(odd, { diagnostics: [{ code: 'trifacta/malformed-token' }] })
  t.notMatch(String(odd), /two words/)
  await (await connectUrl({ endpoint, token: new Secret('with-line-break\n') })).close()
})

t.test('who signs in is sent as token or as user name and password', async (t) => {
  const seen: (string | null)[] = []
  const plane: EmbeddedPlane = {
    id: 'p',
    token: 'of-the-plane',
    fetch: async (request) => {
      seen.push(request.headers.get('authorization'))
      return Response.json({ data: [] })
    },
    close: async () => {},
  }
  const environment = {
    env: () => undefined,
    now: () => new Date(0),
    random: (n: number) => Buffer.alloc(n),
    concurrency: 2,
    embedded: async () => plane,
  }
  const person = provider.resources.get('trifacta_person')!
  for (const given of [
    {},
    { token: new Secret('mine') },
    { username: 'Jane@x', password: new Secret('pw') },
  ]) {
    const connection = await provider.configure(settings(given), environment)
    const api = connection.api({ readOnly: true, snapshot: false }) as never
    await person.find(api, inputsFor('trifacta_person', { email: 'a@b' }))
  }
  t.strictSame(
    [...new Set(seen)],
    ['Bearer of-the-plane', 'Bearer mine', `Basic ${Buffer.from('Jane@x:pw').toString('base64')}`],
  )
})

t.test('the trace shows requests and never who signs in or what is secret', async (t) => {
  const lines: string[] = []
  const { plane } = await openBench(t)
  await addPerson(plane, 'jane@example.com')
  const connection = await provider.configure(settings({ token: new Secret('tok-en') }), {
    env: () => undefined,
    now: () => new Date(0),
    random: (n: number) => Buffer.alloc(n),
    concurrency: 2,
    embedded: async () => plane,
    trace: (line) => lines.push(line),
  })
  const person = provider.resources.get('trifacta_person')!
  const api = connection.api({ readOnly: false, snapshot: false })
  await person.create(
    api,
    inputsFor('trifacta_person', { email: 'joe@example.com', password: new Secret('pass-word') }),
  )
  t.match(lines.join('\n'), /POST http:\/\/embedded\/v4\/people\/ 201/)
  t.notMatch(lines.join('\n'), /tok-en|pass-word/)
})
