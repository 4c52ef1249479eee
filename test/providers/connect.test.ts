import { randomBytes } from 'node:crypto'
import t from 'tap'
import type { EmbeddedPlane, Inputs, Plain, ProviderEnvironment } from '../../src/core/resource.js'
import { Secret } from '../../src/core/secret.js'
import type { HttpClient } from '../../src/http/client.js'
import { connect, type Service } from '../../src/providers/connect.js'
import { fitsHeader, tokenIn } from '../../src/providers/token.js'

function service(more: Partial<Service<HttpClient>> = {}): Service<HttpClient> {
  return {
    endpoint: { kind: 'embedded', path: 'x.db' },
    system: 'tines',
    answerLimit: 1_000,
    client: {
      api: 'the API of x',
      requestIdHeader: 'x-request-id',
      words: () => undefined,
      unauthorizedHelp: 'Check token.',
    },
    signIn: (plane) => ({ headers: { 'x-token': plane?.token ?? 'none' }, secrets: [] }),
    api: (client) => () => client,
    ...more,
  }
}

const settings: Inputs = { timeout_seconds: null, ca_certificate: null }

function around(answer: EmbeddedPlane['fetch']) {
  const events: unknown[] = []
  const environment: ProviderEnvironment = {
    env: () => undefined,
    now: () => new Date(),
    random: randomBytes,
    concurrency: 2,
    async embedded(path, options) {
      events.push([path, options])
      return {
        id: 'plane-7',
        token: 'of-the-plane',
        fetch: answer,
        close: async () => void events.push('closed'),
      }
    },
  }
  return { environment, events }
}

/** What a function throws. */
function thrown(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

const get = { method: 'GET', path: ['v1', 'x'], doing: 'reading x', accept: [200] } as const
const reads = { readOnly: true, snapshot: false }

t.test(
  'the control plane in this process is asked below the name of the system, and closed at the end',
  async (t) => {
    const asked: (string | null)[] = []
    const { environment, events } = around(async (request) => {
      asked.push(request.url, request.headers.get('x-token'))
      return Response.json('here')
    })
    const connection = await connect(settings, environment, service({ scope: 'workspace=3' }))
    t.match(connection, { endpoint: 'plane-7?workspace=3', settle: 0 })
    t.match(await connection.api(reads).send(get, reads), { body: 'here' })
    t.strictSame(asked, ['http://embedded/tines/v1/x', 'of-the-plane'])
    await connection.close()
    t.strictSame(events, [['x.db', undefined], 'closed'])
    const { system: _, ...atTheRoot } = service({ embedded: { generation: 'A' } })
    const plain = await connect(settings, environment, atTheRoot)
    t.strictSame(events[2], ['x.db', { generation: 'A' }])
    await plain.api(reads).send(get, reads)
    t.equal(asked[2], 'http://embedded/v1/x')
  },
)

t.test('a control plane is closed again when nobody can sign in to it', async (t) => {
  const { environment, events } = around(async () => Response.json('here'))
  const refuse = () => {
    throw new Error('no token')
  }
  await t.rejects(connect(settings, environment, service({ signIn: refuse })), { message: 'no token' })
  t.equal(events[1], 'closed')
})

t.test('a service over the network is its URL, and its late writes are waited for', async (t) => {
  const { environment, events } = around(async () => Response.json('here'))
  const url = new URL('https://x.example.com/gate/')
  const connection = await connect(settings, environment, service({ endpoint: { kind: 'url', url } }))
  t.match(connection, { endpoint: 'https://x.example.com/gate', settle: 30_000 })
  await connection.close()
  t.strictSame(events, [])
})

t.test('a token is one word, without the line break of its file', async (t) => {
  const read = (token: Plain) => tokenIn({ token }, { provider: 'x', token: 'X key' })
  t.equal(read(new Secret('k3y\n')), 'k3y')
  t.equal(read(null), undefined)
  for (const odd of ['', ' ', 'two words', 'k\u00e9y'])
    t.match(
      thrown(() => read(new Secret(odd))),
      {
        diagnostics: [{ code: 'x/malformed-token', summary: 'The X key cannot be one' }],
      },
    )
  t.equal(fitsHeader('team/data'), true)
})
