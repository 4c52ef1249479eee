import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { rolecall } from '../commands/rolecall.js'

/** What a tool sees that reads plans with HashiCorp's library for Terraform's JSON. */
interface Seen {
  readonly format: string
  readonly changes: readonly {
    readonly address: string
    readonly actions: readonly string[]
    readonly importing?: string
    readonly previous?: string
  }[]
  readonly outputs: Readonly<Record<string, string>>
  readonly planned: number
  readonly prior: number
  readonly variables: Readonly<Record<string, unknown>>
  readonly timestamp: string
  readonly terraform: string
  readonly references: Readonly<Record<string, readonly string[] | null>>
}

const work = mkdtempSync(join(tmpdir(), 'rolecall-peer-'))
const reader = join(work, 'reader')
const built = spawnSync('go', ['build', '-o', reader, '.'], {
  cwd: join(process.cwd(), 'test', 'peers', 'terraform-json'),
  encoding: 'utf8',
})
const skip =
  built.error !== undefined
    ? 'go is not on the PATH'
    : built.status !== 0 && `the reader cannot be built: ${built.stderr}`
t.teardown(() => rmSync(work, { recursive: true, force: true }))

const configuration = (bucket: string, extra: string) => `
provider "trifacta" { endpoint = "embedded" }
variable "region" { default = "eu" }
resource "trifacta_person" "jane" { email = "jane@example.com" }
resource "trifacta_aws_config" "jane" {
  person_id           = trifacta_person.jane.id
  credential_provider = "temporary"
  role                = "arn:aws:iam::123456789012:role/jane"
  default_bucket      = "${bucket}"
}
${extra}
output "config" { value = trifacta_aws_config.jane.id }
`
const secretive = `
variable "unmarked" { default = "canary-in-a-variable" }
resource "trifacta_aws_config" "joe" {
  person_id           = trifacta_person.joe.id
  credential_provider = "default"
  key                 = env("KEY", "canary-key")
  secret              = var.unmarked
  default_bucket      = "joes"
}
`

async function planned(folder: string, ...flags: string[]): Promise<Seen> {
  const plan = await rolecall(['plan', '--out=p.plan', ...flags], { cwd: folder })
  t.equal(plan.code, 0, plan.stderr)
  const json = await rolecall(['show', '--json', 'p.plan'], { cwd: folder })
  t.equal(json.code, 0, json.stderr)
  t.notMatch(json.stdout + readFileSync(join(folder, 'p.plan'), 'utf8'), 'canary', 'no secret in it')
  const { status, stdout, stderr } = spawnSync(reader, { input: json.stdout, encoding: 'utf8' })
  t.equal(status, 0, stderr)
  return JSON.parse(stdout) as Seen
}

/** Without what stays as it is, by address. */
const only = (seen: Seen) =>
  seen.changes
    .filter((c) => c.actions.join() !== 'no-op' || c.importing !== undefined || c.previous !== undefined)
    .toSorted((a, b) => (a.address < b.address ? -1 : 1))

t.test("HashiCorp's own library reads our plans", { skip }, async (t) => {
  const folder = join(work, 'story')
  cpSync(join(process.cwd(), 'examples', 'quickstart'), folder, { recursive: true })
  for (const file of ['main.hcl', 'variables.hcl']) rmSync(join(folder, file))
  const write = (text: string) => writeFileSync(join(folder, 'main.hcl'), text)
  const apply = async () => t.equal((await rolecall(['apply', '--auto-approve'], { cwd: folder })).code, 0)

  const joe = 'resource "trifacta_person" "joe" { email = "joe@example.com" }'
  write(configuration('one', joe + secretive))
  const fresh = await planned(folder)
  t.match(fresh, { planned: 4, prior: 0, outputs: { config: '[create]' } })
  t.strictSame(fresh.variables, { region: 'eu', unmarked: null }, 'not the value of one that brings a secret')
  t.match(fresh.terraform, /^1\.\d+\.\d+$/)
  t.match(new Date(fresh.timestamp).toISOString(), fresh.timestamp)
  t.strictSame(fresh.references['trifacta_aws_config.jane.person_id'], ['trifacta_person.jane'])
  t.strictSame(
    only(fresh).map((c) => c.actions),
    [['create'], ['create'], ['create'], ['create']],
  )

  await apply()
  t.strictSame(only(await planned(folder)), [], 'nothing to do')

  write(configuration('two', 'resource "trifacta_person" "joseph" { email = "joe@example.com" }'))
  t.match(only(await planned(folder)), [
    { address: 'trifacta_aws_config.jane', actions: ['update'] },
    { address: 'trifacta_aws_config.joe', actions: ['delete'] },
    { address: 'trifacta_person.joseph', actions: ['no-op'], previous: 'trifacta_person.joe' },
  ])
  t.match(
    only(await planned(folder, '--replace=trifacta_aws_config.jane', '--target=trifacta_aws_config.jane')),
    [{ address: 'trifacta_aws_config.jane', actions: ['delete', 'create'] }],
  )

  rmSync(join(folder, '.rolecall', 'state'), { recursive: true })
  write(configuration('two', joe))
  t.match(only(await planned(folder)), [
    { address: 'trifacta_aws_config.jane', actions: ['update'], importing: '1' },
    { address: 'trifacta_person.jane', actions: ['no-op'], importing: '2' },
    { address: 'trifacta_person.joe', actions: ['no-op'], importing: '3' },
  ])
})
