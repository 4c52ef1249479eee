import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import ServeTokenCreate from '../../src/commands/serve/token/create.js'
import { systemNames } from '../../src/server/system.js'
import { certificates, lacksOpenssl } from '../fixtures/certificates.js'
import { rolecall, start } from './rolecall.js'

t.test('a token can be made for each of the systems', async (t) => {
  t.strictSame(ServeTokenCreate.flags.system.options, systemNames)
})

t.test('tokens are made, listed and revoked, and shown once', async (t) => {
  const cwd = t.testdir()
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await rolecall(['serve', 'token', ...args], { cwd })
    t.equal(code, 0, stderr)
    return stdout
  }
  t.match(await run('list'), 'There are no tokens')
  const token = (
    await run('create', '--system=vault', '--scope=read', '--scope=issue', '--expires=90d')
  ).trim()
  t.match(token, /^rolecall_[0-9a-f]{16}_[\w-]{43}$/)
  const id = token.split('_')[1] ?? ''
  const made = JSON.parse(await run('create', '--system=tines', '--scope=write', '--name=ci', '--json'))
  t.match(made, { token: /^rolecall_/, system: 'tines', name: 'ci', scopes: ['write'], expiresAt: null })
  const shown = await run('list')
  t.match(shown, new RegExp(`^${id} +vault +default +read,issue +\\S+ +valid until `, 'm'))
  t.notMatch(shown, token)
  t.match(await run('revoke', id), id)
  const all = JSON.parse(await run('list', '--json'))
  t.match(
    all.find((each: { id: string }) => each.id === id),
    { revokedAt: String },
  )
  t.match(await run('list'), new RegExp(`^${id} .* revoked `, 'm'))
})

t.test('what is wrong with a token is said before there is one', async (t) => {
  const cwd = t.testdir()
  for (const [wrong, said] of [
    [['--scope=read'], /Missing required flag system/],
    [['--system=vault', '--scope=all'], /Expected --scope=all to be one of: read, write, issue/],
    [['--system=vault', '--scope=read', '--name=a b'], /a name has up to 64 letters/],
    [['--system=vault', '--scope=read', '--expires=0d'], /write hours or days, like 12h or 90d/],
  ] as const) {
    const { code, stderr, stdout } = await rolecall(['serve', 'token', 'create', ...wrong], { cwd })
    t.equal(code, 1)
    t.equal(stdout, '')
    t.match(stderr, said)
  }
  const half = await rolecall(['serve', '--tls-cert=x'], { cwd })
  t.match(half.stderr, /--tls-cert and --tls-key go together/)
})

t.test(
  'a hangup has the files of TLS read again, and SIGTERM ends the server in good order',
  { skip: lacksOpenssl },
  async (t) => {
    const first = certificates(t, 'IP:127.0.0.1')
    const cwd = t.testdir({ 'cert.pem': first.cert, 'key.pem': first.key })
    const server = start(['serve', '--listen=127.0.0.1:0', '--tls-cert=cert.pem', '--tls-key=key.pem'], {
      cwd,
    })
    const closed = new Promise<number | null>((resolve) => server.once('close', resolve))
    let text = ''
    const said = async (what: RegExp) => {
      while (!what.test(text)) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    for (const stream of [server.stdout, server.stderr])
      stream?.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
    await said(/Listening on https:\/\/127\.0\.0\.1:\d+\n.*need no token/)
    await said(/ {2}outerproduct {2}https:\/\/127\.0\.0\.1:\d+\/outerproduct\n/)
    t.match(text, / {2}vault {9}https:\/\/127\.0\.0\.1:\d+\n/)
    server.kill('SIGHUP')
    await said(/were read again/)
    writeFileSync(join(cwd, 'cert.pem'), 'no certificate')
    server.kill('SIGHUP')
    await said(/cannot speak TLS with these files/)
    server.kill('SIGTERM')
    t.equal(await closed, 0)
  },
)
