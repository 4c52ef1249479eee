import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { openTestPlane } from '../../fixtures/test-plane.js'
import { addTeam, callTines, tines, tinesDetails } from '../../fixtures/tines-calls.js'
import { holdInProcess } from '../../samples/story-plane.js'
import { tinesStories } from '../../samples/tines.js'

const key = {
  mode: 'AWS',
  aws_authentication_type: 'KEY',
  aws_access_key: 'AKIAEXAMPLE',
  aws_secret_key: 'canary-secret',
}

async function planeWithTeam() {
  const plane = await openTestPlane()
  return { plane, team: await addTeam(plane, 'Security') }
}

holdInProcess(tinesStories)

t.test(
  'every mode is made from its own options, and none of them is ever shown or stored in clear',
  async (t) => {
    const folder = t.testdir()
    const plane = await openTestPlane({ database: join(folder, 'plane.db') })
    const team = await addTeam(plane, 'Security')
    const options = {
      TEXT: { value: 'canary-1' },
      JWT: { jwt_algorithm: 'RS256', jwt_payload: { iss: 'canary-2' }, jwt_private_key: 'canary-3' },
      OAUTH: {
        oauth_token_url: 'https://canary-4/',
        oauth_client_id: 'canary-5',
        oauth_client_secret: 'canary-6',
        oauth_grant_type: 'client_credentials',
        oauth_scope: 'canary-7',
        oauthPkceCodeChallengeMethod: 'S256',
      },
      AWS: { aws_authentication_type: 'KEY', aws_access_key: 'canary-8', aws_secret_key: 'canary-9' },
      MTLS: { mtls_client_certificate: 'canary-10', mtls_client_private_key: 'canary-11' },
      HTTP_REQUEST_AGENT: {
        http_request_options: { url: 'https://canary-12/' },
        http_request_location_of_token: '=canary.token',
        http_request_secret: 'canary-13',
      },
      MULTI_REQUEST: {
        credential_requests: [
          { options: { url: 'canary-14' }, http_request_secret: 'canary-15' },
          { options: {} },
        ],
        http_request_location_of_token: '=canary.token',
        http_request_ttl: 60,
      },
    }
    for (const [mode, given] of Object.entries(options)) {
      const made = await tines(plane, 'POST', '/user_credentials', {
        name: mode,
        mode,
        team_id: team,
        ...given,
      })
      t.equal(made.mode, mode)
      t.equal(typeof made.aws_assumed_role_external_id === 'string', mode === 'AWS')
      const shown = await tines(plane, 'GET', `/user_credentials/${made.id}`)
      const updated = await tines(plane, 'PUT', `/user_credentials/${made.id}`, { mode, ...given })
      t.notMatch(JSON.stringify([made, shown, updated]), /canary/)
    }
    t.notMatch(JSON.stringify(await tines(plane, 'GET', '/user_credentials')), /canary/)
    const stored = async () => {
      const names = await readdir(folder)
      // SQLite takes its own files away after the last connection, at a time of its own.
      const gone = () => Buffer.alloc(0)
      const files = await Promise.all(names.map((name) => readFile(join(folder, name)).catch(gone)))
      return Buffer.concat(files).toString('latin1')
    }
    t.notMatch(await stored(), /canary/)
    await plane.close()
    t.match(await stored(), /HTTP_REQUEST_AGENT/, 'what is no secret is found')
    t.notMatch(await stored(), /canary/)
  },
)

t.test('what a mode needs is asked for, all at once and without repeating what was sent', async (t) => {
  const { plane, team } = await planeWithTeam()
  t.teardown(() => plane.close())
  const refusal = async (body: Record<string, string | number | readonly string[] | object | null>) => {
    const answer = await callTines(plane, 'POST', '/user_credentials', { name: 'c', team_id: team, ...body })
    t.equal(answer.status, 422)
    t.notMatch(JSON.stringify(answer.body), /canary/)
    return tinesDetails(answer)
  }
  t.equal(await refusal({}), 'mode is required')
  t.equal(await refusal({ ...key, name: null, team_id: null }), 'name is required; team_id is required')
  t.equal(await refusal({ ...key, name: ' ' }), 'name must be text that is not blank')
  t.match(await refusal({ mode: 'OAUTH2' }), /^mode must be one of: TEXT, /)
  t.equal(await refusal({ mode: 'AWS' }), 'aws_authentication_type is required for mode AWS')
  t.equal(
    await refusal({ mode: 'AWS', aws_authentication_type: 'KEY' }),
    'aws_access_key is required for the authentication type KEY; aws_secret_key is required for the authentication type KEY',
  )
  t.equal(
    await refusal({ ...key, aws_authentication_type: 'ROLE' }),
    'aws_assumed_role_arn is required for the authentication type ROLE',
  )
  t.equal(await refusal({ mode: 'TEXT', value: '' }), 'value is required for mode TEXT')
  t.match(
    await refusal({
      mode: 'OAUTH',
      oauth_token_url: 'u',
      oauth_client_id: 'i',
      oauth_client_secret: 'canary',
      oauth_grant_type: 'authorization_code',
    }),
    /^oauth_url is required for the grant type authorization_code/,
  )
  t.match(
    await refusal({ mode: 'MULTI_REQUEST', credential_requests: [{ http_request_secret: 'canary' }] }),
    /a list of two objects; options of each .* must be an object/,
  )
  t.equal(await refusal({ ...key, folder_id: 99 }), 'folder_id must be a CREDENTIAL folder of the same team')
  t.match(await refusal({ ...key, read_access: 'SPECIFIC_TEAMS' }), /^shared_team_slugs is required/)
  t.strictSame((await tines(plane, 'GET', '/user_credentials')).user_credentials, [], 'and nothing was made')
})

t.test('a team that does not exist is the personal team, without a word', async (t) => {
  const { plane } = await planeWithTeam()
  t.teardown(() => plane.close())
  t.equal((await tines(plane, 'POST', '/user_credentials', { ...key, name: 'c', team_id: 4711 })).team_id, 1)
})

t.test('an update keeps what it leaves out, secrets included', async (t) => {
  const { plane, team } = await planeWithTeam()
  t.teardown(() => plane.close())
  const made = await tines(plane, 'POST', '/user_credentials', {
    ...key,
    name: 'Old name',
    team_id: team,
    description: 'kept',
    metadata: { owner: 'x' },
    allowed_hosts: ['*.example.com'],
  })
  t.equal(made.restriction_type, 'RESTRICTED')
  const path = `/user_credentials/${made.id}`
  const { updated_at, ...renamed } = await tines(plane, 'PUT', path, { mode: 'AWS', name: 'New  name!' })
  t.not(updated_at, made.updated_at)
  const { updated_at: _, ...before } = made
  t.strictSame(renamed, { ...before, name: 'New  name!', slug: 'new_name' })
  t.equal((await callTines(plane, 'PUT', path, { name: 'x' })).status, 422, 'the mode is always needed')
  t.equal(tinesDetails(await callTines(plane, 'PUT', path, { mode: 'TEXT' })), 'mode cannot be changed')
  const toRole = await callTines(plane, 'PUT', path, { mode: 'AWS', aws_authentication_type: 'ROLE' })
  t.equal(tinesDetails(toRole), 'aws_assumed_role_arn is required for the authentication type ROLE')
  const role = await tines(plane, 'PUT', path, {
    mode: 'AWS',
    aws_authentication_type: 'ROLE',
    aws_assumed_role_arn: 'arn:aws:iam::123456789012:role/x',
  })
  t.equal(role.aws_authentication_type, 'ROLE')
  t.equal(role.aws_assumed_role_external_id, made.aws_assumed_role_external_id)
  const back = await tines(plane, 'PUT', path, { mode: 'AWS', aws_authentication_type: 'KEY' })
  t.equal(back.aws_authentication_type, 'KEY', 'the key pair is still there')
})

t.test('sharing, folders and expiry are changed and cleared', async (t) => {
  const { plane, team } = await planeWithTeam()
  t.teardown(() => plane.close())
  const folder = await tines(plane, 'POST', '/folders', {
    name: 'f',
    content_type: 'CREDENTIAL',
    team_id: team,
  })
  const stories = await tines(plane, 'POST', '/folders', { name: 's', content_type: 'STORY', team_id: team })
  const made = await tines(plane, 'POST', '/user_credentials', { ...key, name: 'c', team_id: team })
  const path = `/user_credentials/${made.id}`
  const put = (body: object) => tines(plane, 'PUT', path, { mode: 'AWS', ...body })
  t.match(await put({ read_access: 'SPECIFIC_TEAMS', shared_team_slugs: ['soc'] }), {
    shared_team_slugs: ['soc'],
  })
  t.match(await put({ description: 'still shared' }), { shared_team_slugs: ['soc'] })
  t.strictSame((await put({ read_access: 'GLOBAL', shared_team_slugs: ['soc'] })).shared_team_slugs, [])
  t.equal((await put({ folder_id: folder.id })).folder_id, folder.id)
  t.equal((await callTines(plane, 'PUT', path, { mode: 'AWS', folder_id: stories.id ?? null })).status, 422)
  t.equal((await put({ folder_id: '' })).folder_id, null)
  t.match(
    await put({
      expires_at: '2027-01-01T00:00:00Z',
      expiry_notifications_enabled: true,
      credential_notification_recipient_user_ids: [3, 4],
    }),
    {
      expires_at: '2027-01-01T00:00:00Z',
      expiry_notifications_enabled: true,
      credential_notification_recipient_user_ids: [3, 4],
    },
  )
  t.equal((await put({ expires_at: null })).expires_at, null)
  t.equal((await callTines(plane, 'PUT', path, { mode: 'AWS', expires_at: 'soon' })).status, 422)
})

t.test('a team has one static external id, and a credential that uses it gets its own back', async (t) => {
  const { plane, team } = await planeWithTeam()
  t.teardown(() => plane.close())
  const make = (name: string, more: object) =>
    tines(plane, 'POST', '/user_credentials', { ...key, name, team_id: team, ...more })
  const own = await make('own', {})
  const first = await make('first', { use_static_external_id: true })
  const second = await make('second', { use_static_external_id: true })
  t.equal(first.aws_assumed_role_external_id, second.aws_assumed_role_external_id)
  t.not(first.aws_assumed_role_external_id, own.aws_assumed_role_external_id)
  const path = `/user_credentials/${own.id}`
  const shared = await tines(plane, 'PUT', path, { mode: 'AWS', use_static_external_id: true })
  t.equal(shared.aws_assumed_role_external_id, first.aws_assumed_role_external_id)
  const again = await tines(plane, 'PUT', path, { mode: 'AWS', use_static_external_id: false })
  t.equal(again.aws_assumed_role_external_id, own.aws_assumed_role_external_id)
})

t.test('a credential has at most one test twin, which is changed through it', async (t) => {
  const { plane, team } = await planeWithTeam()
  t.teardown(() => plane.close())
  const text = { mode: 'TEXT', value: 'live' }
  const live = await tines(plane, 'POST', '/user_credentials', { ...text, name: 'c', team_id: team })
  const path = `/user_credentials/${live.id}`
  t.notOk('test_credential' in (await tines(plane, 'GET', path)), 'a read does not say that there is none')
  const early = await callTines(plane, 'PUT', path, { ...text, is_test: true, test_credential_enabled: true })
  t.equal(early.status, 422)
  const twin = { mode: 'TEXT', value: 'test', live_credential_id: live.id ?? null }
  const made = await tines(plane, 'POST', '/user_credentials', twin)
  t.match(made, { id: live.id, name: 'c', test_credential: { created_at: String, updated_at: String } })
  t.equal(made.test_credential_enabled, true)
  t.match(await tines(plane, 'GET', path), { test_credential: made.test_credential })
  t.equal((await callTines(plane, 'POST', '/user_credentials', twin)).status, 422)
  const wrongMode = { ...key, live_credential_id: live.id ?? null }
  t.equal((await callTines(plane, 'POST', '/user_credentials', wrongMode)).status, 422)
  const changed = await tines(plane, 'PUT', path, { mode: 'TEXT', is_test: true, value: 'other' })
  t.notSame(changed.test_credential, made.test_credential)
  t.equal((await tines(plane, 'PUT', path, { mode: 'TEXT', test_credential_enabled: false })).name, 'c')
  t.equal((await callTines(plane, 'PUT', path, { ...text, is_test: true })).status, 422)
  t.equal((await callTines(plane, 'GET', '/user_credentials')).body.meta !== undefined, true)
})

t.test('a deleted credential is gone with its twin', async (t) => {
  const { plane, team } = await planeWithTeam()
  t.teardown(() => plane.close())
  const live = await tines(plane, 'POST', '/user_credentials', { ...key, name: 'c', team_id: team })
  const path = `/user_credentials/${live.id}`
  const gone = await callTines(plane, 'DELETE', path)
  t.equal(gone.status, 204)
  t.strictSame(gone.body, {})
  for (const method of ['GET', 'DELETE']) {
    const answer = await callTines(plane, method, path)
    t.equal(answer.status, 404)
    t.strictSame(answer.body, { errors: [{ message: 'Not found', details: 'credential 1 was not found' }] })
  }
})

t.test('names need not be unique', async (t) => {
  const { plane, team } = await planeWithTeam()
  t.teardown(() => plane.close())
  for (const name of ['c', 'C '])
    await tines(plane, 'POST', '/user_credentials', { ...key, name, team_id: team })
  t.match(await tines(plane, 'GET', '/user_credentials'), { meta: { count: 2 } })
})

t.test(
  'a credential to which somebody has to agree is answered with where, and keeps no secret of it',
  async (t) => {
    const { plane, team } = await planeWithTeam()
    t.teardown(() => plane.close())
    const oauth = {
      name: 'Mail',
      mode: 'OAUTH',
      team_id: team,
      oauth_url: 'https://login.example.com/authorize?tenant=a',
      oauth_token_url: 'https://login.example.com/token',
      oauth_client_id: 'id',
      oauth_client_secret: 'canary-secret',
      oauth_scope: 'mail.send mail.read',
    }
    const made = await tines(plane, 'POST', '/user_credentials', {
      ...oauth,
      oauth_grant_type: 'authorization_code',
    })
    const { origin, pathname, searchParams } = new URL(String(made.redirect_url))
    t.equal(origin + pathname, 'https://login.example.com/authorize')
    t.match(Object.fromEntries(searchParams), {
      tenant: 'a',
      client_id: 'id',
      redirect_uri: 'http://plane.test/oauth2/callback',
      response_type: 'code',
      scope: 'mail.send mail.read',
      state: /^[0-9a-f]{32}$/,
    })
    t.notMatch(JSON.stringify(made), /canary/)
    t.notOk('redirect_url' in (await tines(plane, 'GET', `/user_credentials/${made.id}`)))
    const other = await tines(plane, 'POST', '/user_credentials', {
      ...oauth,
      oauth_grant_type: 'client_credentials',
    })
    t.notOk('redirect_url' in other)
  },
)
