import { connect } from 'node:net'
import t from 'tap'
import { serve } from '../../../src/server/serve.js'
import type { Grant } from '../../../src/server/system.js'
import { openTestPlane } from '../../fixtures/test-plane.js'
import { dataOf, openVaultPlane, refusalOf, vaultOf } from '../../fixtures/vault-plane.js'

t.test("an answer stands in the vendor's envelope", async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  await ask('POST', 'aws/config/lease', { lease: '30m', lease_max: '12h' })
  const { body } = await ask('GET', 'aws/config/lease')
  t.match(body?.request_id, /^[0-9a-f]{8}-[0-9a-f-]{27}$/)
  t.strictSame(
    { ...body, request_id: '' },
    {
      request_id: '',
      lease_id: '',
      renewable: false,
      lease_duration: 0,
      data: { lease: '30m0s', lease_max: '12h0m0s' },
      wrap_info: null,
      warnings: null,
      auth: null,
      mount_type: 'aws',
    },
  )
})

t.test('parameters that nobody knows turn a 204 into a 200 with a warning', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  const role = { credential_type: 'iam_user', name: 'r', zeta: 1, alpha: 'secret-canary' }
  t.match(await ask('POST', 'aws/roles/r', role), {
    status: 200,
    body: { data: null, warnings: ['Endpoint ignored these unrecognized parameters: [alpha zeta]'] },
  })
})

t.test('verbs that a path does not have are 405, PATCH among them', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  for (const [method, path] of [
    ['PATCH', 'aws/roles/r'],
    ['PATCH', 'aws/config/root'],
    ['DELETE', 'aws/config/root'],
    ['DELETE', 'aws/config/lease'],
    ['LIST', 'aws/config/lease'],
    ['OPTIONS', 'sys/mounts'],
  ] as const)
    t.match(refusalOf(await ask(method, path)), /^405 /, `${method} ${path}`)
})

t.test('a body that is no JSON object is refused, and never quoted', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  for (const body of ['{"secret_key": "canary",}', '["canary"]', '"canary"']) {
    const answer = refusalOf(await ask('POST', 'aws/config/root', body))
    t.match(answer, /^400 failed to parse JSON input: /)
    t.notMatch(answer, 'canary')
  }
  t.equal((await ask('POST', 'aws/config/root')).status, 204, 'no body is an empty one')
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  t.equal((await ask('POST', 'aws/config/root', 'region=eu-west-1', form)).status, 204)
  t.match(dataOf(await ask('GET', 'aws/config/root')), { region: 'eu-west-1' })
  t.equal((await ask('POST', 'aws/config/root', '{"region": "eu-west-2"}', form)).status, 204, 'curl')
  t.match(dataOf(await ask('GET', 'aws/config/root')), { region: 'eu-west-2' })
  const announced = { 'content-length': String(40_000_000) }
  const large = await ask('POST', 'aws/roles/r', {}, announced)
  t.strictSame(large, { status: 413, body: { errors: ['http: request body too large'] } })
})

t.test('an answer that is to be wrapped is refused, since it would not be', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  const answer = await ask('GET', 'aws/creds/r', undefined, { 'x-vault-wrap-ttl': '60' })
  t.match(refusalOf(answer), /^400 this server does not wrap answers/)
  const bare = await ask('GET', 'sys/mounts/aws', undefined, { 'x-vault-wrap-ttl': '0' })
  t.equal(bare.status, 200, 'no time is no wrapping')
})

t.test('names that JavaScript knows are names like any other', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  const body = '{"credential_type": "iam_user", "iam_tags": {"__proto__": "x", "constructor": "y"}}'
  t.equal((await ask('POST', 'aws/roles/__proto__', body)).status, 204)
  const tags = dataOf(await ask('GET', 'aws/roles/__proto__')).iam_tags
  t.same(Object.entries(tags ?? {}), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})

t.test('a token is asked for, in either header, and says who may do what', async (t) => {
  const grants = new Map<string, Grant>([
    ['all', { name: 'admin', scopes: new Set(['read', 'write', 'issue']) }],
    ['reader', { name: 'reader', scopes: new Set(['read']) }],
  ])
  const plane = await openTestPlane({
    authorize: async (request) => {
      const bearer = request.headers.get('authorization')?.replace('Bearer ', '')
      return grants.get(request.headers.get('x-vault-token') ?? bearer ?? '')
    },
  })
  t.teardown(() => plane.close())
  const ask = vaultOf(plane)
  const as = (token: string) => ({ 'x-vault-token': token })
  t.equal(refusalOf(await ask('GET', 'sys/mounts')), '403 missing client token')
  t.equal(refusalOf(await ask('GET', 'sys/mounts', undefined, as('wrong'))), '403 permission denied')
  t.equal((await ask('POST', 'sys/mounts/aws', { type: 'aws' }, as('all'))).status, 204)
  t.equal((await ask('GET', 'sys/mounts', undefined, { authorization: 'Bearer reader' })).status, 200)
  const denied = '403 1 error occurred:\n\t* permission denied\n\n'
  t.equal(refusalOf(await ask('DELETE', 'sys/mounts/aws', undefined, as('reader'))), denied)
  t.equal(refusalOf(await ask('POST', 'aws/roles/r', { credential_type: 'iam_user' }, as('reader'))), denied)
  t.match(dataOf(await ask('GET', 'auth/token/lookup-self', undefined, as('reader'))), {
    display_name: 'reader',
    policies: ['default', 'read'],
    renewable: false,
    ttl: 0,
    expire_time: null,
  })
  const paths = { paths: ['aws/roles/r', 'aws/creds/r'] }
  t.match(dataOf(await ask('POST', 'sys/capabilities-self', paths, as('reader'))), {
    'aws/roles/r': ['list', 'read'],
    'aws/creds/r': ['deny'],
  })
  for (const path of ['sys/health', 'sys/seal-status', 'sys/init'])
    t.match(await ask('GET', path), { status: 200, body: { initialized: true } })

  const made = await ask('POST', 'auth/token/create', { ttl: '20m', display_name: 'ci' }, as('reader'))
  const auth = made.body?.auth as { client_token: string }
  t.match(auth, { client_token: /^hvs\./, lease_duration: 1200, renewable: true })
  const child = as(auth.client_token)
  t.equal((await ask('GET', 'sys/mounts', undefined, child)).status, 200)
  t.equal(refusalOf(await ask('DELETE', 'sys/mounts/aws', undefined, child)), denied, 'as its parent')
  t.match(dataOf(await ask('GET', 'auth/token/lookup-self', undefined, child)), {
    display_name: 'token-ci',
    ttl: 1199,
    renewable: true,
  })
  t.match((await ask('POST', 'auth/token/renew-self', { increment: '1h' }, child)).body?.auth, {
    lease_duration: 3600,
  })
  t.equal((await ask('POST', 'auth/token/revoke-self', {}, child)).status, 204)
  t.equal(refusalOf(await ask('GET', 'sys/mounts', undefined, child)), '403 permission denied')
  const other = await ask('POST', 'auth/token/create', {}, as('reader'))
  grants.delete('reader')
  const left = as((other.body as { auth: { client_token: string } }).auth.client_token)
  t.equal(refusalOf(await ask('GET', 'sys/mounts', undefined, left)), '403 permission denied', 'no parent')
})

t.test('namespaces are worlds of their own, named by header, by path, or half by each', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  const inside = (namespace: string) => ({ 'x-vault-namespace': namespace })
  t.equal((await ask('POST', 'sys/mounts/aws', { type: 'aws' }, inside('a/b/'))).status, 204)
  const role = { credential_type: 'iam_user' }
  t.equal((await ask('POST', 'aws/roles/inner', role, inside('a/b'))).status, 204)
  for (const [path, namespace] of [
    ['aws/roles', 'a/b'],
    ['b/aws/roles', '/a/'],
    ['a/b/aws/roles', ''],
  ] as const)
    t.same(dataOf(await ask('LIST', path, undefined, inside(namespace))), { keys: ['inner'] }, path)
  t.equal(refusalOf(await ask('LIST', 'aws/roles')), '404 ')
  t.same(Object.keys(dataOf(await ask('GET', 'a/b/sys/mounts'))), ['cubbyhole/', 'identity/', 'sys/', 'aws/'])
  t.match(refusalOf(await ask('LIST', 'aws/roles', undefined, inside('other'))), /^404 no handler/)
  t.match(refusalOf(await ask('GET', 'sys/mounts', undefined, inside('sys/x'))), /^400 /)
})

t.test('LIST comes through a socket, again and again on one connection', async (t) => {
  const { plane, ask } = await openVaultPlane()
  const server = await serve(plane, { host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await server.close()
    await plane.close()
  })
  await ask('POST', 'aws/roles/one', { credential_type: 'iam_user' })
  const send = async (method: string, path: string, body?: string) =>
    await fetch(`${server.url}/v1/${path}`, { method, ...(body === undefined ? {} : { body }) })
  for (let round = 0; round < 3; round++) {
    t.match(await (await send('LIST', 'aws/roles')).json(), { data: { keys: ['one'] } })
    t.equal((await send('GET', 'aws/roles/one')).status, 200)
    // A body that begins like a request arrives as it is.
    const text = await (await send('POST', 'aws/roles/x?a=LINK', 'LIST /v1/aws/roles HTTP/1.1')).text()
    t.match(text, 'failed to parse JSON input')
    t.equal((await send('DELETE', 'aws/roles/two')).status, 204)
  }
})

t.test('a LIST that arrives in pieces is one', async (t) => {
  const { plane, ask } = await openVaultPlane()
  await ask('POST', 'aws/roles/one', { credential_type: 'iam_user' })
  const server = await serve(plane, { host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await server.close()
    await plane.close()
  })
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text
  })
  socket.setNoDelay(true)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  for (const piece of ['LI', 'S', 'T /v1/aws/roles HTTP/1.1\r\nHo', 'st: x\r\nConnection: close\r\n\r\n']) {
    socket.write(piece)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await closed
  t.match(answer, /^HTTP\/1\.1 200 OK/)
  t.match(answer, '"keys":["one"]')
})
