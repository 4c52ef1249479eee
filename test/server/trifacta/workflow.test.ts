import t from 'tap'
import { addPerson, call, create, list, openTestPlane } from '../../fixtures/test-plane.js'
import { holdInProcess } from '../../samples/story-plane.js'
import { taskPage } from '../../samples/trifacta.js'

const oldRole = 'arn:aws:iam::123456789012:role/wrangle-old'
const newRole = 'arn:aws:iam::123456789012:role/wrangle-new'

holdInProcess([taskPage])

t.test('the way through the vendor’s task: replace a config, change its role, clean up', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const user = await addPerson(plane, 'joe@example.com')
  t.equal(user, 2)
  await create(plane, '/awsConfigs', {
    credentialProvider: 'default',
    key: 'AKIAIOSFODNN7EXAMPLE',
    secret: 'wJalrXUtnFEMI',
    defaultBucket: 'old',
    personId: 2,
  })

  const before = (await list(plane, '/people')).find((person) => person.id === 2)
  t.same(before?.awsConfig, { id: 1 }, 'the list of people shows that user 2 has config 1')

  const created = await create(plane, '/awsConfigs', {
    credentialProvider: 'temporary',
    role: oldRole,
    defaultBucket: 'bucket',
    extraBuckets: ['extra'],
    personId: 2,
  })
  t.match(created, {
    credentialProvider: 'temporary',
    defaultBucket: 'bucket',
    extraBuckets: ['extra'],
    activeRoleId: Number,
    credential: null,
    externalId: /^[0-9a-f]{32}$/,
  })
  t.notOk('role' in created || 'personId' in created, 'what can only be written is not answered')
  t.same(
    (await call(plane, 'GET', '/people/2')).body.awsConfig,
    { id: created.id },
    'the new config replaces the old',
  )
  t.ok(
    (await list(plane, '/awsConfigs')).some((config) => config.id === 1),
    'which is left behind',
  )
  t.match(
    await list(plane, '/awsRoles'),
    [{ id: created.activeRoleId, role: oldRole, awsConfigId: created.id, createdFrom: 'api' }],
    'the role object was made along with it',
  )

  const changed = await call(plane, 'PUT', `/awsConfigs/${created.id}`, { role: newRole })
  t.equal(changed.status, 200)
  t.strictSame(Object.keys(changed.body), ['id', 'activeRoleId', 'updatedAt'])
  t.not(changed.body.activeRoleId, created.activeRoleId, 'another role object is active')
  t.match(
    await list(plane, '/awsRoles'),
    [
      { id: changed.body.activeRoleId, role: newRole, awsConfigId: created.id },
      { id: created.activeRoleId, role: oldRole, awsConfigId: created.id },
    ],
    'and the previous one still exists',
  )
  t.match(
    (await list(plane, '/awsConfigs'))[0],
    { defaultBucket: 'bucket', extraBuckets: ['extra'] },
    'the rest is kept',
  )

  t.equal((await call(plane, 'DELETE', `/awsRoles/${created.activeRoleId}`)).status, 204)
  t.strictSame(
    (await list(plane, '/awsRoles')).map((role) => role.role),
    [newRole],
  )
})

t.test('the way from keys to roles: the provider, the role, and if need be the person', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const ann = await addPerson(plane, 'ann@example.com')
  const bob = await addPerson(plane, 'bob@example.com')
  const keys = { credentialProvider: 'default', key: 'AKIA', secret: 'shh', defaultBucket: 'b' }
  const annConfig = await create(plane, '/awsConfigs', { ...keys, personId: ann })
  t.equal(annConfig.activeRoleId, null)
  t.equal(annConfig.externalId, null)

  const update = await call(plane, 'PUT', `/awsConfigs/${annConfig.id}`, {
    credentialProvider: 'temporary',
    role: newRole,
    personId: bob,
  })
  t.equal(update.status, 200)
  t.type(update.body.activeRoleId, 'number')
  t.match((await list(plane, '/awsConfigs'))[0], {
    credentialProvider: 'temporary',
    activeRoleId: update.body.activeRoleId,
    externalId: /^[0-9a-f]{32}$/,
    credential: annConfig.credential,
  })
  t.equal(
    (await call(plane, 'GET', `/people/${ann}`)).body.awsConfig,
    null,
    'the former user is left with none',
  )
  t.same((await call(plane, 'GET', `/people/${bob}`)).body.awsConfig, { id: annConfig.id })
})
