import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { AccessLogLine } from '../../src/server/access-log.js'
import { formatAccessLogLine } from '../../src/server/access-log.js'
import { openDatabase } from '../../src/server/database.js'
import type { Scope, SystemName } from '../../src/server/system.js'
import { createToken, listTokens, revokeToken } from '../../src/server/tokens.js'
import { openTestPlane } from '../fixtures/test-plane.js'

const random = randomBytes

/** A plane that asks for tokens, and how to make and revoke them beside it. */
async function openGuarded(t: Test, tokens: 'required' | 'if-any' = 'required') {
  const path = join(t.testdir(), 'plane.db')
  const lines: AccessLogLine[] = []
  let at = new Date('2026-01-01T00:00:00Z')
  const now = () => at
  const plane = await openTestPlane({ database: path, tokens, now, log: (line) => lines.push(line) })
  const database = await openDatabase({ path, now, random })
  t.teardown(() => Promise.all([plane.close(), database.close()]))
  return {
    lines,
    database,
    folder: join(path, '..'),
    setTime: (text: string) => {
      at = new Date(text)
    },
    make: async (system: SystemName, scopes: readonly Scope[], expiresAt?: Date) =>
      await createToken(database, { system, name: 'ci', scopes, expiresAt }, { now, random }),
    revoke: (id: string) => revokeToken(database, id, now()),
    async ask(
      method: string,
      path: string,
      headers: Readonly<Record<string, string>> = {},
      body: string | undefined = method === 'POST' ? '{}' : undefined,
    ) {
      const type = { 'content-type': 'application/json' }
      const response = await plane.fetch(
        new Request(`http://127.0.0.1${path}`, {
          method,
          headers: { ...type, ...headers },
          ...(body !== undefined && { body }),
        }),
      )
      return { status: response.status, body: await response.text() }
    },
  }
}

const bearer = (text: string) => ({ authorization: `Bearer ${text}` })
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

t.test('each system takes its tokens where the clients of its vendor put them', async (t) => {
  const { make, ask } = await openGuarded(t)
  const all = ['read', 'write', 'issue'] as const
  const token = {
    trifacta: (await make('trifacta', all)).text,
    vault: (await make('vault', all)).text,
    tines: (await make('tines', all)).text,
    outerproduct: (await make('outerproduct', all)).text,
  }
  const paths = {
    trifacta: '/v4/people',
    vault: '/v1/sys/mounts',
    tines: '/api/v1/teams',
    outerproduct: '/outerproduct/v1/connectors',
  }
  const status = async (system: SystemName, headers: Readonly<Record<string, string>>) =>
    (await ask('GET', paths[system], headers)).status
  for (const system of ['trifacta', 'vault', 'tines', 'outerproduct'] as const) {
    const unauthorized = system === 'vault' ? 403 : 401
    t.equal(await status(system, bearer(token[system])), 200, system)
    t.equal(await status(system, {}), unauthorized, `${system}: no token`)
    t.equal(await status(system, bearer('wrong')), unauthorized, `${system}: a wrong one`)
    const other = system === 'vault' ? token.tines : token.vault
    t.equal(await status(system, bearer(other)), unauthorized, `${system}: one of another system`)
  }
  t.equal(await status('vault', { 'x-vault-token': token.vault }), 200)
  t.equal(await status('tines', { 'x-user-token': token.tines }), 200)
  t.equal(await status('trifacta', basic(`root@example.com:${token.trifacta}`)), 200, 'release 6.0')
  t.equal(await status('trifacta', basic(token.trifacta)), 401)
  t.equal(await status('outerproduct', { 'x-user-token': token.outerproduct }), 401)
})

t.test('a token without the scope is refused in the shape of the vendor', async (t) => {
  const { make, ask } = await openGuarded(t)
  const headers = async (system: SystemName, scopes: readonly Scope[]) =>
    bearer((await make(system, scopes)).text)
  const trifacta = await headers('trifacta', ['read'])
  t.equal((await ask('GET', '/v4/people', trifacta)).status, 200)
  for (const [method, path] of [
    ['POST', '/v4/people'],
    ['PUT', '/v4/awsConfigs/1'],
    ['PATCH', '/v4/people/1'],
    ['DELETE', '/v4/people/1'],
  ] as const) {
    const { status, body } = await ask(method, path, trifacta, method === 'DELETE' ? undefined : '{}')
    t.equal(status, 403, `${method} ${path}`)
    t.strictSame(JSON.parse(body), {
      exception: {
        name: 'PermissionDenied',
        message: 'Permission denied',
        details: 'this token may not write',
      },
    })
  }
  t.equal((await ask('GET', '/v4/people', await headers('trifacta', ['write']))).status, 403)
  const vault = await ask('POST', '/v1/sys/mounts/aws', await headers('vault', ['read']), '{"type":"aws"}')
  t.equal(vault.status, 403)
  t.match(JSON.parse(vault.body), { errors: [/permission denied/] })
  const tines = await ask('POST', '/api/v1/teams', await headers('tines', ['read']), '{"name":"x"}')
  t.match({ status: tines.status, ...JSON.parse(tines.body) }, { status: 403, errors: [{}] })
  const connector = await headers('outerproduct', ['read'])
  const outerproduct = await ask('POST', '/outerproduct/v1/connectors/s3', connector)
  t.match({ status: outerproduct.status, ...JSON.parse(outerproduct.body) }, { status: 403, detail: String })
})

t.test('a token that was changed, revoked, or whose time is over opens nothing', async (t) => {
  const { make, ask, revoke, setTime, lines } = await openGuarded(t)
  const { text, info } = await make('trifacta', ['read'], new Date('2026-01-02T00:00:00Z'))
  const status = async (token: string) => (await ask('GET', '/v4/people', bearer(token))).status
  t.match(text, /^rolecall_[0-9a-f]{16}_[\w-]{43}$/)
  t.equal(await status(text), 200)
  const last = text.at(-2) === 'A' ? 'B' : 'A'
  t.equal(await status(`${text.slice(0, -2)}${last}${text.slice(-1)}`), 401, 'another secret')
  t.equal(await status(text.replace(info.id, '0'.repeat(16))), 401, 'another id')
  t.equal(await status(`${text}x`), 401)
  setTime('2026-01-02T00:00:00Z')
  t.equal(await status(text), 401, 'expired')
  setTime('2026-01-01T12:00:00Z')
  t.equal(await status(text), 200)
  t.equal(await revoke(info.id), true)
  t.equal(await status(text), 401, 'revoked')
  t.equal(await revoke('0'.repeat(16)), false)
  t.strictSame(
    lines.map(({ caller, refused }) => caller ?? refused),
    [
      'ci',
      'an unknown token',
      'an unknown token',
      'an unknown token',
      `token ${info.id}, which has expired`,
      'ci',
      `token ${info.id}, which was revoked`,
    ],
  )
})

t.test('a plane that asks for tokens once there are some goes on asking when none is valid', async (t) => {
  const { make, ask, revoke } = await openGuarded(t, 'if-any')
  t.equal((await ask('GET', '/v4/people')).status, 200)
  const { text, info } = await make('vault', ['read'])
  t.equal((await ask('GET', '/v4/people')).status, 401, 'of any system')
  t.equal((await ask('GET', '/v1/sys/mounts', bearer(text))).status, 200)
  await revoke(info.id)
  t.equal((await ask('GET', '/v1/sys/mounts', bearer(text))).status, 403)
  t.equal((await ask('GET', '/v4/people')).status, 401)
})

t.test('a page in a browser cannot use a plane that asks nobody', async (t) => {
  const path = join(t.testdir(), 'plane.db')
  const plane = await openTestPlane({ database: path, tokens: 'if-any' })
  t.teardown(() => plane.close())
  const status = async (url: string, headers: Readonly<Record<string, string>> = {}) =>
    (await plane.fetch(new Request(url, { headers }))).status
  t.equal(await status('http://localhost:3005/v4/people'), 200)
  t.equal(await status('http://[::1]:3005/v4/people'), 200)
  t.equal(await status('http://127.0.0.1:3005/v4/people', { origin: 'https://evil.example.com' }), 401)
  t.equal(await status('http://127.0.0.1:3005/v4/people', { origin: 'null' }), 401)
  t.equal(await status('http://rebound.example.com:3005/v4/people'), 401)
})

t.test('no token is in the database or in the log', async (t) => {
  const { make, ask, lines, folder, database } = await openGuarded(t)
  const { text } = await make('vault', ['read'])
  const secret = text.split('_')[2] ?? ''
  await ask('GET', '/v1/sys/mounts', bearer(text))
  await ask('GET', '/v1/sys/mounts', { 'x-vault-token': `${text.slice(0, -1)}!` })
  await ask('GET', `/v1/auth/token/lookup/${text}`)
  const log = lines.map(formatAccessLogLine).join('\n')
  t.notMatch(log, secret)
  t.notMatch(log, text.slice(0, -1))
  t.match(log, '/v1/auth/token/lookup/***')
  t.notMatch(JSON.stringify(await listTokens(database)), secret)
  for (const name of readdirSync(folder)) t.notOk(readFileSync(join(folder, name)).includes(secret), name)
})
