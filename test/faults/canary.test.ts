import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openWorkspace } from '../../src/app.js'
import { rolecall } from '../commands/rolecall.js'
import { type FarmPlaneOptions, startPlaneFarm } from '../fixtures/plane-farm.js'
import { runApply } from '../fixtures/run-apply.js'
import { call, list } from '../fixtures/test-plane.js'
import { type Canary, canary, plainCanary, traces, tracesInFolder } from './canaries.js'

t.setTimeout(300_000)
const farm = startPlaneFarm()
t.teardown(() => farm.stop())

const secrets = {
  token: plainCanary('token'),
  login: canary('login'),
  key: canary('key'),
  secret: canary('secret'),
  person: canary('person'),
  file: canary('file'),
  name: canary('name', "'é "),
  output: canary('output'),
}
const all: readonly Canary[] = Object.values(secrets)

const configuration = (url: string, secretFile: string) => `
provider "trifacta" {
  endpoint = "embedded"
  token    = env("TOKEN")
}

provider "trifacta" {
  alias    = "remote"
  endpoint = "${url}"
  username = "admin@example.com"
  password = env("LOGIN")
}

variable "person" {
  type      = string
  sensitive = true
}

variable "name" {
  type      = string
  sensitive = true
}

variable "output" {
  type      = string
  sensitive = true
}

variable "round" {
  type    = number
  default = 1
}

locals {
  keys = { key = env("KEY"), secret = env("SECRET") }
  hush = "a secret in a text: \${var.output}"
}

resource "trifacta_person" "near" {
  email      = "near@example.com"
  name       = "Near \${var.name}"
  password   = var.person
  on_destroy = "delete"
}

resource "trifacta_aws_config" "near" {
  person_id           = trifacta_person.near.id
  credential_provider = "default"
  key                 = local.keys.key
  secret              = local.keys.secret
  default_bucket      = "bucket-\${var.round}"
}

resource "trifacta_person" "far" {
  for_each   = toset(["a", "b", "c"])
  provider   = trifacta.remote
  email      = "\${each.key}@example.com"
  name       = "\${each.key} \${var.round}"
  password   = "\${var.person}-\${each.key}"
  on_destroy = "delete"
}

resource "trifacta_aws_config" "far" {
  for_each            = trifacta_person.far
  provider            = trifacta.remote
  person_id           = each.value.id
  credential_provider = "default"
  key                 = env("KEY")
  secret              = trimspace(secretfile("${secretFile}"))
  default_bucket      = "bucket-\${var.round}"
}

output "hush" {
  value     = { text = local.hush, list = [var.output, upper(var.output)], encoded = base64encode(var.output) }
  sensitive = true
}

output "name" {
  value     = trifacta_person.near.name
  sensitive = true
}

output "id" {
  value = trifacta_person.near.id
}
`

const environment = {
  TOKEN: secrets.token.text,
  LOGIN: secrets.login.text,
  KEY: secrets.key.text,
  SECRET: secrets.secret.text,
  ROLECALL_VAR_person: secrets.person.text,
  ROLECALL_VAR_name: secrets.name.text,
  ROLECALL_VAR_output: secrets.output.text,
  ROLECALL_LOG: 'trace',
}

/** What the service itself holds in clear, because it is nothing secret there. */
const inService = (file: string, one: Canary) => /plane\.db(-wal|-shm)?$/.test(file) && one === secrets.name

interface Scene {
  readonly folder: string
  readonly plane: Awaited<ReturnType<typeof farm.open>>
  /** Runs the program, and searches all that it said and left. */
  run(args: readonly string[], expected: number, input?: string): Promise<{ stdout: string; stderr: string }>
  search(what: string): void
}

async function scene(t: Test, options: FarmPlaneOptions = {}): Promise<Scene> {
  const plane = await farm.open(options)
  t.teardown(() => plane.close())
  const parent = t.testdir()
  const folder = join(parent, 'folder')
  mkdirSync(folder)
  const secretFile = join(parent, 'secret.txt')
  writeFileSync(secretFile, `${secrets.file.text}\n`)
  writeFileSync(join(folder, 'main.hcl'), configuration(plane.url, secretFile))
  const search = (what: string) =>
    t.strictSame(tracesInFolder(folder, all, inService), [], `nothing is left by ${what}`)
  return {
    folder,
    plane,
    search,
    async run(args, expected, input) {
      const what = args.join(' ')
      const ran = await rolecall(args, {
        cwd: folder,
        env: environment,
        ...(input !== undefined && { input }),
      })
      t.equal(ran.code, expected, `${what}\n${ran.code === expected ? '' : ran.stderr}`)
      t.strictSame(traces(ran.stdout, all), [], `stdout of ${what}`)
      t.strictSame(traces(ran.stderr, all), [], `stderr of ${what}`)
      search(what)
      return ran
    },
  }
}

t.test('the search finds a secret in every form', (t) => {
  const one = canary('x')
  for (const form of [
    one.text,
    one.core.toUpperCase(),
    JSON.stringify(JSON.stringify(one.text)),
    encodeURIComponent(one.text),
    Buffer.from(one.text).toString('hex'),
    Buffer.from(one.text).toString('base64'),
    Buffer.from(`user:${one.text}`).toString('base64'),
    Buffer.from(`a user:${one.text}`).toString('base64url'),
    one.text.slice(0, 32),
  ])
    t.ok(traces(`before ${form} after`, [one]).length > 0, form)
  t.strictSame(traces('nothing', [one]), [])
  t.end()
})

t.test('no command says or keeps a secret', async (t) => {
  const { run, plane, folder } = await scene(t)
  await run(['validate'], 0)
  await run(['validate', '--json'], 0)
  await run(['plan'], 0)
  await run(['plan', '--json'], 0)
  await run(['plan', '--out=p.plan'], 0)
  await run(['show', 'p.plan'], 0)
  await run(['show', '--json', 'p.plan'], 0)
  await run(['apply', 'p.plan'], 0)
  t.equal((await list(plane.plane, '/people?limit=100')).length, 4)
  t.match(tracesInFolder(folder, [secrets.name])[0], /plane\.db/, 'the service has the name, as it must')
  await run(['plan', '--detailed-exitcode'], 0)
  await run(['apply', '--auto-approve', '--json', '--var=round=2'], 0)
  await run(['show'], 0)
  await run(['show', '--json'], 0)
  await run(['output'], 0)
  await run(['output', '--json'], 0)
  await run(['output', '--raw', 'id'], 0)
  await run(['output', '--json', 'hush'], 1)
  await run(['output', '--raw', 'name'], 1)
  await run(['state', 'list'], 0)
  await run(['state', 'show', 'trifacta_aws_config.near'], 0)
  await run(['state', 'show', 'trifacta_person.near', '--json'], 0)
  await run(['drift'], 0)
  for (const person of await list(plane.plane, '/people?limit=100'))
    await call(plane.plane, 'PATCH', `/people/${person.id}`, { name: 'someone else' })
  await run(['drift', '--unmanaged'], 2)
  await run(['drift', '--json'], 2)
  await run(['apply', '--refresh-only', '--auto-approve', '--var=round=2'], 0)
  await run(['state', 'mv', 'trifacta_person.far["a"]', 'trifacta_person.moved'], 0)
  await run(['state', 'rm', 'trifacta_aws_config.far["b"]'], 0)
  await run(['import', 'trifacta_aws_config.far["b"]', 'b@example.com'], 0)
  await run(['apply', '--auto-approve', '--replace=trifacta_aws_config.near', '--var=round=3'], 0)
  const expressions = [
    'var.output',
    'local.hush',
    'local.keys',
    'trifacta_aws_config.near',
    'jsonencode(var.output)',
    'base64encode(var.output)',
    '[for c in split("", var.output) : c]',
    '{ (var.output) = 1 }',
    'tonumber(var.output)',
    'jsondecode(var.output)',
    'var.output[0]',
    '{}[var.output]',
    'file(var.output)',
    'regex("x", var.output)',
    'env("SECRET")',
    'provider',
  ]
  await run(['console'], 1, `${expressions.join('\n')}\n`)
  await run(['destroy', '--auto-approve', '--json'], 0)
})

t.test('a change of every secret says and keeps neither the old nor the new one', async (t) => {
  const { run, folder } = await scene(t)
  await run(['apply', '--auto-approve'], 0)
  const changed = Object.fromEntries(
    Object.entries(environment).map(([name, text]) => [name, `${text}${name === 'ROLECALL_LOG' ? '' : '2'}`]),
  )
  for (const args of [['plan'], ['plan', '--json'], ['apply', '--auto-approve', '--json']]) {
    const ran = await rolecall(args, { cwd: folder, env: changed })
    t.equal(ran.code, 0, ran.stderr)
    t.strictSame(traces(`${ran.stdout}${ran.stderr}`, all), [], args.join(' '))
  }
  t.strictSame(tracesInFolder(folder, all, inService), [])
})

t.test('a service that quotes what it was sent, in whatever form, makes us say no secret', async (t) => {
  const { run, plane, folder, search } = await scene(t)
  for (const form of ['plain', 'json', 'html'] as const) {
    const quoting = (status: number) =>
      plane.faults(['POST', 'PATCH', 'PUT'].map((method) => ({ method, kind: 'echo', form, status })))
    await quoting(422)
    const { stderr } = await run(['apply', '--auto-approve', `--var=round=${form.length}`], 1)
    t.match(stderr, 'cannot take', 'it is quoted')
    t.match(stderr, '(sensitive value)', 'with what is secret covered up')
    // After a lost answer the program waits half a minute; here it need not.
    await quoting(500)
    const plan = { variables: [{ flag: `round=${form.length}` }] }
    const end = await runApply({ folder, env: environment, settle: 0, plan }, { stderr: 'collect' })
    t.equal(end.outcome?.failures.length, 3)
    t.match(end.outcome?.failures[0]?.detail, 'cannot take')
    t.strictSame(traces(JSON.stringify(end.outcome), all), [], `messages of a 500 that quotes (${form})`)
    t.strictSame(traces(end.stderr, all), [], 'trace')
    search(`a 500 that quotes (${form})`)
  }
  await plane.faults([])
  await run(['apply', '--auto-approve', '--json'], 0)
})

t.test('an apply that is killed leaves no secret', async (t) => {
  const program = join(process.cwd(), 'bin', 'rolecall.js')
  let open = 0
  for (const round of [1, 2, 3]) {
    const { folder, search, run } = await scene(t, { latency: 40 })
    const child = spawn(process.execPath, [program, 'apply', '--auto-approve', `--var=round=${round}`], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...environment },
    })
    let said = ''
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      // It has begun: soon its requests are under way.
      if (/: (Creating|Modifying)\.\.\./.test(said)) setTimeout(() => child.kill('SIGKILL'), 40 * round)
    }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', hear)
    await new Promise((resolve) => child.once('close', resolve))
    t.strictSame(traces(said, all), [], `what was said in round ${round}`)
    search(`the apply that was killed in round ${round}`)
    open += await openIn(folder)
    await run(['plan'], 0)
  }
  t.ok(open > 0, `${open} operations were left open`)
})

async function openIn(cwd: string): Promise<number> {
  const stop = new AbortController().signal
  const workspace = await openWorkspace({
    cwd,
    env: environment,
    now: () => new Date(),
    stop,
    progress: () => {},
  })
  const { state } = await workspace.readState()
  await workspace.close()
  return state.open.size
}
