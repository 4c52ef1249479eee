import t from 'tap'
import { addPerson, call, details, openTestPlane } from '../../fixtures/test-plane.js'
import { holdInProcess } from '../../samples/story-plane.js'
import { createPage } from '../../samples/trifacta.js'

holdInProcess([createPage])

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
