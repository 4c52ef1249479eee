import t from 'tap'
import { outputsOf } from '../../../src/providers/vault/role-content.js'
import { openVaultBench, there } from '../../fixtures/vault-connection.js'

const arn = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const document = '{"Version":"2012-10-17","Statement":[]}'

t.test('a role is sent as declared, and nothing that a server may not know', async (t) => {
  const bench = await openVaultBench(t)
  const role = bench.type('vault_aws_role')
  const inputs = bench.inputs('vault_aws_role', {
    name: 'ci',
    credential_type: 'assumed_role',
    role_arns: [arn('a')],
    default_sts_ttl: '30m',
    user_path: '/',
  })
  const made = await role.create(bench.api(), inputs)
  t.equal(
    bench.requests.find((request) => request.startsWith('POST')),
    `POST aws/roles/ci {"credential_type":"assumed_role","role_arns":["${arn('a')}"],"default_sts_ttl":1800}`,
  )
  t.match(made, {
    id: 'aws/roles/ci',
    role_arns: [arn('a')],
    default_sts_ttl: '30m',
    policy_document: null,
  })
})

t.test('another type empties what the role had for the former one', async (t) => {
  const bench = await openVaultBench(t)
  const role = bench.type('vault_aws_role')
  const before = await role.create(
    bench.api(),
    bench.inputs('vault_aws_role', {
      name: 'ci',
      credential_type: 'assumed_role',
      role_arns: [arn('a')],
      session_tags: new Map([['team', 'data']]),
      external_id: 'x-1',
      policy_document: document,
      max_sts_ttl: '2h',
    }),
  )
  bench.requests.length = 0
  const after = await role.update?.(
    bench.api(),
    bench.inputs('vault_aws_role', { name: 'ci', credential_type: 'iam_user', iam_groups: ['readers'] }),
    before,
    undefined,
  )
  const [sent = ''] = bench.requests
  t.strictSame(JSON.parse(sent.slice('POST aws/roles/ci '.length)), {
    credential_type: 'iam_user',
    iam_groups: ['readers'],
    role_arns: [],
    session_tags: {},
    external_id: '',
    policy_document: '',
    max_sts_ttl: 0,
  })
  t.match(after, { credential_type: 'iam_user', role_arns: [], external_id: null, max_sts_ttl: null })
})

t.test(
  'a role that appeared after the plan is not overwritten, and one that is as declared is done',
  async (t) => {
    const bench = await openVaultBench(t)
    const role = bench.type('vault_aws_role')
    const inputs = bench.inputs('vault_aws_role', {
      name: 'ci',
      credential_type: 'iam_user',
      policy_document: '{ "Version": "2012-10-17", "Statement": [] }',
      iam_groups: ['b', 'a'],
    })
    await bench.ask('POST', 'aws/roles/ci', { credential_type: 'iam_user', policy_document: document })
    await t.rejects(
      role.create(bench.api(), inputs),
      /creating role ci of aws: someone has made it meanwhile/,
    )
    await bench.ask('POST', 'aws/roles/ci', { iam_groups: ['a', 'b'] })
    bench.requests.length = 0
    t.match(await role.create(bench.api(), inputs), { id: 'aws/roles/ci' })
    t.strictSame(bench.requests, ['GET aws/roles/ci'], 'nothing is written')
  },
)

t.test('what an older server does not heed is told', async (t) => {
  const bench = await openVaultBench(t, { vaultGeneration: '1.0' })
  const role = bench.type('vault_aws_role')
  const given = { name: 'ci', credential_type: 'iam_user', policy_document: document }
  t.match(await role.create(bench.api(), bench.inputs('vault_aws_role', given)), {
    policy_document: document,
  })
  await t.rejects(
    role.create(
      bench.api(),
      bench.inputs('vault_aws_role', {
        ...given,
        name: 'ci2',
        permissions_boundary_arn: `${arn('x').replace('role', 'policy')}`,
      }),
    ),
    /creating role ci2 of aws: .*did not heed permissions_boundary_arn/,
  )
})

t.test('the server decides what it refuses, in its own words on one line', async (t) => {
  const bench = await openVaultBench(t)
  const role = bench.type('vault_aws_role')
  const inputs = bench.inputs('vault_aws_role', {
    name: 'ci',
    credential_type: 'iam_user',
    role_arns: [arn('a')],
    default_sts_ttl: '1h',
  })
  await t.rejects(role.create(bench.api(), inputs), {
    message:
      /^creating role ci of aws \(HTTP 400\): default_sts_ttl parameter only valid for [^;]*; cannot supply role_arns when credential_type isn't assumed_role( \[request|$)/,
  })
})

t.test(
  'roles of a mount that is not there are gone; a list of it is an error, an empty one is none',
  async (t) => {
    const bench = await openVaultBench(t)
    const role = bench.type('vault_aws_role')
    t.equal(await role.read(bench.api(), 'nowhere/roles/ci'), undefined)
    t.equal(await role.read(bench.api(), 'aws/roles/ci'), undefined)
    const data = (await import('../../../src/providers/vault/data-roles.js')).rolesData
    t.strictSame(await data.read(bench.api(), { mount: 'aws', credential_type: null }), {
      mount: 'aws',
      credential_type: null,
      names: [],
      roles: [],
    })
    await t.rejects(data.read(bench.api(), { mount: 'nowhere', credential_type: null }), {
      message: /listing the roles of nowhere \(HTTP 404\): no handler for route/,
      facts: { help: /There is no engine at this path/ },
    })
  },
)

t.test('the data of all roles takes one list and a read for each', async (t) => {
  const bench = await openVaultBench(t)
  await bench.ask('POST', 'aws/roles/b', { credential_type: 'iam_user', policy_document: document })
  await bench.ask('POST', 'aws/roles/a', { credential_type: 'assumed_role', role_arns: [arn('a')] })
  bench.requests.length = 0
  const { rolesData } = await import('../../../src/providers/vault/data-roles.js')
  const found = await rolesData.read(bench.api({ readOnly: true }), { mount: 'aws', credential_type: null })
  t.strictSame(found.names, ['a', 'b'])
  t.strictSame(bench.requests.sort(), ['GET aws/roles/a', 'GET aws/roles/b', 'GET aws/roles?list=true'])
  const users = await rolesData.read(bench.api(), { mount: 'aws', credential_type: 'iam_user' })
  t.strictSame(users.names, ['b'])
})

t.test('a role of old, with two types, and the vendor’s samples are understood', async (t) => {
  const bench = await openVaultBench(t)
  await bench.ask('POST', 'aws/roles/old', { policy: document })
  const role = bench.type('vault_aws_role')
  const before = await there(role.read(bench.api(), 'aws/roles/old'))
  t.equal(before.credential_type, 'iam_user,federation_token')
  const inputs = bench.inputs('vault_aws_role', {
    name: 'old',
    credential_type: 'iam_user',
    policy_document: document,
  })
  t.match(await role.update?.(bench.api(), inputs, before, undefined), { credential_type: 'iam_user' })
  const place = { mount: 'aws', name: 'x' }
  t.match(outputsOf(place, { credential_types: ['assumed_role'], role_arns: `${arn('a')}, ${arn('b')}` }), {
    credential_type: 'assumed_role',
    role_arns: [arn('a'), arn('b')],
    iam_groups: [],
  })
})

t.test('what a change means is told by the ARNs', async (t) => {
  const bench = await openVaultBench(t)
  const { consequences } = bench.type('vault_aws_role')
  const before = { id: 'aws/roles/ci', role_arns: [arn('a'), arn('b')], policy_arns: [] }
  t.strictSame(consequences?.({ before, after: { role_arns: [arn('b'), arn('c')], policy_arns: [] } }), [
    { kind: 'widens-access', text: `${arn('c')} can be assumed.` },
    { kind: 'loses-access', text: `${arn('a')} no longer can be assumed.` },
  ])
  t.match(consequences?.({ before }), [{ kind: 'loses-access', text: /live on until their leases end/ }])
})
