import t from 'tap'
import type { JsonObject } from '../../../src/core/json.js'
import { addPerson, call, details, openTestPlane } from '../../fixtures/test-plane.js'

/** Ids and times as the vendor's page shows them, for those that the server chose. */
function masked(
  body: JsonObject,
  ids: { id: number; credential?: number },
  times: [string, string],
): JsonObject {
  return {
    ...body,
    id: ids.id,
    updatedAt: times[0],
    createdAt: times[1],
    ...(ids.credential === undefined ? {} : { credential: { id: ids.credential } }),
  }
}

t.test('a config with key and secret is answered as the vendor shows it', async (t) => {
  const plane = await openTestPlane({ generation: 'A' })
  t.teardown(() => plane.close())
  const { status, body } = await call(plane, 'POST', '/awsConfigs', {
    mode: 'user',
    credentialProvider: 'default',
    key: '<my_key>',
    secret: '<my_secret>',
    defaultBucket: 'testing',
    extraBuckets: ['extra-one'],
  })
  t.equal(status, 201)
  t.type(body.id, 'number')
  t.match(body, { createdAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, credential: { id: Number } })
  // The text, so that the order of the members is compared as well.
  t.equal(
    JSON.stringify(
      masked(body, { id: 5, credential: 22 }, ['2019-04-16T23:03:30.336Z', '2019-04-16T23:03:30.257Z']),
    ),
    JSON.stringify({
      extraBuckets: ['extra-one'],
      id: 5,
      credentialProvider: 'default',
      defaultBucket: 'testing',
      updatedAt: '2019-04-16T23:03:30.336Z',
      createdAt: '2019-04-16T23:03:30.257Z',
      role: null,
      externalId: null,
      credential: { id: 22 },
    }),
  )
})

t.test('a config with an IAM role is answered as the vendor shows it', async (t) => {
  const plane = await openTestPlane({ generation: 'A' })
  t.teardown(() => plane.close())
  const { status, body } = await call(plane, 'POST', '/awsConfigs', {
    mode: 'user',
    credentialProvider: 'temporary',
    role: '<my_iam_role>',
    defaultBucket: 'testing',
    extraBuckets: ['extra-one'],
  })
  t.equal(status, 201)
  t.equal(
    JSON.stringify(masked(body, { id: 6 }, ['2019-04-16T23:06:32.049Z', '2019-04-16T23:06:32.047Z'])),
    JSON.stringify({
      extraBuckets: ['extra-one'],
      id: 6,
      credentialProvider: 'temporary',
      role: '<my_iam_role>',
      defaultBucket: 'testing',
      updatedAt: '2019-04-16T23:06:32.049Z',
      createdAt: '2019-04-16T23:06:32.047Z',
      externalId: null,
      credential: null,
    }),
  )
  t.same((await call(plane, 'GET', `/awsConfigs/${body.id}`)).body, body, 'and read by id the same')
})

t.test('generation A has no role objects, no assignment on the config and no current person', async (t) => {
  const plane = await openTestPlane({ generation: 'A' })
  t.teardown(() => plane.close())
  const jane = await addPerson(plane, 'jane@example.com')
  for (const [method, path] of [
    ['GET', '/awsRoles'],
    ['POST', '/awsRoles'],
    ['DELETE', '/awsRoles/1'],
  ] as const) {
    const answer = await call(plane, method, path, method === 'POST' ? {} : undefined)
    t.equal(answer.status, 404)
    t.match(details(answer), /Route doesn't exist/)
  }
  t.equal((await call(plane, 'GET', '/people/current')).status, 400)

  const config = await call(plane, 'POST', '/awsConfigs', {
    mode: 'user',
    credentialProvider: 'temporary',
    role: 'r',
    defaultBucket: 'b',
    personId: jane,
  })
  t.equal((await call(plane, 'GET', `/people/${jane}`)).body.awsConfig, null)
  t.equal((await call(plane, 'GET', '/people/1')).body.awsConfig, null, 'not even to the caller')
  await call(plane, 'PATCH', `/people/${jane}`, { awsConfig: { id: config.body.id ?? null } })
  t.same((await call(plane, 'GET', `/people/${jane}`)).body.awsConfig, { id: config.body.id })
})

t.test(
  'in generation A a changed role is seen on the config, and the mode is required to make one',
  async (t) => {
    const plane = await openTestPlane({ generation: 'A' })
    t.teardown(() => plane.close())
    const temporary = { credentialProvider: 'temporary', role: 'one', defaultBucket: 'b' }
    const refused = await call(plane, 'POST', '/awsConfigs', temporary)
    t.equal(refused.status, 400)
    t.equal(details(refused), 'mode is required')
    t.equal((await call(plane, 'POST', '/awsConfigs', { ...temporary, mode: 'system' })).status, 400)

    const { body } = await call(plane, 'POST', '/awsConfigs', { ...temporary, mode: 'user' })
    const update = await call(plane, 'PUT', `/awsConfigs/${body.id}`, { role: 'two' })
    t.strictSame(Object.keys(update.body), ['id', 'updatedAt'])
    t.match((await call(plane, 'GET', `/awsConfigs/${body.id}`)).body, { role: 'two', defaultBucket: 'b' })
    t.match(
      details(await call(plane, 'GET', '/awsConfigs')),
      /Route doesn't exist/,
      'only later releases list them',
    )
  },
)
