import { randomBytes } from 'node:crypto'
import t from 'tap'
import { openDatabase } from '../../../src/server/database.js'
import type { Scope } from '../../../src/server/system.js'
import { readCredentialUpdate } from '../../../src/server/tines/credential-input.js'
import { openTines } from '../../../src/server/tines/system.js'
import { openTestPlane, tickingClock } from '../../fixtures/test-plane.js'
import { callTines, tines, tinesDetails } from '../../fixtures/tines-calls.js'

const text = { name: 'c', mode: 'TEXT', value: 'v', team_id: 1 }

t.test('a key is asked for, in the header of today or in that of older clients', async (t) => {
  const plane = await openTestPlane({
    authorize: async (request) => {
      const reader = request.headers.get('authorization') === 'Bearer reader'
      const scopes = new Set<Scope>(['read'])
      return reader ? { name: 'reader', scopes } : undefined
    },
  })
  t.teardown(() => plane.close())
  const none = await callTines(plane, 'GET', '/teams')
  t.equal(none.status, 401)
  t.strictSame(none.body, {
    errors: [{ message: 'Unauthorized', details: 'send an API key as Authorization: Bearer' }],
  })
  const get = async (headers: Record<string, string>) =>
    (await callTines(plane, 'GET', '/teams', undefined, headers)).status
  t.equal(await get({ authorization: 'Bearer other' }), 401)
  t.equal(await get({ authorization: 'Bearer reader' }), 200)
  t.equal(await get({ 'x-user-token': 'reader' }), 200)
  const write = await callTines(plane, 'POST', '/teams', { name: 'x' }, { 'x-user-token': 'reader' })
  t.equal(write.status, 403)
  t.equal(tinesDetails(write), 'this API key may not write')
})

t.test('more requests than the limit wait for the next minute', async (t) => {
  let at = 0
  const database = await openDatabase({ path: ':memory:', now: tickingClock(), random: randomBytes })
  const callers = [
    { name: 'a' },
    { name: 'a', from: '10.0.0.1' },
    { name: 'a', from: '10.0.0.1' },
    { name: 'b', from: '10.0.0.1' },
    { name: 'a', from: '10.0.0.2' },
    { name: 'a', from: '10.0.0.1' },
    { name: 'a', from: '10.0.0.1' },
  ]
  const system = await openTines(
    {
      database,
      aws: async () => ({ env: () => undefined }),
      grant: async () => ({ name: 'a', ...callers.shift(), scopes: new Set(['read'] as const) }),
      now: () => new Date(at),
      random: randomBytes,
      onError: (error) => t.fail(String(error)),
      onWorkError: (work) => t.fail(work),
    },
    { requestsPerMinute: 2 },
  )
  t.teardown(() => database.close())
  const get = () => callTines(system, 'GET', '/teams')
  for (let i = 0; i < 3; i++) t.equal((await get()).status, 200)
  t.equal((await get()).status, 200, 'another key has a count of its own')
  t.equal((await get()).status, 200, 'and so has another machine')
  at = 15_500
  const limited = await get()
  t.equal(limited.status, 429)
  t.equal(limited.headers.get('retry-after'), '45')
  t.equal(tinesDetails(limited), 'try again in 45 seconds')
  at = 60_000
  t.equal((await get()).status, 200)
})

t.test('a time to live that an update does not send is taken away', (t) => {
  const update = { mode: 'HTTP_REQUEST_AGENT', description: 'x' }
  t.strictSame(readCredentialUpdate(update).inputs, { http_request_ttl: null })
  t.strictSame(readCredentialUpdate({ ...update, http_request_ttl: 60 }).inputs, { http_request_ttl: 60 })
  t.strictSame(readCredentialUpdate({ mode: 'TEXT', description: 'x' }).inputs, {})
  t.end()
})

t.test('bodies that are no JSON objects are refused and never quoted', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const url = 'http://plane.test/tines/api/v1/user_credentials'
  const post = async (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') => {
    const response = await plane.fetch(
      new Request(url, { method: 'POST', headers: { 'content-type': type }, body }),
    )
    t.notMatch(await response.text(), /canary/)
    return response.status
  }
  t.equal(await post('{"value": "canary-4711",}'), 400)
  t.equal(await post(new Uint8Array([0x22, 0xff, 0x22])), 400)
  t.equal(await post('["canary"]'), 400)
  t.equal(await post('{}', 'text/plain'), 415)
  t.equal(await post(JSON.stringify({ ...text, description: 'a\0b' })), 400)
  t.equal(await post(JSON.stringify({ ...text, metadata: { 'a\ud800': 1 } })), 400)
  t.equal(await post(`{"metadata": ${'['.repeat(70)}${']'.repeat(70)}}`), 400)
  t.equal(await post('x'.repeat(1_048_577)), 413)
  t.equal(await post(JSON.stringify(text)), 200)
})

t.test('what is not there is 404, and an id that is none is 400', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  for (const path of ['/stories', '/user_credentials/9', '/teams/9', '/folders/9'])
    t.equal((await callTines(plane, 'GET', path)).status, 404, path)
  t.equal((await callTines(plane, 'PUT', '/user_credentials/9', { mode: 'TEXT' })).status, 404)
  for (const id of ['0', '-1', 'x', '1.5', '99999999999999999999'])
    t.equal((await callTines(plane, 'GET', `/user_credentials/${id}`)).status, 400, id)
})

t.test('what goes wrong inside is a 500 that changes nothing and says nothing', async (t) => {
  let broken = false
  const plane = await openTestPlane({ now: () => (broken ? new Date(Number.NaN) : new Date(0)) })
  t.teardown(() => plane.close())
  await tines(plane, 'POST', '/user_credentials', text)
  broken = true
  const answer = await callTines(plane, 'PUT', '/user_credentials/1', { mode: 'TEXT', name: 'changed' })
  t.equal(answer.status, 500)
  t.equal(tinesDetails(answer), 'the log of the server says what went wrong')
  broken = false
  t.equal((await tines(plane, 'GET', '/user_credentials/1')).name, 'c')
})
