import { once } from 'node:events'
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { people } from './people.js'
import { rolecall, spawned, start } from './rolecall.js'

const folder = (t: Test, files: Readonly<Record<string, string>> = { 'main.hcl': people }): string =>
  t.testdir(files)

t.test('init begins a configuration that works, and overwrites nothing', async (t) => {
  const cwd = folder(t, {})
  const first = await rolecall(['init'], { cwd })
  t.equal(first.code, 0)
  const written = readFileSync(join(cwd, 'main.hcl'), 'utf8')
  t.equal((await rolecall(['fmt', '--check'], { cwd })).code, 0, 'it is in canonical layout')
  const plan = await rolecall(['plan'], { cwd })
  t.match(plan.stdout, /^Plan: 4 to add, 0 to change, 0 to destroy\.$/m)
  writeFileSync(join(cwd, 'main.hcl'), '# mine\n')
  t.equal((await rolecall(['init'], { cwd })).code, 0)
  t.equal(readFileSync(join(cwd, 'main.hcl'), 'utf8'), '# mine\n')
  t.not(written, '# mine\n')
})

t.test('without a terminal and without approval, apply and destroy stop before they plan', async (t) => {
  const cwd = folder(t, { 'main.hcl': 'this is not even parsed' })
  for (const args of [['apply'], ['destroy', '-json'], ['force-unlock', 'x']]) {
    const { code, stdout, stderr } = await rolecall(args, { cwd, input: 'yes\n' })
    t.equal(code, 1, args.join(' '))
    t.match(stdout + stderr, 'Nobody can be asked for approval')
    t.notMatch(stdout + stderr, 'main.hcl')
  }
})

t.test('validate tells all mistakes, for people and as JSON', async (t) => {
  const cwd = folder(t, { 'main.hcl': `${people}\nresource "trifacta_person" "x" {\n  emial = 1\n}\n` })
  const text = await rolecall(['validate'], { cwd })
  t.equal(text.code, 1)
  t.match(
    text.stderr,
    /on main\.hcl line \d+, in resource "trifacta_person" "x":\n +\d+: {3}emial = 1\n +\^+\n/,
  )
  const json = await rolecall(['validate', '-json'], { cwd })
  t.equal(json.code, 1)
  t.match(JSON.parse(json.stdout), {
    format_version: '1.0',
    valid: false,
    diagnostics: [{ severity: 'error' }],
  })
})

t.test('fmt rewrites, checks, shows differences and reads stdin', async (t) => {
  const cwd = folder(t, { 'a.hcl': 'locals {\na=1\n}\n', in: { 'b.hcl': 'locals {\nb=1\n}\n' } as never })
  const canonical = 'locals {\n  a = 1\n}\n'
  const check = await rolecall(['fmt', '-check', '-diff'], { cwd })
  t.equal(check.code, 3)
  t.match(check.stdout, /^a\.hcl\n--- old\/a\.hcl\n\+\+\+ new\/a\.hcl\n/)
  t.equal(readFileSync(join(cwd, 'a.hcl'), 'utf8'), 'locals {\na=1\n}\n')
  t.equal((await rolecall(['fmt'], { cwd })).stdout, 'a.hcl\n')
  t.equal(readFileSync(join(cwd, 'a.hcl'), 'utf8'), canonical)
  t.equal((await rolecall(['fmt', '-recursive'], { cwd })).stdout, `${join('in', 'b.hcl')}\n`)
  t.equal((await rolecall(['fmt', '-'], { cwd, input: 'locals {\na=1\n}\n' })).stdout, canonical)
  const missing = await rolecall(['fmt', 'nosuch.hcl'], { cwd })
  t.match(missing, { code: 1, stderr: /nosuch\.hcl: there is no such file or folder\./ })
  const yaml = t.testdir({ 'a.yaml': 'locals: { a: 1 }\n' })
  t.match(await rolecall(['fmt', 'a.yaml'], { cwd: yaml }), { code: 1, stderr: /a\.yaml is YAML/ })
  t.match(await rolecall(['fmt', '-check'], { cwd: yaml }), { code: 0, stdout: '', stderr: '' })
  const json = await rolecall(['fmt', '-json', '-check', '-'], { cwd, input: 'a=1\n' })
  t.equal(json.code, 3)
  t.strictSame(JSON.parse(json.stdout), { changed: ['<stdin>'], text: 'a = 1\n' })
})

t.test('flags are taken before and after the command, with one dash or two', async (t) => {
  const cwd = folder(t, { sub: { 'main.hcl': people } as never })
  const ran = await rolecall(
    ['-chdir=sub', '-no-color', 'plan', '-input=false', '--no-color', '-lock=false'],
    { cwd },
  )
  t.equal(ran.code, 0)
  t.match(ran.stdout, /^Plan: 1 to add/m)
  t.notOk(existsSync(join(cwd, 'sub', '.rolecall', 'state')), 'a plan writes nothing')
})

t.test('a wrong command line exits with 1 and says where help is', async (t) => {
  const cwd = folder(t)
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['plna'], /Did you mean "plan"\?/],
    [['plan', '--hlep'], /There is no flag --hlep here\. Did you mean --help\?/],
    [['plan', '-nope'], /There is no flag -nope here\.\n\nFor more help, run:\n {2}rolecall plan --help/],
    [['plan', '-parallelism=0'], /greater than or equal to 1/],
    [['apply', 'p.plan', '-target=a.b'], /has no place beside a saved plan/],
    [['show', 'nosuch.plan'], /there is no such file/],
  ]
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await rolecall(args, { cwd })
    t.equal(code, 1, args.join(' '))
    t.equal(stdout, '')
    t.match(stderr, message)
    t.match(stderr, /^Error: /m)
  }
})

t.test('the program ends with the exit code of its command, and writes where it says', async (t) => {
  const cwd = folder(t, { 'main.hcl': people, 'wide.hcl': 'locals {\na=1\n}\n' })
  t.match(await spawned(['plan', '-detailed-exitcode'], { cwd }), {
    code: 2,
    stdout: /^Plan: 1 to add/m,
    stderr: '',
  })
  t.match(await spawned(['fmt', '-check'], { cwd }), { code: 3, stdout: 'wide.hcl\n', stderr: '' })
  t.match(await spawned(['fmt', '-'], { cwd, input: 'a=1\n' }), { code: 0, stdout: 'a = 1\n' })
  t.match(await spawned(['plna'], { cwd }), { code: 1, stdout: '', stderr: /^Error: /m })
  t.match(await spawned(['state', '-help'], { cwd }), { code: 0, stdout: /USAGE/ })
})

t.test('help goes to stdout, and needs no configuration', async (t) => {
  const cwd = folder(t, {})
  for (const args of [['plan', '-help'], ['state'], []]) {
    const { code, stdout } = await rolecall(args, { cwd })
    t.equal(code, 0, args.join(' '))
    t.match(stdout, 'USAGE')
  }
})

t.test('the version is told at once, and as JSON', async (t) => {
  const cwd = folder(t, {})
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  for (const args of [['version'], ['-version']])
    t.match((await rolecall(args, { cwd })).stdout, `Rolecall v${version}\n`)
  t.match(JSON.parse((await rolecall(['version', '-json'], { cwd })).stdout), { rolecall_version: version })
})

t.test('the schemas of all providers are there for editors', async (t) => {
  const { stdout } = await rolecall(['providers', 'schema', '-json'], { cwd: folder(t, {}) })
  t.match(JSON.parse(stdout), {
    format_version: '1.0',
    provider_schemas: {
      trifacta: {
        resource_schemas: {
          trifacta_person: { version: Number, block: { attributes: { email: { type: 'string' } } } },
        },
      },
    },
  })
  t.equal(
    (await rolecall(['providers', 'list'], { cwd: folder(t) })).stdout,
    'trifacta\n  trifacta_person.jane\n',
  )
})

t.test('a reader that goes away is no error', async (t) => {
  const child = start(['providers', 'schema', '-json'], { cwd: folder(t, {}) })
  child.stdout?.destroy()
  const errors: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk))
  const [code] = (await once(child, 'close')) as [number]
  t.equal(code, 0)
  t.notMatch(Buffer.concat(errors).toString(), 'EPIPE')
})

t.test('results that cannot be written are an error', { skip: !existsSync('/dev/full') }, async (t) => {
  const disk = openSync('/dev/full', 'w')
  const child = start(['providers', 'schema', '-json'], { cwd: folder(t, {}), stdout: disk })
  const errors: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk))
  const [code] = (await once(child, 'close')) as [number]
  t.equal(code, 1)
  t.match(Buffer.concat(errors).toString(), 'could not be written')
})

t.test('serve answers until it is interrupted, and says so', async (t) => {
  const child = start(['serve', '--listen', '127.0.0.1:0', '--json'], { cwd: folder(t, {}) })
  const [line] = (await once(child.stdout as Readable, 'data')) as [Buffer]
  const { url } = JSON.parse(line.toString()) as { url: string }
  const errors: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk))
  t.ok((await fetch(`${url}/v4/people`)).status >= 200)
  child.kill('SIGTERM')
  const [code] = (await once(child, 'close')) as [number]
  t.equal(code, 0)
  const text = Buffer.concat(errors).toString()
  t.match(text, 'Interrupt received.')
  t.match(text, '"method":"GET"', 'the access log is on stderr')
})

t.test(
  'every mistake is told in one run, also in what depends on a mistake, before anything is opened',
  async (t) => {
    const cwd = folder(t, {
      'main.hcl': `
variable "n" { default = "x" }
provider "trifacta" { endpoint = "embedded" }
resource "trifacta_person" "a" { email = "not-mail-\${var.n}" }
resource "trifacta_aws_config" "a" {
  person_id           = trifacta_person.a.id
  credential_provider = "temporary"
  role                = "arn:aws:iam::12345:role/\${var.n}"
  default_bucket      = "Bad_Bucket_\${var.n}"
}`,
    })
    for (const command of ['plan', 'apply -auto-approve']) {
      const { code, stderr } = await rolecall(command.split(' '), { cwd })
      t.equal(code, 1, command)
      for (const place of ['line 4', 'line 8', 'line 9']) t.match(stderr, `on main.hcl ${place}`, command)
      t.notOk(existsSync(join(cwd, '.rolecall')), 'neither a state nor a service was opened')
    }
  },
)
