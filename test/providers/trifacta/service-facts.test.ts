import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { Failure } from '../../../src/core/diagnostic.js'
import { LostAnswer, ServiceError } from '../../../src/core/resource.js'
import { Secret } from '../../../src/core/secret.js'
import type { TrifactaApi } from '../../../src/providers/trifacta/api.js'
import { awsConfig } from '../../../src/providers/trifacta/aws-config.js'
import { person } from '../../../src/providers/trifacta/person.js'
import { connectUrl, inputsFor, role, rowOf } from '../../fixtures/trifacta-connection.js'

/*
 * What the vendor's pages say of the service and its older and newer releases, played by small servers of this file: what
 * the embedded control plane does not do.
 */

type Reply =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'cut'
type Play = (request: {
  method: string
  path: string
  query: URLSearchParams
  body: Record<string, unknown>
}) => Reply

const noRoute: Reply = {
  status: 404,
  body: { exception: { name: 'NotFound', message: "Route doesn't exist", details: '' } },
}
const missing = (status: number): Reply => ({
  status,
  body: { exception: { name: 'ValidationFailed', message: "The resource doesn't exist", details: '' } },
})
const page = (...data: readonly unknown[]): Reply => ({ status: 200, body: { data } })

async function playing(t: Test, play: Play, settings = {}): Promise<{ api: TrifactaApi; sent: string[] }> {
  const sent: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      const method = request.method ?? ''
      sent.push(`${method} ${url.pathname} ${text}`.trim())
      const reply = play({
        method,
        path: url.pathname,
        query: url.searchParams,
        body: text === '' ? {} : JSON.parse(text),
      })
      if (reply === 'cut') request.socket.destroy()
      else
        response
          .writeHead(reply.status, {
            'content-type': 'application/json',
            'x-trifacta-request-id': 'req-7',
            ...reply.headers,
          })
          .end(reply.body === undefined ? '' : JSON.stringify(reply.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v4/`
  const connection = await connectUrl({ endpoint, ...settings })
  t.teardown(async () => {
    await connection.close()
    server.closeAllConnections()
    server.close()
  })
  return { api: connection.api({ readOnly: false, snapshot: false }) as TrifactaApi, sent }
}

const someone = (id: number, more = {}) => ({
  id,
  email: `user${id}@example.com`,
  name: `User ${id}`,
  isAdmin: false,
  isDisabled: false,
  awsConfig: null,
  ...more,
})

async function thrown(promise: Promise<unknown> | undefined): Promise<unknown> {
  return promise?.then(
    () => undefined,
    (error: unknown) => error,
  )
}

const jane = inputsFor('trifacta_person', { email: 'user3@example.com' })
const config = (given = {}) =>
  inputsFor('trifacta_aws_config', {
    person_id: '3',
    credential_provider: 'temporary',
    role: role('a'),
    default_bucket: 'acme',
    ...given,
  })

t.test(
  'a server that silently gives small pages, in any order and with repetitions, is read to its empty page',
  async (t) => {
    const all = [5, 4, 3, 3, 2, 1].map((id) => someone(id))
    const { api, sent } = await playing(t, ({ query }) => {
      const offset = Number(query.get('offset'))
      return page(...all.slice(offset, offset + Math.min(2, Number(query.get('limit')))))
    })
    const ids: string[] = []
    for await (const out of person.list?.(api) ?? []) ids.push(out.id)
    t.strictSame(ids, ['5', '4', '3', '2', '1'])
    t.equal(sent.length, 4)
  },
)

t.test('a list that grows at its beginning is read to its end, once it has stopped growing', async (t) => {
  const all = [5, 4, 3, 2, 1].map((id) => someone(id))
  let growths = 0
  const { api, sent } = await playing(t, ({ query }) => {
    const offset = Number(query.get('offset'))
    const answer = page(...all.slice(offset, offset + 4))
    if (growths++ < 25) all.unshift(someone(all.length + 1), someone(all.length + 2))
    return answer
  })
  const ids: string[] = []
  for await (const out of person.list?.(api) ?? []) ids.push(out.id)
  t.strictSame(ids, ['5', '4', '3', '2', '1'])
  t.ok(sent.length < 35, `${sent.length} requests`)
})

t.test('a short page that brings nothing new is not the end', async (t) => {
  // Pages of four, from which the service leaves out what may not be seen.
  const pages = [[9, 8, 7, 6], [6], [7, 6], [5, 4], []]
  const { api } = await playing(t, ({ query }) => {
    const offset = Number(query.get('offset'))
    let start = 0
    for (const ids of pages) {
      if (start === offset) return page(...ids.map((id) => someone(id)))
      start += ids.length
    }
    return page()
  })
  const ids: string[] = []
  for await (const out of person.list?.(api) ?? []) ids.push(out.id)
  t.strictSame(ids, ['9', '8', '7', '6', '5', '4'])
})

t.test('a list that never ends is an error, not a loop', async (t) => {
  const ignoring = await playing(t, () => page(someone(1)))
  await t.rejects(person.find(ignoring.api, jane), {
    message: /listing people \(HTTP 200\): the list does not end.*\[request req-7\]/,
  })
  t.ok(ignoring.sent.length < 10)
  // The last page, for whatever offset beyond it.
  const all = [4, 3, 2, 1].map((id) => someone(id))
  const clamping = await playing(t, ({ query }) =>
    page(...all.slice(Math.min(2, Number(query.get('offset'))))),
  )
  await t.rejects(person.find(clamping.api, jane), {
    message: /listing people \(HTTP 200\): the list does not end.*\[request req-7\]/,
    facts: { help: /ignore "offset"/ },
  })
})

t.test('the answer of the e-mail filter is checked', async (t) => {
  const { api } = await playing(t, ({ query }) =>
    query.get('offset') === '0' ? page(someone(1), someone(3), someone(7)) : page(),
  )
  t.match(await person.find(api, jane), { id: '3' })
})

t.test('one address in two workspaces is an error, unless the workspace is named', async (t) => {
  const play: Play = ({ query }) => {
    const all = [someone(3), someone(8, { email: 'User3@example.com', workspaceId: 2 })]
    const inWorkspace = query.get('workspaceId') === '2' ? all.slice(1) : all
    return query.get('offset') === '0' ? page(...inWorkspace) : page()
  }
  const both = await playing(t, play)
  const error = await thrown(person.find(both.api, jane))
  if (!(error instanceof ServiceError)) throw error
  t.match(error, {
    message: /\(HTTP 200\): there are several: 3 and 8 \[request req-7\]/,
    facts: { help: /Set workspace_id/ },
  })
  const one = await playing(t, play, { workspace_id: '2' })
  t.match(await person.find(one.api, jane), { id: '8' })
})

t.test('what is gone is absent, however the service says it', async (t) => {
  for (const status of [404, 410, 400]) {
    const { api } = await playing(t, () => missing(status))
    t.equal(await person.read(api, '3'), undefined, String(status))
  }
  const soft = await playing(t, () => ({
    status: 200,
    body: someone(3, { deletedAt: '2020-01-01T00:00:00Z' }),
  }))
  t.equal(await person.read(soft.api, '3'), undefined)
  const other = await playing(t, () => ({
    status: 400,
    body: {
      exception: { name: 'ValidationFailed', message: 'Input validation failed', details: 'id is odd' },
    },
  }))
  await t.rejects(person.read(other.api, '3'), {
    message: 'reading person 3 (HTTP 400): Input validation failed: id is odd [request req-7]',
  })
})

t.test('a 404 that is not the service’s own does not make everything look gone', async (t) => {
  for (const body of [undefined, { message: 'Not Found' }]) {
    const { api } = await playing(t, () => ({ status: 404, body }))
    await t.rejects(person.read(api, '3'), /reading person 3 \(HTTP 404\)/)
  }
})

t.test('what the service means does not depend on which letters are secret', async (t) => {
  // Every word of "Route doesn't exist" has one of them.
  for (const letter of ['t', 'e', 'o']) {
    const play: Play = ({ path }) => (path === '/v4/people/3' ? missing(410) : noRoute)
    const { api } = await playing(t, play, { token: new Secret(letter) })
    t.equal(await person.read(api, '3'), undefined, `a 410, with ${letter}`)
    await t.rejects(person.create(api, jane), { message: /creates accounts|looking for|listing people/ })
  }
})

t.test('releases between 6.0 and 6.8 are recognised and refused', async (t) => {
  const between = await playing(t, ({ path, query }) => {
    if (path === '/v4/awsRoles' || path === '/v4/awsConfigs') return noRoute
    if (path === '/v4/people/3') return { status: 200, body: someone(3, { awsConfig: { id: 9 } }) }
    if (path === '/v4/people')
      return query.get('offset') === '0' ? page(someone(3, { awsConfig: { id: 9 } })) : page()
    return {
      status: 200,
      body: { id: 9, credentialProvider: 'temporary', activeRoleId: 4, defaultBucket: 'b' },
    }
  })
  const refused = await thrown(awsConfig.find(between.api, config()))
  if (!(refused instanceof Failure)) throw refused
  t.match(refused.diagnostics, [{ code: 'trifacta/unsupported-generation' }])
})

/** A generation C service with one config of person 3, whose answers to changes are minimal and whose ids are partly texts. */
function minimal(changed: Record<string, unknown>[] = []): Play {
  const state = { owner: 3, role: role('a'), bucket: 'acme', deleted: [] as string[] }
  return ({ method, path, query, body }) => {
    const first = query.get('offset') === '0' || query.get('limit') === '1'
    if (method === 'GET') {
      if (path === '/v4/people/3')
        return { status: 200, body: someone(3, { awsConfig: state.owner === 3 ? { id: 6 } : null }) }
      if (path === '/v4/people') return first ? page(someone(3, { awsConfig: { id: 6 } })) : page()
      if (path === '/v4/awsRoles')
        return first
          ? page({ id: 4, role: state.role, awsConfigId: '6', createdFrom: 'api', deletedAt: null })
          : page()
      if (path === '/v4/awsConfigs')
        return first
          ? page({
              id: 6,
              credentialProvider: 'temporary',
              defaultBucket: state.bucket,
              extraBuckets: null,
              activeRoleId: '4',
              credential: null,
            })
          : page()
    }
    changed.push({ method, path, ...body })
    if (method === 'PUT' && path === '/v4/awsRoles/4') {
      state.role = String(body.role)
      return { status: 200, body: { id: 4, updatedAt: '2020-01-01T00:00:00Z' } }
    }
    if (method === 'PUT' && path === '/v4/awsConfigs/6') {
      state.bucket = String(body.defaultBucket ?? state.bucket)
      return { status: 200, body: { id: 6, updatedAt: '2020-01-01T00:00:00Z' } }
    }
    if (method === 'PATCH' && path === '/v4/people/3') {
      state.owner = 0
      return { status: 200, body: { id: 3, updatedAt: '2020-01-01T00:00:00Z' } }
    }
    if (method === 'DELETE' && path === '/v4/awsRoles/4') return { status: 204 }
    return noRoute
  }
}

t.test(
  'minimal answers are completed by reading again; null buckets are none; ids may be texts',
  async (t) => {
    const changes: Record<string, unknown>[] = []
    const { api } = await playing(t, minimal(changes))
    const current = (await awsConfig.find(api, config()))!
    t.match(current, { id: '6', active_role_id: '4', extra_buckets: [], role: role('a'), person_id: '3' })
    const wanted = config({ role: role('b'), default_bucket: 'other', extra_buckets: [] })
    const after = await awsConfig.update?.(
      api,
      wanted,
      current,
      rowOf('trifacta_aws_config', config(), current),
    )
    t.match(after, { role: role('b'), default_bucket: 'other', active_role_id: '4' })
    t.strictSame(changes, [
      { method: 'PUT', path: '/v4/awsRoles/4', role: role('b') },
      { method: 'PUT', path: '/v4/awsConfigs/6', defaultBucket: 'other' },
    ])
  },
)

t.test('without a call that deletes configurations, it is taken away and loses its role', async (t) => {
  const changes: Record<string, unknown>[] = []
  const { api } = await playing(t, minimal(changes))
  const current = (await awsConfig.find(api, config()))!
  const gone = await awsConfig.delete(api, rowOf('trifacta_aws_config', config(), current), current)
  t.match(gone.left, /awsConfig 6 had to stay at the service \(it belongs to nobody now\)/)
  t.strictSame(
    changes.map(({ method, path }) => `${method} ${path}`),
    ['DELETE /v4/awsConfigs/6', 'PATCH /v4/people/3', 'DELETE /v4/awsRoles/4'],
  )
})

t.test(
  'a missing object is no missing route: the delete of a configuration that is gone is done',
  async (t) => {
    for (const status of [404, 410, 400]) {
      const play = minimal()
      const { api } = await playing(t, (request) =>
        request.method === 'DELETE' ? missing(status) : play(request),
      )
      const current = (await awsConfig.find(api, config()))!
      t.strictSame(await awsConfig.delete(api, rowOf('trifacta_aws_config', config(), current), current), {})
    }
  },
)

t.test('a person whose configuration cannot be seen is an error, not one without', async (t) => {
  const { api } = await playing(t, ({ path }) =>
    path === '/v4/people/3'
      ? { status: 200, body: { id: 3, email: 'user3@example.com', name: 'x' } }
      : page(),
  )
  await t.rejects(awsConfig.find(api, config()), /does not show whether the person has one/)
})

t.test('a cut connection: a write is lost, and the next run finds what it did', async (t) => {
  let made = false
  const { api, sent } = await playing(t, ({ method, path, query, body }) => {
    const first = query.get('offset') === '0' || query.get('limit') === '1'
    if (method === 'POST') {
      made = body.personId === 3
      return 'cut'
    }
    if (path === '/v4/people/3')
      return { status: 200, body: someone(3, { awsConfig: made ? { id: 6 } : null }) }
    if (path === '/v4/awsRoles')
      return first ? page({ id: 4, role: role('a'), awsConfigId: 6, createdFrom: 'api' }) : page()
    if (path === '/v4/awsConfigs')
      return first
        ? page({
            id: 6,
            credentialProvider: 'temporary',
            defaultBucket: 'acme',
            extraBuckets: [],
            activeRoleId: 4,
          })
        : page()
    return noRoute
  })
  t.ok((await thrown(awsConfig.create(api, config()))) instanceof LostAnswer)
  t.match(await awsConfig.find(api, config()), { id: '6', person_id: '3' })
  t.equal(sent.filter((s) => s.startsWith('POST')).length, 1)
})

t.test('a refused write is sent again after the time that the service asks for', async (t) => {
  let tries = 0
  const { api } = await playing(t, ({ method, path }) => {
    if (method === 'GET' && path === '/v4/people/3')
      return { status: 200, body: someone(3, { name: tries > 1 ? 'New' : 'Old' }) }
    tries++
    return tries === 1
      ? {
          status: 429,
          headers: { 'x-retry-after': '0' },
          body: { exception: { name: 'TooManyRequestsException' } },
        }
      : { status: 200, body: { id: 3 } }
  })
  const current = (await person.read(api, '3'))!
  const after = await person.update?.(api, { ...jane, name: 'New' }, current, undefined)
  t.match(after, { name: 'New' })
  t.equal(tries, 2)
})

t.test('an answer of another form is an error that names the place', async (t) => {
  const { api } = await playing(t, () => ({ status: 200, body: { people: [] } }))
  await t.rejects(person.find(api, jane), {
    message:
      'listing people (HTTP 200): the answer has not the expected form: there should be a list under "data" [request req-7]',
  })
  const odd = await playing(t, () => page({ id: 'x', email: 'a@b' }))
  await t.rejects(person.find(odd.api, jane), /a positive number as "id" \[request req-7\]/)
})
