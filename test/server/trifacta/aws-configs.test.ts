import t from 'tap'
import { addPerson, call, create, details, list, openTestPlane } from '../../fixtures/test-plane.js'

const temporary = { credentialProvider: 'temporary', role: 'arn:aws:iam::1:role/a', defaultBucket: 'b' }
const keys = { credentialProvider: 'default', key: 'AKIA', secret: 'shh', defaultBucket: 'b' }

t.test('a config without an owner is assigned to the caller', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const config = await create(plane, '/awsConfigs', keys)
  t.same((await call(plane, 'GET', '/people/current')).body, {
    ...(await call(plane, 'GET', '/people/1')).body,
    awsConfig: { id: config.id },
  })
  t.strictSame(config.extraBuckets, [])
})

t.test('a temporary config without a role gets a placeholder, which a later role fills in', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const config = await create(plane, '/awsConfigs', { credentialProvider: 'temporary', defaultBucket: 'b' })
  t.match(await list(plane, '/awsRoles'), [{ id: config.activeRoleId, role: null, awsConfigId: config.id }])
  const update = await call(plane, 'PUT', `/awsConfigs/${config.id}`, { role: 'arn:aws:iam::1:role/late' })
  t.strictSame(Object.keys(update.body), ['id', 'updatedAt'])
  t.match(await list(plane, '/awsRoles'), [{ id: config.activeRoleId, role: 'arn:aws:iam::1:role/late' }])
})

t.test('the same role again makes no new role object', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const config = await create(plane, '/awsConfigs', temporary)
  const update = await call(plane, 'PUT', `/awsConfigs/${config.id}`, {
    role: temporary.role,
    defaultBucket: 'c',
  })
  t.notOk('activeRoleId' in update.body)
  t.equal((await list(plane, '/awsRoles')).length, 1)
  t.match(await list(plane, '/awsConfigs'), [{ defaultBucket: 'c', activeRoleId: config.activeRoleId }])
})

t.test('the active role can be chosen among the role objects, by number or by text', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const config = await create(plane, '/awsConfigs', temporary)
  const other = await create(plane, '/awsRoles', { role: 'arn:aws:iam::1:role/b' })
  t.match(
    await list(plane, '/awsConfigs'),
    [{ activeRoleId: config.activeRoleId }],
    'a second role is not active',
  )
  const chosen = await call(plane, 'PUT', `/awsConfigs/${config.id}`, { activeRoleId: String(other.id) })
  t.equal(chosen.body.activeRoleId, other.id)
  t.match(await list(plane, '/awsConfigs'), [{ activeRoleId: other.id }])
  const both = await call(plane, 'PUT', `/awsConfigs/${config.id}`, { activeRoleId: 1, role: 'x' })
  t.equal(both.status, 400)
  t.match(details(both), /role and activeRoleId are alternatives/)
  t.match(
    details(await call(plane, 'PUT', `/awsConfigs/${config.id}`, { activeRoleId: 99 })),
    /awsRole 99 doesn't exist/,
  )
})

t.test('going back to key and secret needs them only if none are stored', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const fromRole = await create(plane, '/awsConfigs', temporary)
  const refused = await call(plane, 'PUT', `/awsConfigs/${fromRole.id}`, {
    credentialProvider: 'default',
    key: 'k',
  })
  t.equal(refused.status, 400)
  t.equal(details(refused), 'key and secret are required for the credential provider default')
  t.match(
    await list(plane, '/awsConfigs'),
    [{ credentialProvider: 'temporary' }],
    'a refused request changes nothing',
  )
  const given = { credentialProvider: 'default', key: 'k', secret: 's' }
  t.equal((await call(plane, 'PUT', `/awsConfigs/${fromRole.id}`, given)).body.activeRoleId, null)
  t.match(await list(plane, '/awsConfigs'), [{ activeRoleId: null, credential: { id: 1 } }])

  const fromKeys = await create(plane, '/awsConfigs', keys)
  await call(plane, 'PUT', `/awsConfigs/${fromKeys.id}`, { credentialProvider: 'temporary', role: 'r' })
  t.equal(
    (await call(plane, 'PUT', `/awsConfigs/${fromKeys.id}`, { credentialProvider: 'default' })).status,
    200,
  )
})

t.test('a new secret keeps the id of the credential, and key and secret are merged too', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const config = await create(plane, '/awsConfigs', keys)
  const update = await call(plane, 'PUT', `/awsConfigs/${config.id}`, { secret: 'rotated' })
  t.equal(update.status, 200)
  t.match(await list(plane, '/awsConfigs'), [{ credential: config.credential }])
})

t.test('extra buckets are replaced as a whole, and null empties them', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const config = await create(plane, '/awsConfigs', { ...keys, extraBuckets: ['x', 'y'] })
  await call(plane, 'PUT', `/awsConfigs/${config.id}`, { extraBuckets: ['z'] })
  t.match(await list(plane, '/awsConfigs'), [{ extraBuckets: ['z'] }])
  await call(plane, 'PUT', `/awsConfigs/${config.id}`, { extraBuckets: null })
  t.strictSame((await list(plane, '/awsConfigs'))[0]?.extraBuckets, [])
})

t.test('what is wrong with a config is said in one answer, without quoting values', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const answer = await call(plane, 'POST', '/awsConfigs', {
    credentialProvider: 'instance',
    secret: 12345,
    extraBuckets: 'canary-bucket',
    personId: 'canary-person',
  })
  t.equal(answer.status, 400)
  t.strictSame(answer.body, {
    exception: {
      name: 'ValidationFailed',
      message: 'Input validation failed',
      details:
        'credentialProvider must be one of: default, temporary; secret must be text that is not empty; ' +
        'extraBuckets must be a list of texts; personId must be a positive integer; defaultBucket is required',
    },
  })
  t.match(
    details(await call(plane, 'POST', '/awsConfigs', { credentialProvider: 'default', defaultBucket: 'b' })),
    /^key is required for the credential provider default; secret is required/,
  )
  t.strictSame(await list(plane, '/awsConfigs'), [])
})

t.test('a request that breaks a rule late changes nothing at all', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const config = await create(plane, '/awsConfigs', { ...temporary, personId: 1 })
  const before = await list(plane, '/awsConfigs')
  const refused = await call(plane, 'PUT', `/awsConfigs/${config.id}`, {
    role: 'other',
    defaultBucket: 'other',
    personId: 99,
  })
  t.equal(refused.status, 400)
  t.match(details(refused), /person 99 doesn't exist/)
  t.equal((await call(plane, 'POST', '/awsConfigs', { ...keys, workspaceId: 7 })).status, 400)
  t.strictSame(await list(plane, '/awsConfigs'), before)
  t.equal((await list(plane, '/awsRoles')).length, 1)
  t.same((await call(plane, 'GET', '/people/1')).body.awsConfig, { id: config.id }, 'still assigned')
})

t.test('a config of the workspace is found through the workspace', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const config = await create(plane, '/awsConfigs', { ...temporary, workspaceId: 1 })
  t.equal((await call(plane, 'GET', '/people/1')).body.awsConfig, null, 'and is not the caller’s')
  t.match(await create(plane, '/awsRoles', { role: 'r', workspaceId: 1 }), { awsConfigId: config.id })
})

t.test('a config given to someone who has one leaves the old one to nobody', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const jane = await addPerson(plane, 'jane@example.com')
  const first = await create(plane, '/awsConfigs', { ...keys, personId: jane })
  const second = await create(plane, '/awsConfigs', { ...keys, personId: jane })
  t.same((await call(plane, 'GET', `/people/${jane}`)).body.awsConfig, { id: second.id })
  t.strictSame(
    (await list(plane, '/awsConfigs')).map((config) => config.id),
    [second.id, first.id],
  )
})

t.test('generation C reads no config by id, and has no PATCH or DELETE for them', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const { id } = await create(plane, '/awsConfigs', keys)
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const answer = await call(plane, method, `/awsConfigs/${id}`, method === 'PATCH' ? {} : undefined)
    t.equal(answer.status, 404, method)
    t.match(details(answer), /Route doesn't exist/)
  }
})

t.test(
  'with the setting a config can be deleted, softly, and leaves neither roles nor an owner',
  async (t) => {
    const plane = await openTestPlane({ allowConfigDelete: true })
    t.teardown(() => plane.close())
    const config = await create(plane, '/awsConfigs', temporary)
    t.equal((await call(plane, 'DELETE', `/awsConfigs/${config.id}`)).status, 204)
    t.equal((await call(plane, 'DELETE', `/awsConfigs/${config.id}`)).status, 410)
    t.equal((await call(plane, 'PUT', `/awsConfigs/${config.id}`, {})).status, 410)
    const never = await call(plane, 'DELETE', '/awsConfigs/99')
    t.equal(never.status, 404)
    t.equal(details(never), 'awsConfig 99 was not found', 'not the text of a route that is missing')
    t.strictSame(await list(plane, '/awsConfigs'), [])
    t.strictSame(await list(plane, '/awsRoles'), [])
    t.equal((await call(plane, 'GET', '/people/1')).body.awsConfig, null)
    t.match(await list(plane, '/awsConfigs?includeDeleted=true'), [{ id: config.id, deletedAt: String }])
    t.equal((await call(plane, 'PATCH', '/people/1', { awsConfig: { id: config.id ?? null } })).status, 400)
  },
)
