import t from 'tap'
import {
  type AccessFilter,
  type AccessObject,
  type AccessPath,
  accessPaths,
  hiddenText,
  isAsked,
} from '../../src/core/access-path.js'
import { loadSchemas } from '../../src/providers/schemas.js'

function object(
  address: string,
  attributes: Readonly<Record<string, unknown>>,
  endpoint = 'embedded',
): AccessObject {
  const [type = ''] = address.split('.')
  const schema = loadSchemas(type.split('_')[0] as string).resources.get(type)
  if (schema === undefined) throw new Error(type)
  return { address, schema, endpoint, attributes }
}

const said = ({ steps, role, bucket, prefix }: AccessPath) =>
  [
    ...steps.map(({ name }) => name),
    role ?? 'key',
    bucket ?? '?',
    ...(prefix === undefined ? [] : [prefix]),
  ].join(' > ')

const ada = object('trifacta_person.ada', { id: '7', email: 'ada@example.com' })
const config = object('trifacta_aws_config.ada', {
  id: '3',
  person_id: '7',
  role: 'arn:aws:iam::1:role/ada',
  default_bucket: 'acme-a',
  extra_buckets: ['acme-b'],
})

t.test('a way leads from the person over the configuration and its role to each bucket', async (t) => {
  t.strictSame(accessPaths([config, ada]).map(said), [
    'ada@example.com > trifacta_aws_config.ada > arn:aws:iam::1:role/ada > acme-a',
    'ada@example.com > trifacta_aws_config.ada > arn:aws:iam::1:role/ada > acme-b',
  ])
})

t.test('a role that is added to a configuration leads where that leads', async (t) => {
  const second = object('trifacta_aws_role.second', { aws_config_id: '3', role: 'arn:aws:iam::1:role/more' })
  t.strictSame(
    accessPaths([ada, config, second])
      .map(said)
      .filter((way) => way.includes('more')),
    [
      'ada@example.com > trifacta_aws_config.ada > trifacta_aws_role.second > arn:aws:iam::1:role/more > acme-a',
      'ada@example.com > trifacta_aws_config.ada > trifacta_aws_role.second > arn:aws:iam::1:role/more > acme-b',
    ],
  )
})

t.test('a person who is not managed is named as the configuration names them', async (t) => {
  t.strictSame(accessPaths([config]).map(said).slice(0, 1), [
    'trifacta_person 7 > trifacta_aws_config.ada > arn:aws:iam::1:role/ada > acme-a',
  ])
})

t.test('who works with a key is told too, whatever the key', async (t) => {
  const keys = object('trifacta_aws_config.old', {
    person_id: '7',
    key: { $secret: 'fingerprint' },
    default_bucket: 'acme-a',
  })
  const tines = object('tines_credential.k', {
    name: 'Loader',
    team_id: '1',
    mode: 'AWS',
    aws_access_key: 'AKIA1',
  })
  const text = object('tines_credential.t', { name: 'Pager', team_id: '1', mode: 'TEXT' })
  t.strictSame(accessPaths([ada, keys, tines, text]).map(said), [
    'Loader > key > ?',
    'ada@example.com > trifacta_aws_config.old > key > acme-a',
  ])
})

t.test('a connector leads to the beginning of keys that it names', async (t) => {
  const connector = object('outerproduct_s3_connector.c', {
    credential_name: 'lake',
    role_arn: 'arn:aws:iam::1:role/lake',
    bucket_uri: 's3://acme-lake/raw/',
  })
  t.strictSame(accessPaths([connector]).map(said), ['lake > arn:aws:iam::1:role/lake > acme-lake > raw/'])
})

t.test(
  'a role in Vault leads from its mount to every role that it may assume, and to what its policy names',
  async (t) => {
    const mount = object('vault_aws_mount.aws', { path: 'aws' })
    const role = object('vault_aws_role.ci', {
      mount: 'aws',
      name: 'ci',
      role_arns: ['arn:aws:iam::1:role/x', 'arn:aws:iam::1:role/y'],
      policy_document: JSON.stringify({
        Statement: [
          { Effect: 'Allow', Action: 's3:*', Resource: ['arn:aws:s3:::acme-*', 'arn:aws:s3:::acme-a/*'] },
          { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::never' },
          { Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
        ],
      }),
    })
    t.strictSame(accessPaths([mount, role]).map(said), [
      'aws > ci > arn:aws:iam::1:role/x > acme-*',
      'aws > ci > arn:aws:iam::1:role/x > acme-a',
      'aws > ci > arn:aws:iam::1:role/y > acme-*',
      'aws > ci > arn:aws:iam::1:role/y > acme-a',
    ])
  },
)

const vaultRole = (attributes: Readonly<Record<string, unknown>>): AccessObject => ({
  ...object('vault_aws_role.r', { mount: 'aws', name: 'r', ...attributes }),
  issues: true,
})

const policy = (...statements: readonly unknown[]) => JSON.stringify({ Statement: statements })
const buckets = (one: AccessObject) => accessPaths([one]).map(({ bucket }) => bucket ?? '?')
const reads = (bucket: string) => ({
  Effect: 'Allow',
  Action: 's3:*',
  Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
})

t.test(
  'what hands out credentials is never left out: what cannot be read off may lead anywhere',
  async (t) => {
    t.strictSame(buckets(vaultRole({ credential_type: 'session_token' })), ['?'])
    t.strictSame(buckets(vaultRole({ iam_groups: ['ops'] })), ['?'])
    t.strictSame(buckets(vaultRole({ policy_arns: ['arn:aws:iam::aws:policy/AdministratorAccess'] })), ['?'])
    const adds = { policy_arns: ['arn:aws:iam::1:policy/x'], policy_document: policy(reads('acme-a')) }
    t.strictSame(buckets(vaultRole(adds)).sort(), ['?', 'acme-a'])
    for (const statement of [
      { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' },
      { Effect: 'Allow', Action: 's3:*', NotResource: 'arn:aws:s3:::acme-a' },
      { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::1:role/x' },
      { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:eu-west-1:1:accesspoint/a' },
    ])
      t.strictSame(
        buckets(vaultRole({ policy_document: policy(statement) })),
        ['?'],
        JSON.stringify(statement),
      )
    t.strictSame(buckets(vaultRole({ policy_document: 'no policy' })), ['?'])
    t.strictSame(buckets(vaultRole({ policy_document: policy(reads('acme-a')) })), ['acme-a'])
    const roleArn = { role_arns: ['arn:aws:iam::1:role/x'] }
    t.strictSame(
      accessPaths([vaultRole(roleArn)]).map(said),
      ['aws > r > arn:aws:iam::1:role/x > ?'].map((way) => way.replace('aws >', 'vault_aws_mount aws >')),
    )
  },
)

t.test('a bucket that the same policy closes is not one that it leads to', async (t) => {
  const closes = {
    Effect: 'Deny',
    Action: 's3:*',
    Resource: ['arn:aws:s3:::acme-a', 'arn:aws:s3:::acme-a/*'],
  }
  const both = [reads('acme-a'), reads('acme-b')]
  t.strictSame(buckets(vaultRole({ policy_document: policy(...both, closes) })), ['acme-b'])
  const sometimes = { ...closes, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }
  t.strictSame(buckets(vaultRole({ policy_document: policy(...both, sometimes) })), ['acme-a', 'acme-b'])
  const partly = { ...closes, Action: 's3:PutObject' }
  t.strictSame(buckets(vaultRole({ policy_document: policy(...both, partly) })), ['acme-a', 'acme-b'])
})

t.test('a policy that leaves nothing in S3 leads to no bucket, and not to any', async (t) => {
  const elsewhere = policy({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' })
  t.strictSame(buckets(vaultRole({ policy_document: elsewhere })), [])
  const closed = policy(reads('acme-a'), { Effect: 'Deny', Action: '*', Resource: '*' })
  t.strictSame(buckets(vaultRole({ policy_document: closed })), [])
})

t.test('what refers to an object is at the same service as that', async (t) => {
  const objects = ['https://eu', 'https://us'].flatMap((endpoint) => {
    const area = endpoint.slice(-2)
    return [
      object(`vault_aws_mount.${area}`, { path: 'aws' }, endpoint),
      object(`vault_aws_role.${area}`, { mount: 'aws', name: area, role_arns: ['arn:r'] }, endpoint),
    ]
  })
  t.strictSame(
    accessPaths(objects).map(({ steps }) => steps.map(({ address }) => address).join(' > ')),
    ['vault_aws_mount.eu > vault_aws_role.eu', 'vault_aws_mount.us > vault_aws_role.us'],
  )
})

t.test('a name of digits is a name, and the id of a team is none', async (t) => {
  t.strictSame(accessPaths([vaultRole({ name: '2024' })]).map(said), ['vault_aws_mount aws > 2024 > key > ?'])
  const tines = object('tines_credential.k', { name: '42', team_id: '1', aws_access_key: 'AKIA1' })
  t.strictSame(accessPaths([tines]).map(said), ['42 > key > ?'])
})

t.test('a credential that works in the name of its machine is an access', async (t) => {
  const ways = (attributes: Readonly<Record<string, unknown>>) =>
    accessPaths([object('tines_credential.k', { name: 'Local', team_id: '1', ...attributes })])
  const profile = { aws_authentication_type: 'INSTANCE_PROFILE' }
  t.strictSame(
    ways(profile).map(({ role, by, bucket }) => [role, by, bucket]),
    [[undefined, 'machine', undefined]],
  )
  const role = 'arn:aws:iam::1:role/x'
  t.strictSame(ways({ ...profile, aws_assumed_role_arn: role }).map(said), [`Local > ${role} > ?`])
})

t.test('what is asked for is found by bucket, role and person', async (t) => {
  const path: AccessPath = {
    steps: [{ address: 'trifacta_person.p["ada"]', name: 'ada@example.com' }],
    role: 'arn:aws:iam::1:role/data/ada',
    bucket: 'acme-*',
  }
  const asked = (filter: AccessFilter, more: Partial<AccessPath> = {}) =>
    isAsked({ ...path, ...more }, filter)
  t.ok(asked({ bucket: 'acme-finance' }))
  t.notOk(asked({ bucket: 'other' }))
  t.notOk(asked({ bucket: 'acme-finance' }, { bucket: 'acme.finance' }))
  t.ok(asked({ bucket: 'any' }, { bucket: undefined }), 'only AWS knows where it leads')
  t.ok(asked({ role: 'ada' }))
  t.ok(asked({ role: 'arn:aws:iam::1:role/data/ada' }))
  t.notOk(asked({ role: 'ad' }))
  t.ok(asked({ role: 'ci' }, { steps: [{ address: 'vault_aws_role.r', name: 'ci' }] }))
  t.ok(asked({ holder: 'Ada@Example.com' }))
  t.ok(asked({ holder: 'trifacta_person.p["ada"]' }))
  t.notOk(asked({ holder: 'ada' }))
  t.notOk(asked({ holder: 'ada@example.com', bucket: 'other' }))
})

t.test('a role or bucket that is sensitive is a way all the same, to any that is asked for', async (t) => {
  const secret = {
    ...config,
    attributes: { ...config.attributes, role: hiddenText, default_bucket: hiddenText },
  }
  const found = accessPaths([secret, ada])
  t.strictSame(found.map(said), [
    `ada@example.com > trifacta_aws_config.ada > ${hiddenText} > ?`,
    `ada@example.com > trifacta_aws_config.ada > ${hiddenText} > acme-b`,
  ])
  t.strictSame(
    found.map(({ hidden }) => hidden),
    [true, undefined],
  )
  t.equal(found.filter((path) => isAsked(path, { bucket: 'acme-a' })).length, 1)
  t.equal(found.filter((path) => isAsked(path, { role: 'arn:aws:iam::1:role/ada' })).length, 2)
})

t.test('a role that the service assumes on its way to a key is not what the key is for', async (t) => {
  const role = object('vault_aws_static_role.backup', {
    mount: 'aws',
    name: 'backup',
    username: 'backup-bot',
    assume_role_arn: 'arn:aws:iam::1:role/door',
  })
  t.strictSame(accessPaths([{ ...role, issues: true }]).map(said), ['vault_aws_mount aws > backup > key > ?'])
})
