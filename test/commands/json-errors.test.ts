import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { people } from './people.js'
import { type Ran, rolecall } from './rolecall.js'

/** What each command is given that it cannot do, and the code of the message that says so. */
interface Mistake {
  readonly args: readonly string[]
  readonly code: string
  readonly input?: string
  /** The configuration, instead of a sound one. */
  readonly text?: string
}

const unreadable = 'resource "trifacta_person" "x" {\n  emial = 1\n}\n'
const noSuchType: Mistake['text'] = 'rolecall {\n  state "nosuch" {}\n}\n'

const mistakes: Readonly<Record<string, readonly Mistake[]>> = {
  access: [
    { args: ['access', '-nosuch'], code: 'commands/usage' },
    { args: ['access'], code: 'lang/unknown-attribute', text: `${people}${unreadable}` },
  ],
  apply: [
    { args: ['apply'], code: 'commands/no-approval' },
    { args: ['apply', 'nosuch.plan'], code: 'commands/plan-file' },
    { args: ['apply', '-auto-approve'], code: 'state/unknown-type', text: `${people}${noSuchType}` },
  ],
  console: [
    { args: ['console'], code: 'lang/unknown-reference', input: 'trifacta_person.nobody\n' },
    { args: ['console'], code: 'state/unknown-type', text: `${people}${noSuchType}` },
  ],
  creds: [{ args: ['creds', 'vault_aws_role.none'], code: 'app/credentials' }],
  destroy: [{ args: ['destroy'], code: 'commands/no-approval' }],
  drift: [{ args: ['drift', '-target=?'], code: 'engine/bad-address' }],
  fmt: [
    { args: ['fmt', 'nosuch.hcl'], code: 'commands/fmt' },
    { args: ['fmt', '-'], code: 'hcl/missing-value', input: 'a = \n' },
  ],
  'force-unlock': [
    { args: ['force-unlock', 'x'], code: 'commands/no-approval' },
    { args: ['force-unlock', '-force', 'x'], code: 'state/not-locked' },
  ],
  import: [{ args: ['import', 'trifacta_person.jain', '2'], code: 'app/import' }],
  init: [{ args: ['-chdir=nosuch', 'init'], code: 'commands/init' }],
  output: [{ args: ['output', 'nosuch'], code: 'commands/no-such-output' }],
  plan: [
    { args: ['plan'], code: 'lang/unknown-attribute', text: `${people}${unreadable}` },
    { args: ['plan', '-out='], code: 'commands/usage' },
  ],
  probe: [{ args: ['probe', 'trifacta_person.nobody'], code: 'app/not-recorded' }],
  'providers list': [{ args: ['providers', 'list'], code: 'hcl/unclosed-block', text: 'locals {' }],
  'providers schema': [{ args: ['providers', 'schema', '-nosuch'], code: 'commands/usage' }],
  serve: [
    { args: ['serve', '-listen=nowhere'], code: 'app/listen' },
    { args: ['serve', '-listen=127.0.0.1:0', '-database=main.hcl'], code: 'server/database-damaged' },
  ],
  'serve token create': [
    { args: ['serve', 'token', 'create', '-system=vault'], code: 'commands/usage' },
    {
      args: ['serve', 'token', 'create', '-system=vault', '-scope=read', '-expires=soon'],
      code: 'commands/usage',
    },
  ],
  'serve token list': [
    { args: ['serve', 'token', 'list', '-database=main.hcl'], code: 'server/database-damaged' },
  ],
  'serve token revoke': [{ args: ['serve', 'token', 'revoke', 'nosuch'], code: 'app/token-unknown' }],
  show: [
    { args: ['show', 'nosuch.plan'], code: 'commands/plan-file' },
    { args: ['show'], code: 'state/unknown-type', text: `${people}${noSuchType}` },
  ],
  'state list': [
    { args: ['state', 'list'], code: 'state/unknown-type', text: `${people}${noSuchType}` },
    { args: ['state', 'list', 'nosuch'], code: 'commands/no-such-row' },
  ],
  'state mv': [{ args: ['state', 'mv', 'a.b', 'a.c'], code: 'app/no-such-row' }],
  'state rm': [{ args: ['state', 'rm', 'a.b'], code: 'app/no-such-row' }],
  'state show': [{ args: ['state', 'show', 'a.b'], code: 'commands/no-such-row' }],
  validate: [
    { args: ['validate'], code: 'lang/unknown-attribute', text: `${people}${unreadable}` },
    { args: ['validate'], code: 'app/no-configuration', text: '' },
    { args: ['validate', '-nosuch'], code: 'commands/usage' },
  ],
  version: [{ args: ['version', '-nosuch'], code: 'commands/usage' }],
}

const streams = new Set(['apply', 'destroy', 'plan'])

interface Shown {
  readonly severity: string
  readonly code: string
  readonly summary: string
}

/** The messages on stdout, in the form that belongs to the command. Throws where it is no JSON. */
function shown(command: string, { stdout }: Ran): readonly Shown[] {
  if (!streams.has(command)) return (JSON.parse(stdout) as { diagnostics: Shown[] }).diagnostics
  const events = stdout
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { diagnostic?: Shown; '@level': string }]))
  return events.flatMap((event) =>
    event.diagnostic !== undefined && event['@level'] === 'error' ? [event.diagnostic] : [],
  )
}

t.test('every command has its mistakes here', async (t) => {
  const { commands } = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as {
    commands: Record<string, unknown>
  }
  const names = Object.keys(commands).map((id) => id.replaceAll(':', ' '))
  t.strictSame(Object.keys(mistakes).sort(), names.sort())
})

for (const [command, each] of Object.entries(mistakes))
  t.test(`${command} --json tells its errors as JSON on stdout, and ends as without`, async (t) => {
    for (const { args, code, input, text } of each) {
      const what = args.join(' ')
      const cwd = t.testdir()
      writeFileSync(join(cwd, text === '' ? 'nothing' : 'main.hcl'), text ?? people)
      const around = { cwd, ...(input !== undefined && { input }) }
      const json = await rolecall([...args, '--json'], around)
      t.equal(json.code, 1, what)
      const found = shown(command, json)
      t.match(found[0], { severity: 'error', code }, what)
      t.equal(json.stderr, '', `${what}: nothing besides`)
      if (code === 'commands/no-approval') continue
      const plain = await rolecall(args, around)
      t.equal(plain.code, 1, what)
      t.equal(plain.stdout, '', what)
      t.match(plain.stderr, `Error: ${found[0]?.summary}`, what)
    }
  })

t.test('a result is never followed by a second document', async (t) => {
  const cwd = t.testdir({ 'good.hcl': 'locals {\na=1\n}\n', 'wrong.hcl': 'locals {' })
  const formatted = await rolecall(['fmt', '--json'], { cwd })
  t.equal(formatted.code, 1)
  t.match(JSON.parse(formatted.stdout), {
    changed: ['good.hcl'],
    diagnostics: [{ range: { filename: 'wrong.hcl' } }],
  })
  t.equal(formatted.stderr, '')
})

t.test('a command that there is none of is told as JSON too', async (t) => {
  const cwd = t.testdir({})
  for (const args of [
    ['plna', '--json'],
    ['-json', 'state', 'lits'],
    ['show', '--json=true', '--nope'],
  ]) {
    const ran = await rolecall(args, { cwd })
    t.match(
      JSON.parse(ran.stdout),
      { format_version: '1.0', diagnostics: [{ code: 'commands/usage' }] },
      args.join(' '),
    )
    t.match(ran, { code: 1, stderr: '' })
  }
  t.match(await rolecall(['show', '--nope', '--', '--json'], { cwd }), {
    code: 1,
    stdout: '',
    stderr: /no flag --nope/,
  })
})
