import t from 'tap'
import { dataOf, openVaultPlane, refusalOf } from '../../fixtures/vault-plane.js'

t.test('a mount is enabled, read, tuned and disabled', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  const body = {
    type: 'aws',
    description: 'for CI',
    options: { note: 'x' },
    local: true,
    config: {
      default_lease_ttl: '30m',
      max_lease_ttl: '2h',
      listing_visibility: 'unauth',
      audit_non_hmac_request_keys: ['a'],
    },
  }
  t.equal((await ask('POST', 'sys/mounts/team/aws', body)).status, 204)
  const answer = await ask('GET', 'sys/mounts/team/aws')
  const mount = dataOf(answer)
  t.match(mount, {
    type: 'aws',
    description: 'for CI',
    accessor: /^aws_[0-9a-f]{8}$/,
    uuid: /^[0-9a-f-]{36}$/,
    local: true,
    seal_wrap: false,
    external_entropy_access: false,
    options: { note: 'x' },
    config: {
      default_lease_ttl: 1800,
      max_lease_ttl: 7200,
      force_no_cache: false,
      listing_visibility: 'unauth',
      audit_non_hmac_request_keys: ['a'],
    },
  })
  t.match(answer.body, { type: 'aws', accessor: mount.accessor ?? '' }, 'at the top as well, for old clients')
  const all = dataOf(await ask('GET', 'sys/mounts'))
  t.same(Object.keys(all), ['cubbyhole/', 'identity/', 'sys/', 'aws/', 'team/aws/'])
  t.same(all['team/aws/'], mount)
  t.same(dataOf(await ask('GET', 'sys/internal/ui/mounts/team/aws/roles/x')), { ...mount, path: 'team/aws/' })

  t.match(dataOf(await ask('GET', 'sys/mounts/aws/tune')), {
    default_lease_ttl: 2_764_800,
    max_lease_ttl: 2_764_800,
    description: '',
    force_no_cache: false,
  })
  const tuning = {
    description: 'other',
    max_lease_ttl: '3h',
    listing_visibility: '',
    default_lease_ttl: 'system',
  }
  t.equal((await ask('POST', 'sys/mounts/team/aws/tune', tuning)).status, 204)
  const after = dataOf(await ask('GET', 'sys/mounts/team/aws'))
  t.match(after, { description: 'other', config: { default_lease_ttl: 0, max_lease_ttl: 10_800 } })
  t.notMatch(after, { config: { listing_visibility: 'unauth' } })
  t.same(after.accessor, mount.accessor)
  t.match(dataOf(await ask('GET', 'sys/mounts/team/aws/tune')), { default_lease_ttl: 10_800 })

  await ask('POST', 'team/aws/roles/r', { credential_type: 'iam_user' })
  t.equal((await ask('DELETE', 'sys/mounts/team/aws')).status, 204)
  t.equal((await ask('DELETE', 'sys/mounts/team/aws')).status, 204, 'also where nothing is')
  t.match(refusalOf(await ask('GET', 'team/aws/roles/r')), /^404 no handler/)
  await ask('POST', 'sys/mounts/team/aws', { type: 'aws' })
  t.equal(refusalOf(await ask('GET', 'team/aws/roles/r')), '404 ', 'a new mount is empty')
})

t.test('what cannot be mounted is refused in the words of the vendor', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  const aws = { type: 'aws' }
  for (const [path, body, expected] of [
    ['x', {}, '400 backend type must be specified as a string'],
    ['x', { type: 'kv' }, '400 plugin not found in the catalog: kv'],
    ['aws', aws, '400 path is already in use at aws/'],
    ['aws/inner', aws, '400 existing mount at aws/'],
    ['sys/x', aws, '400 cannot mount "sys/x/"'],
    ['a//b', aws, '400 invalid mount path "a//b/"'],
    ['x', { ...aws, options: { version: '2' } }, '400 secrets engine "aws" does not allow setting a version'],
    [
      'x',
      { ...aws, config: { default_lease_ttl: '2h', max_lease_ttl: '1h' } },
      '400 given default lease TTL greater than given max lease TTL',
    ],
    [
      'x',
      { ...aws, config: { max_lease_ttl: 'soon' } },
      '400 unable to parse max TTL of "soon": time: invalid duration "soon"',
    ],
  ] as const)
    t.equal(refusalOf(await ask('POST', `sys/mounts/${path}`, JSON.stringify(body))), expected)
  for (const [method, path, expected] of [
    ['GET', 'sys/mounts/x', '400 No secret engine mount at x/'],
    ['GET', 'sys/mounts/x/tune', '400 cannot fetch sysview for path "x/"'],
    ['POST', 'sys/mounts/x/tune', '400 tune of path "x/" failed: no mount entry found'],
  ] as const)
    t.equal(refusalOf(await ask(method, path)), expected)
  t.equal(
    refusalOf(await ask('POST', 'sys/mounts/aws/tune', { default_lease_ttl: '2h', max_lease_ttl: '1h' })),
    '400 backend max lease TTL of 3600 would be less than backend default lease TTL of 7200',
  )
})

t.test('a mount moves with all that is below it', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  await ask('POST', 'aws/roles/r', { credential_type: 'iam_user' })
  const before = dataOf(await ask('GET', 'sys/mounts/aws'))
  const started = await ask('POST', 'sys/remount', { from: 'aws/', to: 'team/aws' })
  t.equal(started.status, 200)
  t.match(dataOf(await ask('GET', `sys/remount/status/${dataOf(started).migration_id}`)), {
    migration_info: { source_mount: 'aws/', target_mount: 'team/aws/', status: 'success' },
  })
  t.match(refusalOf(await ask('GET', 'aws/roles/r')), /^404 no handler/)
  t.equal((await ask('GET', 'team/aws/roles/r')).status, 200)
  t.same(dataOf(await ask('GET', 'sys/mounts/team/aws')), before)
  await ask('POST', 'sys/mounts/aws', { type: 'aws' })
  for (const [from, to, expected] of [
    ['', 'x', "400 both 'from' and 'to' path must be specified as a string"],
    ['no', 'x', '400 no matching mount at "no/"'],
    ['aws', 'team/aws', '400 path is already in use at team/aws/'],
    ['sys', 'x', '400 cannot remount "sys/"'],
  ] as const)
    t.equal(refusalOf(await ask('POST', 'sys/remount', { from, to })), expected)
  t.equal((await ask('GET', 'sys/remount/status/none')).status, 404)
})

t.test('root is read back but for its secret, and merged', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  t.equal(refusalOf(await ask('GET', 'aws/config/root')), '404 ')
  const keys = { access_key: 'AKIAEXAMPLE', secret_key: 'canary' }
  t.equal((await ask('POST', 'aws/config/root', { ...keys, region: 'eu-west-1' })).status, 204)
  t.equal((await ask('POST', 'aws/config/root', { max_retries: 3, username_template: 'x' })).status, 204)
  t.strictSame(dataOf(await ask('GET', 'aws/config/root')), {
    access_key: 'AKIAEXAMPLE',
    region: 'eu-west-1',
    iam_endpoint: '',
    sts_endpoint: '',
    sts_region: '',
    sts_fallback_endpoints: null,
    sts_fallback_regions: null,
    max_retries: 3,
    username_template: 'x',
    rotation_period: 0,
    rotation_schedule: '',
    rotation_window: 0,
    disable_automated_rotation: false,
    role_arn: '',
    identity_token_audience: '',
    identity_token_ttl: 0,
    rotation_policy: '',
  })
  const unused = { role_arn: 'arn:aws:iam::123456789012:role/x', rotation_policy: 'patient' }
  await ask('POST', 'aws/config/root', { ...unused, identity_token_ttl: '2h' })
  const told = dataOf(await ask('GET', 'aws/config/root'))
  t.match(told, { ...unused, identity_token_ttl: 7200, access_key: 'AKIAEXAMPLE' }, 'kept, though unused')
  await ask('POST', 'aws/config/root', { role_arn: '', rotation_policy: '' })
  await ask('POST', 'aws/config/root', { region: '' })
  const { username_template: template, region } = dataOf(await ask('GET', 'aws/config/root'))
  t.match(template, /^\{\{ if \(eq \.Type "STS"\) \}\}/, 'the one field that a write forgets')
  t.equal(region, '')
  for (const [body, expected] of [
    [{ identity_token_audience: 'a' }, "only one of 'access_key' or 'identity_token_audience' can be set"],
    [
      { access_key: '', identity_token_audience: 'a' },
      "missing required 'role_arn' when 'identity_token_audience' is set",
    ],
    [
      { sts_fallback_endpoints: 'a,b', sts_fallback_regions: 'c' },
      'fallback endpoints and fallback regions must be the same length',
    ],
    [
      { rotation_period: 60, rotation_schedule: '0 * * * *' },
      'mutually exclusive fields rotation_schedule and rotation_period were both specified; only one of them can be provided',
    ],
    [{ rotation_period: 60, rotation_window: '1h' }, 'rotation_window does not apply to period'],
    [{ rotation_window: '1h' }, 'cannot use rotation_window without rotation_schedule'],
    [
      { rotation_period: 60 },
      'error registering rotation job: rotation manager capabilities not supported in Vault community edition',
    ],
  ] as const)
    t.equal(refusalOf(await ask('POST', 'aws/config/root', JSON.stringify(body))), `400 ${expected}`)
})

t.test('lease times are read back in the notation of Go', async (t) => {
  const { plane, ask } = await openVaultPlane()
  t.teardown(() => plane.close())
  t.equal(refusalOf(await ask('GET', 'aws/config/lease')), '404 ')
  for (const [lease, lease_max, expected] of [
    ['30m', '12h', ['30m0s', '12h0m0s']],
    ['90s', '1.5h', ['1m30s', '1h30m0s']],
    ['1500ms', '0', ['1.5s', '0s']],
  ] as const) {
    t.equal((await ask('PUT', 'aws/config/lease', { lease, lease_max })).status, 204)
    t.same(Object.values(dataOf(await ask('GET', 'aws/config/lease'))), expected)
  }
  for (const [body, expected] of [
    [{ lease_max: '1h' }, "'lease' is a required parameter"],
    [{ lease: '1h' }, "'lease_max' is a required parameter"],
    [{ lease: '60', lease_max: '1h' }, 'Invalid lease: time: missing unit in duration "60"'],
    [{ lease: '1h', lease_max: '2d' }, 'Invalid lease_max: time: unknown unit "d" in duration "2d"'],
  ] as const)
    t.equal(refusalOf(await ask('POST', 'aws/config/lease', body)), `400 ${expected}`)
})
