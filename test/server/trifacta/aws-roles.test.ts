import t from 'tap'
import { addPerson, call, create, details, list, openTestPlane } from '../../fixtures/test-plane.js'

const temporary = { credentialProvider: 'temporary', role: 'arn:aws:iam::1:role/a', defaultBucket: 'b' }

t.test(
  'a role is added to the config of the person, workspace or caller, as the vendor shows it',
  async (t) => {
    const plane = await openTestPlane()
    t.teardown(() => plane.close())
    const jane = await addPerson(plane, 'jane@example.com')
    const own = await create(plane, '/awsConfigs', temporary)
    const janes = await create(plane, '/awsConfigs', { ...temporary, personId: jane })
    const role = await create(plane, '/awsRoles', { role: '<my_iam_role_arn>', personId: jane })
    t.strictSame(role, {
      createdFrom: 'api',
      id: 3,
      role: '<my_iam_role_arn>',
      awsConfigId: janes.id,
      updatedAt: role.updatedAt,
      createdAt: role.createdAt,
      deleted_at: null,
    })
    t.equal((await create(plane, '/awsRoles', { role: 'r' })).awsConfigId, own.id)
    t.strictSame((await list(plane, '/awsRoles?limit=1&offset=1'))[0], {
      id: 3,
      role: '<my_iam_role_arn>',
      createdFrom: 'api',
      createdAt: role.createdAt,
      updatedAt: role.updatedAt,
      awsConfigId: janes.id,
    })
  },
)

t.test('a role needs an owner that has a config', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  t.equal(details(await call(plane, 'POST', '/awsRoles', {})), 'role is required')
  t.equal(
    details(await call(plane, 'POST', '/awsRoles', { role: 'r' })),
    'personId: person 1 has no awsConfig',
  )
  t.match(
    details(await call(plane, 'POST', '/awsRoles', { role: 'r', personId: 9 })),
    /person 9 doesn't exist/,
  )
  t.match(
    details(await call(plane, 'POST', '/awsRoles', { role: 'r', workspaceId: 1 })),
    /workspace 1 has no awsConfig/,
  )
  t.match(
    details(await call(plane, 'POST', '/awsRoles', { role: 'r', workspaceId: 2 })),
    /workspace 2 doesn't exist/,
  )
  t.equal((await call(plane, 'POST', '/awsRoles', { role: 'r', workspaceId: 1, personId: 1 })).status, 400)
})

t.test('a role is changed in place, and its config is fixed', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const jane = await addPerson(plane, 'jane@example.com')
  const config = await create(plane, '/awsConfigs', temporary)
  await create(plane, '/awsConfigs', { ...temporary, personId: jane })
  const update = await call(plane, 'PUT', `/awsRoles/${config.activeRoleId}`, { role: 'new', personId: jane })
  t.equal(update.status, 200)
  t.match(update.body, { id: config.activeRoleId, role: 'new', awsConfigId: config.id, deleted_at: null })
  t.match((await list(plane, '/awsConfigs'))[1], { id: config.id, activeRoleId: config.activeRoleId })
})

t.test('a deleted role is gone, and no longer active', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const config = await create(plane, '/awsConfigs', temporary)
  const path = `/awsRoles/${config.activeRoleId}`
  t.equal((await call(plane, 'DELETE', path)).status, 204)
  t.equal((await call(plane, 'DELETE', path)).status, 410)
  t.equal((await call(plane, 'PUT', path, { role: 'r' })).status, 410)
  t.equal((await call(plane, 'DELETE', '/awsRoles/99')).status, 404)
  t.strictSame(await list(plane, '/awsRoles'), [])
  t.match(await list(plane, '/awsRoles?includeDeleted=true'), [
    { id: config.activeRoleId, deletedAt: String },
  ])
  t.match(await list(plane, '/awsConfigs'), [{ activeRoleId: null }])
  const update = await call(plane, 'PUT', `/awsConfigs/${config.id}`, { role: 'again' })
  t.not(update.body.activeRoleId, config.activeRoleId, 'an id is never used twice')
})

t.test('a role is never read by id', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  await create(plane, '/awsConfigs', temporary)
  t.match(details(await call(plane, 'GET', '/awsRoles/1')), /Route doesn't exist/)
})

t.test('a role that the identity provider delivers is told apart', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const config = await create(plane, '/awsConfigs', temporary)
  const id = await plane.deliverRole({ personId: 1, role: 'arn:aws:iam::1:role/sso' })
  t.match(await list(plane, '/awsRoles'), [
    { id, createdFrom: 'idp', awsConfigId: config.id },
    { id: config.activeRoleId, createdFrom: 'api' },
  ])
  await t.rejects(plane.deliverRole({ personId: 9, role: 'r' }))
})
