import t from 'tap'
import type { Outputs } from '../../../src/core/resource.js'
import { Secret } from '../../../src/core/secret.js'
import { awsConfig } from '../../../src/providers/trifacta/aws-config.js'
import { awsRolesData } from '../../../src/providers/trifacta/data-aws-roles.js'
import { addPerson, call, create, list } from '../../fixtures/test-plane.js'
import { inputsFor, killEverywhere, openBench, role, rowOf } from '../../fixtures/trifacta-connection.js'

/*
 * Whose a configuration is, the service shows from the side of people only.
 */

const type = 'trifacta_aws_config'
const temporary = (given = {}) =>
  inputsFor(type, { credential_provider: 'temporary', role: role('a'), default_bucket: 'acme', ...given })
const keys = (given = {}) =>
  inputsFor(type, {
    credential_provider: 'default',
    key: new Secret('AKIAEXAMPLE'),
    secret: new Secret('hunter2'),
    default_bucket: 'acme',
    ...given,
  })

const listed = async (items: AsyncIterable<Outputs> | undefined) => {
  const all: Outputs[] = []
  for await (const out of items ?? []) all.push(out)
  return all
}

t.test('what a destroy had to leave behind, with its keys, is nobody’s news', async (t) => {
  const { plane, api } = await openBench(t)
  await addPerson(plane, 'jane@example.com')
  const made = await awsConfig.create(api(), keys({ person_id: '2' }))
  t.equal((await listed(awsConfig.list?.(api()))).length, 1)
  await awsConfig.delete(api(), rowOf(type, keys({ person_id: '2' }), made), made)
  t.equal((await list(plane, '/awsConfigs')).length, 1, 'the service cannot delete it')
  t.strictSame(await listed(awsConfig.list?.(api())), [])
})

t.test('nor is what stays with a person whom nothing can change, once it has no role', async (t) => {
  const { api } = await openBench(t, { allowPeopleWrites: false })
  const made = await awsConfig.create(api(), temporary({ person_id: '1' }))
  const gone = await awsConfig.delete(api(), rowOf(type, temporary({ person_id: '1' }), made), made)
  t.match(gone.left, /is still that of person 1/)
  t.strictSame(await listed(awsConfig.list?.(api())), [])
  t.match(
    await awsConfig.find(api(), temporary({ person_id: '1' })),
    { id: made.id, role: null },
    'and yet it is found',
  )
})

t.test('a configuration that goes from a person to the workspace is taken from the person', async (t) => {
  const ends = await killEverywhere(t, async (bench) => {
    await addPerson(bench.plane, 'jane@example.com')
    const made = await awsConfig.create(bench.api(), temporary({ person_id: '2' }))
    const prior = rowOf(type, temporary({ person_id: '2' }), made)
    return async (api) => {
      const current = (await awsConfig.read(bench.api(), made.id))!
      const after = await awsConfig.update?.(api, temporary({ workspace_id: '1' }), current, prior)
      t.match(after, { person_id: null, workspace_id: '1' })
    }
  })
  t.match(ends[0], [[{ email: 'jane@example.com', awsConfig: null }, {}], [{ id: 1 }], [{ id: 1 }]])
  for (const end of ends) t.strictSame(end, ends[0])
})

t.test('where nothing can take it from the person, that is an error', async (t) => {
  const { api } = await openBench(t, { allowPeopleWrites: false })
  const mine = await awsConfig.create(api(), temporary({ person_id: '1' }))
  await t.rejects(async () => awsConfig.update?.(api(), temporary({ workspace_id: '1' }), mine, undefined), {
    message: /person 1 still has it, and this service has no call that changes people/,
  })
})

t.test('what belongs to nobody is not said to be the workspace’s', async (t) => {
  const { plane, api } = await openBench(t)
  await addPerson(plane, 'jane@example.com')
  const inputs = temporary({ person_id: '2' })
  const prior = rowOf(type, inputs, await awsConfig.create(api(), inputs))
  await call(plane, 'PATCH', '/people/2', { awsConfig: null })
  const before = (await awsConfig.read(api(), '1'))!
  t.strictSame(awsConfig.consequences?.({ before, after: inputs, prior }), [])
  const ours = rowOf(type, temporary({ workspace_id: '1' }), before)
  t.match(awsConfig.consequences?.({ before, prior: ours }), [
    { kind: 'loses-access', text: /^Workspace 1 is left without AWS access/ },
  ])
})

t.test('a role that someone else made active stays as it is', async (t) => {
  const { plane, api } = await openBench(t)
  await addPerson(plane, 'jane@example.com')
  const inputs = temporary({ person_id: '2' })
  const prior = rowOf(type, inputs, await awsConfig.create(api(), inputs))
  await call(plane, 'PUT', '/awsConfigs/1', { role: role('theirs') })
  const current = (await awsConfig.read(api(), '1'))!
  const after = await awsConfig.update?.(api(), { ...inputs, role: role('b') }, current, prior)
  t.match(after, { role: role('b'), active_role_id: '3' })
  t.match(await list(plane, '/awsRoles'), [
    { id: 3, role: role('b') },
    { id: 2, role: role('theirs') },
  ])
  t.equal((await list(plane, '/awsRoles')).length, 2, 'ours, which is not in use any more, is gone')
})

t.test('our own role that was changed by hand is ours all the same', async (t) => {
  const { plane, api } = await openBench(t)
  await addPerson(plane, 'jane@example.com')
  const inputs = temporary({ person_id: '2' })
  const prior = rowOf(type, inputs, await awsConfig.create(api(), inputs))
  await call(plane, 'PUT', '/awsRoles/1', { role: role('theirs') })
  const current = (await awsConfig.read(api(), '1'))!
  t.match(await awsConfig.update?.(api(), inputs, current, prior), { role: role('a'), active_role_id: '1' })
})

t.test('in release 6.0 there is no configuration of a workspace', async (t) => {
  const { api } = await openBench(t, { generation: 'A' }, { generation: 'A' })
  await t.rejects(awsConfig.find(api(), temporary({ workspace_id: '1' })), {
    message: /looking for the awsConfig of workspace 1: release 6.0 assigns configurations to people only/,
  })
})

t.test('a release that lists awsRoles but no awsConfigs is read by their numbers', async (t) => {
  // The lists are documented from 9.2 on, awsRoles from 6.8 on.
  const bench = await openBench(t, {
    intercept: async (request, next) => {
      const url = new URL(request.url)
      const [, id] = /^\/v4\/awsConfigs\/?([0-9]*)$/.exec(url.pathname) ?? []
      if (request.method !== 'GET' || id === undefined) return next(request)
      if (id === '') return next(new Request(`${url.origin}/v4/nothing`, request))
      const all = await next(new Request(`${url.origin}/v4/awsConfigs?limit=100`, request))
      const { data } = (await all.json()) as { data: { id: number }[] }
      const found = data.find((config) => config.id === Number(id))
      return found === undefined
        ? next(new Request(`${url.origin}/v4/people/999`, request))
        : Response.json(found)
    },
  })
  const { plane, api } = bench
  await addPerson(plane, 'jane@example.com')
  const inputs = temporary({ person_id: '2' })
  const made = await awsConfig.create(api(), inputs)
  t.match(await awsConfig.read(api(), made.id), { id: '1', person_id: '2', role: role('a') })
  t.equal(await awsConfig.read(api(), '7'), undefined)
  t.match(await awsConfig.find(api(), inputs), { id: '1' })
  await create(plane, '/awsRoles', { personId: 2, role: role('b') })
  const roles = await awsRolesData.read(api(), inputsFor('trifacta_aws_roles', { active: false }))
  t.match(roles.roles, [new Map([['role', role('b')]])])
})
