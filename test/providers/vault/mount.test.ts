import t from 'tap'
import { openVaultBench, there } from '../../fixtures/vault-connection.js'

t.test('a mount that goes says how much goes with it', async (t) => {
  const bench = await openVaultBench(t)
  const mount = bench.type('vault_aws_mount')
  for (const name of ['a', 'b'])
    await bench.ask('POST', `aws/roles/${name}`, { credential_type: 'iam_user', policy_document: '{}' })
  const before = await there(mount.find(bench.api({ readOnly: true }), { path: 'aws' }))
  t.strictSame(mount.consequences?.({ before }), [
    {
      kind: 'loses-access',
      text: '2 roles and its root credentials go with it, and every credential that it has issued and not yet ended is revoked.',
    },
  ])
  t.match(mount.consequences?.({ before, after: { ...before, path: 'other' } }), [
    { kind: 'loses-access', text: /has to ask at other/ },
  ])
  t.strictSame(mount.consequences?.({ before, after: before }), [])
  await bench.ask('POST', 'sys/mounts/taken', { type: 'aws' })
  const seen = await there(mount.find(bench.api({ readOnly: true }), { path: 'aws' }))
  for (const path of ['taken', 'taken/inner', 'sys'])
    t.match(mount.consequences?.({ before: seen, after: { ...seen, path } }), [
      { kind: 'loses-access' },
      { kind: 'note', text: /^There is a mount at (taken|sys): the server refuses the move/ },
    ])
  t.equal(mount.consequences?.({ before: seen, after: { ...seen, path: 'aws/inner' } })?.length, 1)
})

t.test('it is tuned, then moved, and the move is waited for', async (t) => {
  const bench = await openVaultBench(t)
  const mount = bench.type('vault_aws_mount')
  const before = await there(mount.find(bench.api(), { path: 'aws' }))
  bench.requests.length = 0
  const inputs = bench.inputs('vault_aws_mount', {
    path: 'teams/data',
    max_lease_ttl: '24h',
    description: 'x',
  })
  const after = await there(mount.update?.(bench.api(), inputs, before, undefined))
  t.strictSame(bench.requests.slice(0, 2), [
    'POST sys/mounts/aws/tune {"description":"x","default_lease_ttl":"system","max_lease_ttl":"86400s"}',
    'POST sys/remount {"from":"aws","to":"teams/data"}',
  ])
  t.match(bench.requests.slice(2), [/^GET sys\/remount\/status\//])
  t.equal(bench.requests.at(-1), 'GET sys/mounts')
  t.match(after, { id: before.id, path: 'teams/data', max_lease_ttl: '24h', default_lease_ttl: null })
  const cleared = await there(
    mount.update?.(bench.api(), bench.inputs('vault_aws_mount', { path: 'teams/data' }), after, undefined),
  )
  t.match(cleared, { max_lease_ttl: null, description: null })
})

t.test('all that a mount is tuned with is sent, read back and cleared', async (t) => {
  const bench = await openVaultBench(t)
  const type = bench.type('vault_aws_mount')
  const given = {
    path: 'tuned',
    listing_visibility: 'unauth',
    audit_non_hmac_request_keys: ['role_arn', 'ttl'],
    audit_non_hmac_response_keys: ['access_key'],
    passthrough_request_headers: ['X-Team'],
    allowed_response_headers: ['X-Note'],
    plugin_version: 'v1.2.3',
    identity_token_key: 'signing',
    force_no_cache: true,
    external_entropy_access: true,
  }
  bench.requests.length = 0
  const made = await type.create(bench.api(), bench.inputs('vault_aws_mount', given))
  t.match(made, given)
  t.equal(
    bench.requests[1],
    `POST sys/mounts/tuned ${JSON.stringify({
      type: 'aws',
      config: {
        default_lease_ttl: 'system',
        max_lease_ttl: 'system',
        listing_visibility: 'unauth',
        identity_token_key: 'signing',
        audit_non_hmac_request_keys: ['role_arn', 'ttl'],
        audit_non_hmac_response_keys: ['access_key'],
        passthrough_request_headers: ['X-Team'],
        allowed_response_headers: ['X-Note'],
        plugin_version: 'v1.2.3',
        force_no_cache: true,
      },
      external_entropy_access: true,
    })}`,
  )
  bench.requests.length = 0
  const same = { ...given, audit_non_hmac_request_keys: ['ttl', 'role_arn'], plugin_version: null }
  await type.update?.(bench.api(), bench.inputs('vault_aws_mount', same), made, undefined)
  t.notOk(
    bench.requests.some((request) => request.startsWith('POST')),
    'neither another order nor an undeclared version is a change',
  )
  const bare = { path: 'tuned', force_no_cache: true, external_entropy_access: true }
  const cleared = await type.update?.(bench.api(), bench.inputs('vault_aws_mount', bare), made, undefined)
  t.match(cleared, {
    listing_visibility: null,
    identity_token_key: null,
    audit_non_hmac_request_keys: [],
    audit_non_hmac_response_keys: [],
    passthrough_request_headers: [],
    allowed_response_headers: [],
    plugin_version: 'v1.2.3',
  })
  t.equal(bench.inputs('vault_aws_mount', { listing_visibility: 'hidden' }).listing_visibility, null)
  await bench.ask('POST', 'sys/mounts/tuned/tune', { listing_visibility: 'hidden' })
  const hidden = await there(type.find(bench.api(), { path: 'tuned' }))
  t.equal(hidden.listing_visibility, null, 'as without it')
  await t.rejects(
    type.create(bench.api(), bench.inputs('vault_aws_mount', { path: 'tuned', plugin_version: 'v1.2.3' })),
    /someone has mounted one there meanwhile/,
    'one with other flags is not the one that is declared',
  )
})

t.test('what an older server does not heed of a mount is told', async (t) => {
  const bench = await openVaultBench(t, {
    intercept: async (request, next) => {
      if (!request.url.endsWith('/sys/mounts/x')) return next(request)
      const { config, ...body } = (await request.json()) as { config: Record<string, unknown> }
      const { identity_token_key, ...known } = config
      return next(
        new Request(request.url, { method: 'POST', body: JSON.stringify({ ...body, config: known }) }),
      )
    },
  })
  await t.rejects(
    bench
      .type('vault_aws_mount')
      .create(bench.api(), bench.inputs('vault_aws_mount', { path: 'x', identity_token_key: 'k' })),
    /enabling the AWS engine at x: the server took the request and did not heed identity_token_key/,
  )
})

t.test('a move that fails, or is not done in time, is told', async (t) => {
  let status = 'failure'
  const bench = await openVaultBench(t, {
    intercept: async (request, next) =>
      request.url.includes('/sys/remount/status/')
        ? Response.json({ data: { migration_info: { status } } })
        : next(request),
  })
  const mount = bench.type('vault_aws_mount')
  const before = await there(mount.find(bench.api(), { path: 'aws' }))
  const to = (path: string) =>
    there(mount.update?.(bench.api(), bench.inputs('vault_aws_mount', { path }), before, undefined))
  await t.rejects(
    to('failed'),
    /moving the mount aws to failed: the server began the move and could not finish it/,
  )
  status = 'in-progress'
  const stop = new AbortController()
  const waits = bench.api({ signal: stop.signal })
  const { remount } = await import('../../../src/providers/vault/remount.js')
  const sleeps: number[] = []
  const api = { ...waits, shared: { ...waits.shared, sleep: async (ms: number) => void sleeps.push(ms) } }
  await t.rejects(remount(api, 'failed', 'slow'), /still under way after 5 minutes/)
  t.equal(Math.max(...sleeps), 5000)
  t.ok(sleeps.reduce((all, ms) => all + ms, 0) >= 300_000)
})

t.test('another engine at the path, or a mount that appeared, is not taken', async (t) => {
  const bench = await openVaultBench(t)
  const mount = bench.type('vault_aws_mount')
  await t.rejects(mount.find(bench.api(), { path: 'sys' }), /the engine at this path is of the type "system"/)
  await t.rejects(
    mount.create(bench.api(), bench.inputs('vault_aws_mount', { path: 'aws', description: 'mine' })),
    /enabling the AWS engine at aws: someone has mounted one there meanwhile/,
  )
  t.equal(await mount.find(bench.api(), { path: 'nowhere' }), undefined)
  t.equal((await there(mount.importId?.(bench.api(), '/aws/'))).path, 'aws')
})

t.test('lease and root say what they leave behind; a lease that appeared is not overwritten', async (t) => {
  const bench = await openVaultBench(t)
  const lease = bench.type('vault_aws_lease')
  t.equal(await lease.read(bench.api(), 'aws/config/lease'), undefined)
  const inputs = bench.inputs('vault_aws_lease', { lease: '30m', lease_max: '12h' })
  const made = await lease.create(bench.api(), inputs)
  t.match(made, { id: 'aws/config/lease', lease: '30m', lease_max: '12h' })
  t.match(await lease.create(bench.api(), inputs), made, 'what a run that was cut off has made')
  await bench.ask('POST', 'aws/config/lease', { lease: '1m', lease_max: '2m' })
  await t.rejects(lease.create(bench.api(), inputs), /someone has set it meanwhile/)
  t.match(await lease.delete(bench.api(), undefined as never, made), { left: /no call that removes it/ })
  t.match(
    await bench.type('vault_aws_root').delete(bench.api(), undefined as never, { id: 'aws/config/root' }),
    { left: /aws\/config\/root had to stay, with its key/ },
  )
})

t.test('what the server remarks reaches whoever asked', async (t) => {
  const bench = await openVaultBench(t, {
    intercept: async (request, next) => {
      const answer = await next(request)
      if (request.method !== 'POST' || !request.url.includes('/roles/') || answer.status !== 204)
        return answer
      return Response.json({ request_id: 'r', data: null, warnings: ['mind the gap', 7] })
    },
  })
  const warnings: string[] = []
  const role = bench.type('vault_aws_role')
  const inputs = bench.inputs('vault_aws_role', {
    name: 'ci',
    credential_type: 'iam_user',
    iam_groups: ['x'],
  })
  await role.create(bench.api({ warned: (text) => warnings.push(text) }), inputs)
  t.strictSame(warnings, ['mind the gap'])
})

t.test('a static role is written only as far as it differs, since that starts its time anew', async (t) => {
  const bodies: string[] = []
  const bench = await openVaultBench(t, {
    intercept: async (request, next) => {
      if (!request.url.includes('/static-roles/')) return next(request)
      if (request.method === 'GET')
        return Response.json({ data: { username: 'backup', rotation_period: 86400, id: 'AIDAX' } })
      bodies.push(await request.text())
      return Response.json({ data: {} })
    },
  })
  const type = bench.type('vault_aws_static_role')
  const given = { name: 'n', username: 'backup', rotation_period: '24h' }
  const current = await there(type.find(bench.api(), bench.inputs('vault_aws_static_role', given)))
  t.match(await type.create(bench.api(), bench.inputs('vault_aws_static_role', given)), current)
  const inputs = bench.inputs('vault_aws_static_role', {
    ...given,
    rotation_period: '86400',
    external_id: 'e',
  })
  await t.rejects(
    there(type.update?.(bench.api(), inputs, current, undefined)),
    /updating static role n of aws: the server took the request and did not heed external_id/,
  )
  t.strictSame(bodies, ['{"username":"backup","external_id":"e"}'])
  t.match(type.consequences?.({ after: inputs }), [{ text: /backup gets a new access key at once/ }])
})

t.test('a list of mounts that has none is not taken for there being none', async (t) => {
  const bench = await openVaultBench(t, {
    intercept: async (request, next) =>
      request.url.endsWith('/sys/mounts') ? Response.json({ data: null }) : next(request),
  })
  await t.rejects(
    bench.type('vault_aws_mount').find(bench.api(), bench.inputs('vault_aws_mount', { path: 'x' })),
    /listing the mounts \(HTTP 200\): the answer has not the expected form/,
  )
})
