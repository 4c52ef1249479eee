import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

/**
 * How long planning and applying take as the number of objects doubles, side by side in one run, each command in a process of
 * its own, as a user runs it: people and a configuration for each, by `for_each` and reference by key, on the embedded control plane. Sizes are numbers of configurations.
 *
 * Where `terraform` is on the PATH, it plans the same shape of built-in resources, which need no network, beside ours.
 *
 *     npm run bench [-- SIZE]
 */
const size = Number(process.argv[2] ?? 10_000)

interface Figures {
  readonly size: number
  readonly fresh: number
  readonly apply: number
  readonly unchanged: number
  readonly oneChange: number
  readonly planMemory: number
  readonly applyMemory: number
}

function configuration(count: number, bucket: string): string {
  return `
provider "trifacta" { endpoint = "embedded" }

locals {
  people = { for i in range(${count}) : format("p%05d", i) => { email = format("p%05d@example.com", i) } }
}

resource "trifacta_person" "p" {
  for_each = local.people
  email    = each.value.email
  name     = "Person \${each.key}"
}

resource "trifacta_aws_config" "p" {
  for_each            = local.people
  person_id           = trifacta_person.p[each.key].id
  credential_provider = "temporary"
  role                = "arn:aws:iam::123456789012:role/wrangle-\${each.key}"
  default_bucket      = each.key == "p00000" ? "${bucket}" : "acme-analytics"
  extra_buckets       = ["acme-shared"]
}
`
}

interface Run {
  /** Milliseconds from start to end of the process. */
  readonly took: number
  /** The most that it held at a time, in bytes. */
  readonly memory: number
}

/** So that the process tells on descriptor 3 how much memory it took: in KiB, whatever the system. */
const tellMemory = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))",
)}`

/** One command as from a shell, in a process of its own. */
function run(folder: string, expected: number, ...args: string[]): Run {
  const start = performance.now()
  const program = join(import.meta.dirname, '../../../bin/rolecall.js')
  const { status, stderr, output } = spawnSync(process.execPath, ['--import', tellMemory, program, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  if (status !== expected) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return { took: performance.now() - start, memory: Number(output[3]) * 1024 }
}

/** Of three, the one in the middle. */
function plan(folder: string, expected: number): Run {
  const runs = [1, 2, 3].map(() => run(folder, expected, 'plan', '--detailed-exitcode'))
  return runs.sort((a, b) => a.took - b.took)[1] as Run
}

function measure(count: number): Figures {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-bench-'))
  const write = (bucket: string) => writeFileSync(join(folder, 'main.hcl'), configuration(count, bucket))
  try {
    write('acme-analytics')
    const fresh = plan(folder, 2)
    const apply = run(folder, 0, 'apply', '--auto-approve')
    const unchanged = plan(folder, 0)
    write('acme-other')
    const oneChange = plan(folder, 2)
    const took = {
      fresh: fresh.took,
      apply: apply.took,
      unchanged: unchanged.took,
      oneChange: oneChange.took,
    }
    return { size: count, ...took, planMemory: unchanged.memory, applyMemory: apply.memory }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`.padStart(9)

const small = measure(size)
const large = measure(2 * size)
const columns = ['fresh', 'apply', 'unchanged', 'oneChange'] as const
console.log(
  `${'configs'.padStart(8)} ${columns.map((c) => c.padStart(9)).join(' ')}   memory of a plan, of the apply`,
)
const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`
for (const figures of [small, large]) {
  const memory = `${megabytes(figures.planMemory)}, ${megabytes(figures.applyMemory)}`
  console.log(
    `${String(figures.size).padStart(8)} ${columns.map((c) => seconds(figures[c])).join(' ')}   ${memory}`,
  )
}
console.log(
  `${'ratio'.padStart(8)} ${columns.map((c) => (large[c] / small[c]).toFixed(2).padStart(9)).join(' ')}`,
)

/** A plan without changes by Terraform: `count` objects, and as many that refer to them by key. Undefined: not installed. */
function terraformUnchanged(count: number): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-bench-terraform-'))
  const environment = { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1' }
  const terraform = (...args: string[]) =>
    spawnSync('terraform', args, { cwd: folder, env: environment, stdio: 'ignore' }).status
  writeFileSync(
    join(folder, 'main.tf'),
    `
locals {
  people = { for i in range(${count}) : format("p%05d", i) => { email = format("p%05d@example.com", i) } }
}
resource "terraform_data" "p" {
  for_each = local.people
  input    = { email = each.value.email, name = "Person \${each.key}" }
}
resource "terraform_data" "c" {
  for_each = local.people
  input    = { person = terraform_data.p[each.key].id, bucket = "acme-analytics" }
}
`,
  )
  try {
    if (terraform('init') !== 0 || terraform('apply', '-auto-approve') !== 0) return undefined
    const start = performance.now()
    return terraform('plan', '-detailed-exitcode') === 0 ? performance.now() - start : undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const beside = 500
const theirs = terraformUnchanged(beside)
if (theirs === undefined) console.log('terraform is not on the PATH: nothing to compare with')
else {
  const ours = measure(beside).unchanged
  console.log(
    `a plan without changes, ${beside} configs: terraform ${seconds(theirs).trim()}, rolecall ${seconds(ours).trim()}, ${(theirs / ours).toFixed(0)} times faster`,
  )
}
