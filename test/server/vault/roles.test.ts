import t from 'tap'
import { dataOf, openVaultPlane, refusalOf } from '../../fixtures/vault-plane.js'

const arn = 'arn:aws:iam::123456789012:role/dev'

/** The vendor's one text for everything that is wrong with a role. */
const wrong = (...rules: readonly string[]) => {
  const count = rules.length === 1 ? '1 error' : `${rules.length} errors`
  const text = `${count} occurred:\n${rules.map((rule) => `\t* ${rule}\n`).join('')}\n`
  return `400 error(s) validating supplied role data: ${JSON.stringify(text)}`
}

t.test('a role is read back whole, with null for what was never set', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  t.same(await ask('POST', 'aws/roles/dev', { credential_type: 'assumed_role', role_arns: arn }), {
    status: 204,
    body: undefined,
  })
  t.strictSame(dataOf(await ask('GET', 'aws/roles/dev')), {
    credential_type: 'assumed_role',
    role_arns: [arn],
    policy_arns: null,
    policy_document: '',
    iam_groups: null,
    iam_tags: null,
    session_tags: null,
    external_id: '',
    default_sts_ttl: 0,
    max_sts_ttl: 0,
    user_path: '',
    permissions_boundary_arn: '',
    mfa_serial_number: '',
  })
})

t.test('every field is taken in each of its forms', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  await ask('PUT', 'aws/roles/r', {
    credential_type: 'assumed_role',
    role_arns: ` ${arn} , arn:aws:iam::1:role/b`,
    policy_arns: ['arn:aws:iam::aws:policy/A'],
    policy_document: '{ "b" : "x  y", "a": [1,\n 2], "\\u00e9": "\\"{ }" }',
    iam_groups: 'one,two',
    iam_tags: ['team=data', 'k=a=b'],
    session_tags: { team: 'data', n: 5 },
    external_id: 'e-1',
    default_sts_ttl: '15m',
    max_sts_ttl: '2h',
    mfa_serial_number: 'arn:aws:iam::1:mfa/x',
  })
  t.match(dataOf(await ask('GET', 'aws/roles/r')), {
    role_arns: [arn, 'arn:aws:iam::1:role/b'],
    policy_arns: ['arn:aws:iam::aws:policy/A'],
    policy_document: '{"b":"x  y","a":[1,2],"\\u00e9":"\\"{ }"}',
    iam_groups: ['one', 'two'],
    iam_tags: { team: 'data', k: 'a=b' },
    session_tags: { team: 'data', n: '5' },
    external_id: 'e-1',
    default_sts_ttl: 900,
    max_sts_ttl: 7200,
    mfa_serial_number: 'arn:aws:iam::1:mfa/x',
  })
  t.equal(
    refusalOf(await ask('POST', 'aws/roles/r', { policy_document: { Version: '2012-10-17' } })),
    '400 Field validation failed: error converting input for field "policy_document": expected a string',
    'a document is the text of one',
  )
  for (const [sent, seconds] of [
    [3600, 3600],
    ['3600', 3600],
    ['3600s', 3600],
    ['1h', 3600],
    ['1.5h', 5400],
    ['0', 0],
    ['', 0],
  ] as const) {
    await ask('POST', 'aws/roles/r', { default_sts_ttl: sent })
    t.equal(dataOf(await ask('GET', 'aws/roles/r')).default_sts_ttl, seconds, JSON.stringify(sent))
  }
})

t.test('a write changes only what it names, and an empty value clears', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  await ask('POST', 'aws/roles/r', { credential_type: 'assumed_role', role_arns: [arn], external_id: 'e' })
  await ask('POST', 'aws/roles/r', { max_sts_ttl: 900 })
  t.match(dataOf(await ask('GET', 'aws/roles/r')), { role_arns: [arn], external_id: 'e', max_sts_ttl: 900 })
  t.equal(
    refusalOf(await ask('POST', 'aws/roles/r', { credential_type: 'iam_user' })),
    wrong(
      'max_sts_ttl parameter only valid for assumed_role, federation_token, and session_token credential types',
      "cannot supply role_arns when credential_type isn't assumed_role",
      "cannot supply external_id when credential_type isn't assumed_role",
    ),
  )
  t.match(dataOf(await ask('GET', 'aws/roles/r')), { credential_type: 'assumed_role', role_arns: [arn] })
  const cleared = { credential_type: 'iam_user', role_arns: [], external_id: '', max_sts_ttl: 0 }
  t.equal((await ask('POST', 'aws/roles/r', cleared)).status, 204)
  t.match(dataOf(await ask('GET', 'aws/roles/r')), { ...cleared, role_arns: [] })
})

t.test('each rule of the vendor is told in its words, and all at once', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  const cases: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ policy_arns: 'a' }, wrong('did not supply credential_type')],
    [{ credential_type: 'x' }, wrong('unrecognized credential type: x')],
    [
      { credential_type: 'session_token', default_sts_ttl: 20, max_sts_ttl: 10 },
      wrong('"default_sts_ttl" value must be less than or equal to "max_sts_ttl" value'),
    ],
    [
      { credential_type: 'federation_token', user_path: '/a/' },
      wrong('user_path parameter only valid for iam_user credential type'),
    ],
    [
      { credential_type: 'iam_user', user_path: 'a' },
      wrong(
        'the specified value for user_path is invalid. It must match "^\\/([\\x21-\\x7F]{0,510}\\/)?$" regexp',
      ),
    ],
    [
      { credential_type: 'iam_user', user_path: 'a', permissions_boundary_arn: 'arn:aws:s3:::b' },
      wrong('invalid permissions_boundary_arn parameter: expected a service of iam but got s3'),
    ],
    [
      { credential_type: 'iam_user', permissions_boundary_arn: 'arn:aws:iam::1:role/x' },
      wrong('invalid permissions_boundary_arn parameter: expected a resource type of policy but got role/x'),
    ],
    [
      { credential_type: 'assumed_role', permissions_boundary_arn: 'arn:aws:iam::1:policy/x' },
      wrong("cannot supply permissions_boundary_arn when credential_type isn't iam_user"),
    ],
    [
      { credential_type: 'session_token', policy_document: '{}' },
      wrong('cannot supply a policy or role when using credential_type session_token'),
    ],
    [
      { credential_type: 'federation_token', session_tags: { a: 'b' } },
      wrong("cannot supply session_tags when credential_type isn't assumed_role"),
    ],
    [{ credential_type: 'iam_user', policy_document: '{' }, '400 cannot parse policy document: "{"'],
    [
      { credential_type: 'iam_user', iam_tags: ['x'] },
      '400 Field validation failed: error converting input for field "iam_tags": invalid key pair "x"',
    ],
    [
      { credential_type: 'assumed_role', default_sts_ttl: '1x' },
      '400 Field validation failed: error converting input for field "default_sts_ttl": time: unknown unit "x" in duration "1x"',
    ],
    [
      { credential_type: 'assumed_role', default_sts_ttl: -1 },
      '400 Field validation failed: error converting input for field "default_sts_ttl": cannot provide negative value \'-1\'',
    ],
  ]
  for (const [body, expected] of cases)
    t.equal(refusalOf(await ask('POST', 'aws/roles/r', JSON.stringify(body))), expected)
  t.equal((await ask('GET', 'aws/roles/r')).status, 404, 'nothing was made')
})

t.test('what only AWS can judge is taken', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  for (const body of [
    { credential_type: 'assumed_role' },
    { credential_type: 'federation_token' },
    { credential_type: 'iam_user', policy_arns: 'no arn', user_path: '/' },
    { credential_type: 'assumed_role', role_arns: ['x'], max_sts_ttl: 1 },
  ])
    t.equal((await ask('POST', `aws/roles/r${JSON.stringify(body).length}`, body)).status, 204)
})

t.test('legacy parameters make a whole role, and a warning', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  const write = async (body: Record<string, string | string[]>) => await ask('POST', 'aws/roles/old', body)
  t.match(await write({ arn }), { status: 200, body: { data: null, warnings: [/legacy/] } })
  t.match(dataOf(await ask('GET', 'aws/roles/old')), { credential_type: 'assumed_role', role_arns: [arn] })
  await write({ arn: 'arn:aws:iam::aws:policy/P' })
  t.match(dataOf(await ask('GET', 'aws/roles/old')), {
    credential_type: 'iam_user',
    role_arns: null,
    policy_arns: ['arn:aws:iam::aws:policy/P'],
  })
  await write({ policy: '{"Version": "2012-10-17"}' })
  t.match(dataOf(await ask('GET', 'aws/roles/old')), {
    credential_type: 'iam_user,federation_token',
    policy_document: '{"Version":"2012-10-17"}',
  })
  for (const [body, expected] of [
    [{ arn, policy: '{}' }, '500 only one of policy or arn should be provided'],
    [{ arn, role_arns: [arn] }, '400 cannot supply deprecated role or policy parameters with role_arns'],
    [
      { arn, credential_type: 'iam_user' },
      '400 cannot supply deprecated role or policy parameters with an explicit credential_type',
    ],
  ] as const)
    t.equal(refusalOf(await ask('POST', 'aws/roles/old', JSON.stringify(body))), expected)
  t.match(refusalOf(await write({ arn: 'arn:aws:s3:::bucket' })), /^400 unable to parse supplied data: "/)
  t.match(refusalOf(await write({ policy: '{' })), /^400 unable to parse supplied data: "/)
})

t.test('404 tells nothing to list, no object, no such name and no mount apart', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  t.equal(refusalOf(await ask('LIST', 'aws/roles')), '404 ')
  for (const name of ['b', 'B', 'a-1.x@y', '_'])
    t.equal((await ask('POST', `aws/roles/${name}`, { credential_type: 'iam_user' })).status, 204)
  const keys = ['B', '_', 'a-1.x@y', 'b']
  t.strictSame(dataOf(await ask('LIST', 'aws/roles')), { keys })
  t.strictSame(dataOf(await ask('GET', 'aws/roles?list=true')), { keys })
  t.strictSame(dataOf(await ask('LIST', 'aws/roles/')), { keys })
  t.equal(refusalOf(await ask('GET', 'aws/roles/absent')), '404 ')
  const unsupported = '404 1 error occurred:\n\t* unsupported path\n\n'
  for (const name of ['-a', 'a-', 'a%20b', 'a/b', 'é', '%2e%2ea'])
    t.equal(refusalOf(await ask('POST', `aws/roles/${name}`, { credential_type: 'iam_user' })), unsupported)
  t.equal(
    refusalOf(await ask('LIST', 'other/roles')),
    '404 no handler for route "other/roles". route entry not found.',
  )
  t.equal(refusalOf(await ask('GET', 'aws/roles')), '405 1 error occurred:\n\t* unsupported operation\n\n')
  t.equal((await ask('DELETE', 'aws/roles/b')).status, 204)
  t.equal((await ask('DELETE', 'aws/roles/b')).status, 204, 'whether there was one or not')
  t.strictSame(dataOf(await ask('LIST', 'aws/roles')), { keys: keys.slice(0, 3) })
})

t.test('two mounts share nothing', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  await ask('POST', 'sys/mounts/eu/aws', { type: 'aws' })
  await ask('POST', 'aws/roles/x', { credential_type: 'iam_user' })
  t.equal((await ask('GET', 'eu/aws/roles/x')).status, 404)
  await ask('POST', 'eu/aws/roles/x', { credential_type: 'session_token' })
  t.match(dataOf(await ask('GET', 'aws/roles/x')), { credential_type: 'iam_user' })
  t.match(dataOf(await ask('GET', 'eu/aws/roles/x')), { credential_type: 'session_token' })
})
