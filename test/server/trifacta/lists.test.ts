import t from 'tap'
import { addPerson, call, create, details, list, openTestPlane } from '../../fixtures/test-plane.js'

t.test('a list shows 25 items, the newest first, and its offset counts items', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  for (let n = 2; n <= 30; n += 1) await addPerson(plane, `p${n}@example.com`)
  const ids = async (query: string) => (await list(plane, `/people${query}`)).map((person) => person.id)
  t.strictSame(
    await ids(''),
    [...Array(25).keys()].map((n) => 30 - n),
  )
  t.strictSame(await ids('?offset=25'), [5, 4, 3, 2, 1])
  t.strictSame(await ids('?limit=3&offset=2'), [28, 27, 26])
  t.strictSame(await ids('?limit=3&offset=29'), [1])
  t.strictSame(await ids('?limit=3&offset=30'), [])
  t.strictSame(await ids('?limit=0'), [])
  for (const query of ['limit=-1', 'limit=x', 'limit=', 'offset=1.5', 'includeDeleted=yes']) {
    const answer = await call(plane, 'GET', `/people?${query}`)
    t.equal(answer.status, 400, query)
    t.match(details(answer), /^the query parameter \w+ must be/)
  }
})

t.test('fields narrows what is shown, and always shows the id', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  t.strictSame(await list(plane, '/people?fields=name;email'), [
    { id: 1, email: 'admin@localhost', name: 'Administrator' },
  ])
  t.strictSame(await list(plane, '/people?fields=id;nothing'), [{ id: 1 }])
  await create(plane, '/awsConfigs', { credentialProvider: 'temporary', role: 'r', defaultBucket: 'b' })
  t.strictSame(await list(plane, '/awsConfigs?fields=activeRoleId'), [{ id: 1, activeRoleId: 1 }])
  t.strictSame(await list(plane, '/awsRoles?fields=role;awsConfigId'), [{ id: 1, role: 'r', awsConfigId: 1 }])
})

t.test('embed shows the associated object instead of its id', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const config = await create(plane, '/awsConfigs', {
    credentialProvider: 'temporary',
    role: 'r',
    defaultBucket: 'b',
  })
  await addPerson(plane, 'jane@example.com')
  const people = await list(plane, '/people?embed=awsConfig')
  t.equal(people[0]?.awsConfig, null)
  t.strictSame(people[1]?.awsConfig, config)
  const narrow = await call(
    plane,
    'GET',
    '/people/1?fields=name&embed=awsConfig(limit=1,fields=id;defaultBucket)',
  )
  t.strictSame(narrow.body, { id: 1, name: 'Administrator', awsConfig: { id: 1, defaultBucket: 'b' } })
  t.strictSame((await list(plane, '/awsRoles?embed=awsConfig'))[0]?.awsConfig, config)
})

t.test('embedding what is not an association says which there are', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const refusal = async (path: string) => {
    const answer = await call(plane, 'GET', path)
    t.equal(answer.status, 400)
    return details(answer)
  }
  t.equal(
    await refusal('/people?embed=awsConfig,awsRoles'),
    'awsRoles is not an association of person. Associations: awsConfig',
  )
  t.equal(
    await refusal('/awsConfigs?embed=person'),
    'person is not an association of awsConfig. Associations: none',
  )
  t.match(await refusal('/people?embed=awsConfig('), /must look like/)
  t.match(await refusal('/people?embed=,'), /must look like/)
})
