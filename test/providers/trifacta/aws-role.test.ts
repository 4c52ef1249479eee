import t from 'tap'
import { awsConfig } from '../../../src/providers/trifacta/aws-config.js'
import { awsRole } from '../../../src/providers/trifacta/aws-role.js'
import { awsRolesData } from '../../../src/providers/trifacta/data-aws-roles.js'
import { addPerson, list } from '../../fixtures/test-plane.js'
import {
  type Bench,
  createOrFinish,
  inputsFor,
  killEverywhere,
  openBench,
  role,
  rowOf,
} from '../../fixtures/trifacta-connection.js'

const type = 'trifacta_aws_role'
const extra = (given = {}) => inputsFor(type, { aws_config_id: '1', role: role('extra'), ...given })

/** Jane (person 2) has awsConfig 1 with the active awsRole 1. */
async function withConfig(bench: Bench): Promise<Bench> {
  await addPerson(bench.plane, 'jane@example.com')
  const inputs = inputsFor('trifacta_aws_config', {
    person_id: '2',
    credential_provider: 'temporary',
    role: role('main'),
    default_bucket: 'acme',
  })
  await awsConfig.create(bench.api(), inputs)
  return bench
}

t.test('a further role is made, found, changed in place and deleted', async (t) => {
  const { api, plane } = await withConfig(await openBench(t))
  const made = await awsRole.create(api(), extra())
  t.match(made, { id: '2', aws_config_id: '1', role: role('extra'), created_from: 'api', active: false })
  t.strictSame(await awsRole.read(api(), '2'), made)
  t.strictSame(await awsRole.find(api(), extra()), made)
  t.strictSame(await awsRole.importId?.(api(), `1/${role('extra')}`), made)
  t.equal(await awsRole.find(api(), extra({ role: role('none') })), undefined)
  const changed = await awsRole.update?.(api(), extra({ role: role('other') }), made, undefined)
  t.match(changed, { id: '2', role: role('other') })
  const prior = rowOf(type, extra(), made)
  t.strictSame(await awsRole.delete(api(), prior, made), {})
  t.strictSame(await awsRole.delete(api(), prior, made), {}, 'again is fine')
  t.match(await list(plane, '/awsRoles'), [{ id: 1, role: role('main') }])
  t.match(await list(plane, '/awsConfigs'), [{ activeRoleId: 1 }])
})

t.test('what the identity provider delivered is never touched', async (t) => {
  const { api, plane } = await withConfig(await openBench(t))
  const id = String(await plane.deliverRole({ personId: 2, role: role('extra') }))
  const delivered = (await awsRole.read(api(), id))!
  t.equal(delivered.created_from, 'idp')
  const refused = /delivered by the identity provider/
  await t.rejects(awsRole.find(api(), extra()), refused)
  await t.rejects(awsRole.create(api(), extra()), refused)
  await t.rejects(async () => awsRole.update?.(api(), extra(), delivered, undefined), refused)
  await t.rejects(awsRole.delete(api(), rowOf(type, extra(), delivered), delivered), refused)
  const listed: string[] = []
  for await (const out of awsRole.list?.(api()) ?? []) listed.push(out.id)
  t.strictSame(listed, ['1'])
})

t.test('a role for a configuration that is not there says so', async (t) => {
  const { api } = await withConfig(await openBench(t))
  await t.rejects(awsRole.create(api(), extra({ aws_config_id: '9' })), /there is no awsConfig 9/)
})

t.test('deleting the active role says who loses access', async (t) => {
  const before = { id: '1', aws_config_id: '1', role: role('main'), active: true }
  t.match(awsRole.consequences?.({ before }), [{ kind: 'loses-access' }])
  t.strictSame(awsRole.consequences?.({ before, after: extra() }), [])
})

t.test('roles are listed by configuration, origin and use', async (t) => {
  const { api, plane } = await withConfig(await openBench(t))
  await awsRole.create(api(), extra())
  await plane.deliverRole({ personId: 2, role: role('idp') })
  const ids = async (given: object) => {
    const schema = [...awsRolesData.schema.attributes.values()].filter((a) => !a.readOnly)
    const inputs = { ...Object.fromEntries(schema.map((a) => [a.name, null])), ...given }
    const { roles } = await awsRolesData.read(api({ readOnly: true }), inputs)
    return (roles as readonly ReadonlyMap<string, unknown>[]).map((entry) => entry.get('id'))
  }
  t.strictSame(await ids({}), ['1', '2', '3'])
  t.strictSame(await ids({ active: true }), ['1'])
  t.strictSame(await ids({ active: false, created_from: 'api' }), ['2'])
  t.strictSame(await ids({ created_from: 'idp' }), ['3'])
  t.strictSame(await ids({ aws_config_id: '9' }), [])
  t.strictSame(await ids({ orphan: true }), [])
})

t.test('every verb converges when it is run again after an interruption', async (t) => {
  const create = await killEverywhere(t, async (bench) => {
    await withConfig(bench)
    return (api) => createOrFinish(awsRole, api, extra())
  })
  t.ok(create.length > 4)
  for (const end of create) t.strictSame(end, create[0])
  for (const verb of ['update', 'delete']) {
    const ends = await killEverywhere(t, async (bench) => {
      await withConfig(bench)
      const made = await awsRole.create(bench.api(), extra())
      return (api): Promise<unknown> =>
        verb === 'update'
          ? Promise.resolve(awsRole.update?.(api, extra({ role: role('other') }), made, undefined))
          : awsRole.delete(api, rowOf(type, extra(), made), made)
    })
    for (const end of ends) t.strictSame(end, ends[0], verb)
  }
})
