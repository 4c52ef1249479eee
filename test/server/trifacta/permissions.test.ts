import t from 'tap'
import { addPerson, call, create, list, openTestPlane } from '../../fixtures/test-plane.js'

/** A plane where the bearer token is the e-mail address. */
async function authenticatedPlane() {
  const plane = await openTestPlane({
    authenticate: async (request) => request.headers.get('authorization')?.replace('Bearer ', ''),
  })
  const as = (email: string) => ({
    fetch: (request: Request) => {
      request.headers.set('authorization', `Bearer ${email}`)
      return plane.fetch(request)
    },
  })
  return { plane, admin: as('admin@localhost'), jane: as('jane@example.com') }
}

const temporary = { credentialProvider: 'temporary', role: 'r', defaultBucket: 'b' }

t.test('who sends no credentials, or those of nobody active, gets 401', async (t) => {
  const { plane, admin, jane } = await authenticatedPlane()
  t.teardown(() => plane.close())
  t.equal((await call(plane, 'GET', '/people')).status, 401)
  t.equal((await call(jane, 'GET', '/people')).status, 401)
  const id = await addPerson(admin, 'jane@example.com')
  t.equal((await call(jane, 'GET', '/people/current')).body.id, id)
  await call(admin, 'PATCH', `/people/${id}`, { isDisabled: true })
  t.equal((await call(jane, 'GET', '/people')).status, 401)
})

t.test('others than administrators see names, and change only their own name and password', async (t) => {
  const { plane, admin, jane } = await authenticatedPlane()
  t.teardown(() => plane.close())
  const id = await addPerson(admin, 'jane@example.com')
  t.strictSame(await list(jane, '/people?embed=awsConfig'), [
    { id, email: 'jane@example.com', name: 'jane' },
    { id: 1, email: 'admin@localhost', name: 'Administrator' },
  ])
  t.equal(
    (await call(jane, 'PATCH', `/people/${id}`, { name: 'J', password: 'x', password2: 'x' })).status,
    200,
  )
  t.equal((await call(jane, 'PATCH', `/people/${id}`, { isAdmin: true })).status, 403)
  t.equal((await call(jane, 'PATCH', '/people/1', { name: 'x' })).status, 403)
  t.equal((await call(jane, 'DELETE', '/people/1')).status, 403)
  t.equal((await call(jane, 'POST', '/people', { email: 'x' })).status, 403)
})

t.test('others than administrators make and change only their own config, and see no roles', async (t) => {
  const { plane, admin, jane } = await authenticatedPlane()
  t.teardown(() => plane.close())
  const id = await addPerson(admin, 'jane@example.com')
  const foreign = await create(admin, '/awsConfigs', temporary)
  const own = await create(jane, '/awsConfigs', temporary)
  t.same((await call(admin, 'GET', `/people/${id}`)).body.awsConfig, { id: own.id })
  t.equal((await call(jane, 'PUT', `/awsConfigs/${own.id}`, { defaultBucket: 'c' })).status, 200)
  t.equal((await call(jane, 'PUT', `/awsConfigs/${own.id}`, { personId: 1 })).status, 403)
  t.equal((await call(jane, 'PUT', `/awsConfigs/${foreign.id}`, { defaultBucket: 'c' })).status, 403)
  t.equal((await call(jane, 'POST', '/awsConfigs', { ...temporary, personId: 1 })).status, 403)
  t.equal((await call(jane, 'POST', '/awsConfigs', { ...temporary, workspaceId: 1 })).status, 403)
  t.equal((await call(jane, 'GET', '/awsRoles')).status, 403)
  t.equal((await call(jane, 'POST', '/awsRoles', { role: 'r' })).status, 403)
  t.equal((await call(jane, 'PUT', `/awsRoles/${own.activeRoleId}`, { role: 'x' })).status, 403)
  t.equal((await call(jane, 'DELETE', `/awsRoles/${own.activeRoleId}`)).status, 403)
})
