import t from 'tap'
import { addPerson, call, create, details, list, openTestPlane } from '../../fixtures/test-plane.js'

const jane = { accept: 'accept', email: 'jane@example.com', name: 'Jane', password: 'foo', password2: 'foo' }

t.test('a new plane has one person, the administrator who makes the requests', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const [admin, ...others] = await list(plane, '/people')
  t.strictSame(others, [])
  t.strictSame(admin, {
    id: 1,
    email: 'admin@localhost',
    name: 'Administrator',
    ssoPrincipal: null,
    hadoopPrincipal: null,
    isAdmin: true,
    outputHomeDir: '/trifacta/queryResults/admin@localhost',
    isDisabled: false,
    forcePasswordChange: false,
    state: 'active',
    lastStateChange: null,
    createdAt: admin?.createdAt,
    updatedAt: admin?.updatedAt,
    fileUploadPath: '/trifacta/uploads',
    lastLoginTime: null,
    awsConfig: null,
  })
  t.strictSame((await call(plane, 'GET', '/people/current')).body, admin)
})

t.test('a person is created, with the slash of the vendor’s page or without', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const person = await create(plane, '/people/', { ...jane, isAdmin: true, ssoPrincipal: 'jane.sso' })
  t.match(person, {
    id: 2,
    email: 'jane@example.com',
    isAdmin: true,
    ssoPrincipal: 'jane.sso',
    awsConfig: null,
  })
  t.notOk(JSON.stringify(person).includes('foo'), 'a password is not answered')
  t.strictSame((await call(plane, 'GET', '/people/2')).body, person)
})

t.test('a person needs a literal acceptance, an address, a name and the password twice', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  t.equal(
    details(await call(plane, 'POST', '/people', { password: 'a', password2: 'b' })),
    'password and password2 must be equal; accept is required; email is required; name is required',
  )
  t.equal(
    details(await call(plane, 'POST', '/people', { ...jane, accept: true })),
    'accept must be one of: accept',
  )
  await create(plane, '/people', jane)
  const again = await call(plane, 'POST', '/people', { ...jane, email: 'JANE@Example.com' })
  t.equal(again.status, 400)
  t.equal(details(again), 'email is taken by another person')
})

t.test('a change answers only the id and the time', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const before = await create(plane, '/people', jane)
  const update = await call(plane, 'PATCH', '/people/2', {
    name: 'Jane Doe',
    isDisabled: true,
    hadoopPrincipal: null,
  })
  t.equal(update.status, 200)
  t.strictSame(Object.keys(update.body), ['id', 'updatedAt'])
  t.strictSame((await call(plane, 'GET', '/people/2')).body, {
    ...before,
    name: 'Jane Doe',
    isDisabled: true,
    lastStateChange: update.body.updatedAt,
    updatedAt: update.body.updatedAt,
  })
  t.equal(
    details(await call(plane, 'PATCH', '/people/2', { password: 'x' })),
    'password and password2 must be equal',
  )
  t.equal(
    details(await call(plane, 'PATCH', '/people/2', { email: 'Admin@localhost' })),
    'email is taken by another person',
  )
  t.equal(
    (await call(plane, 'PATCH', '/people/2', { email: 'Jane@example.com' })).status,
    200,
    'not by oneself',
  )
})

t.test('null detaches the config, which stays', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const config = await create(plane, '/awsConfigs', {
    credentialProvider: 'temporary',
    role: 'r',
    defaultBucket: 'b',
    personId: await addPerson(plane, 'jane@example.com'),
  })
  t.equal((await call(plane, 'PATCH', '/people/2', { name: 'J' })).status, 200)
  t.same(
    (await call(plane, 'GET', '/people/2')).body.awsConfig,
    { id: config.id },
    'kept by what does not name it',
  )
  t.equal((await call(plane, 'PATCH', '/people/2', { awsConfig: null })).status, 200)
  t.equal((await call(plane, 'GET', '/people/2')).body.awsConfig, null)
  t.equal((await list(plane, '/awsConfigs')).length, 1)
  t.equal((await call(plane, 'PATCH', '/people/2', { awsConfig: { id: 9 } })).status, 400)
  t.equal((await call(plane, 'PATCH', '/people/2', { awsConfig: true })).status, 400)
})

t.test('a deleted person is gone, unless deleted ones are asked for, and the address is free', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  await create(plane, '/people', jane)
  t.equal((await call(plane, 'DELETE', '/people/2')).status, 204)
  t.equal((await call(plane, 'GET', '/people/2')).status, 410)
  t.equal((await call(plane, 'PATCH', '/people/2', { name: 'x' })).status, 410)
  t.equal((await call(plane, 'DELETE', '/people/2')).status, 410)
  t.match((await call(plane, 'GET', '/people/2?includeDeleted=true')).body, { id: 2, deletedAt: String })
  t.equal((await list(plane, '/people')).length, 1)
  t.equal((await list(plane, '/people?includeDeleted=true')).length, 2)
  t.equal((await create(plane, '/people', jane)).id, 3)
  t.equal((await call(plane, 'GET', '/people/99')).status, 404)
  t.equal((await call(plane, 'DELETE', '/people/1')).status, 400, 'the caller stays')
})

t.test(
  'people are found by address without regard to case, by workspace and by being disabled',
  async (t) => {
    const plane = await openTestPlane()
    t.teardown(() => plane.close())
    await create(plane, '/people', jane)
    await call(plane, 'PATCH', '/people/2', { isDisabled: true })
    const ids = async (query: string) => (await list(plane, `/people?${query}`)).map((person) => person.id)
    t.strictSame(await ids('email=JANE%40example.com'), [2])
    t.strictSame(await ids('email=nobody%40example.com'), [])
    t.strictSame(await ids('workspaceId=1'), [2, 1])
    t.strictSame(await ids('workspaceId=2'), [])
    t.strictSame(await ids('isDisabled=true'), [2])
    t.strictSame(await ids('isDisabled=false'), [1])
    t.equal((await call(plane, 'GET', '/people?isDisabled=perhaps')).status, 400)
    t.equal((await call(plane, 'GET', '/people?workspaceId=x')).status, 400)
  },
)

t.test('a server without the calls that write people says that the routes are not there', async (t) => {
  const plane = await openTestPlane({ allowPeopleWrites: false })
  t.teardown(() => plane.close())
  t.match(details(await call(plane, 'POST', '/people', jane)), /Route doesn't exist/)
  t.match(details(await call(plane, 'PATCH', '/people/1', { name: 'x' })), /Route doesn't exist/)
  t.match(details(await call(plane, 'DELETE', '/people/1')), /Route doesn't exist/)
  t.equal((await call(plane, 'GET', '/people/1')).status, 200)
})

t.test('a text that no database takes is in no address', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  t.strictSame(await list(plane, '/people?email=admin%00'), [])
})
