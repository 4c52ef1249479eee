import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { type Ambient, openWorkspace } from '../../src/app.js'

/**
 * How long planning and applying take as the number of objects doubles, side by side in one run: people and a configuration
 * for each, by `for_each` and reference by key, on the embedded control plane. Sizes are numbers of configurations.
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
  readonly memory: number
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

function ambient(cwd: string): Ambient {
  return { cwd, env: {}, now: () => new Date(), stop: new AbortController().signal, progress: () => {} }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function measure(count: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-bench-'))
  const write = (bucket: string) => writeFileSync(join(folder, 'main.hcl'), configuration(count, bucket))
  const plan = async (expected: number) => {
    const workspace = await openWorkspace(ambient(folder))
    const { plan } = await workspace.plan({})
    await workspace.close()
    const changes = plan.changes.filter((c) => c.action !== 'keep').length
    if (changes !== expected) throw new Error(`${changes} changes instead of ${expected}`)
  }
  try {
    write('acme-analytics')
    const fresh = await timed(() => plan(2 * count))
    const apply = await timed(async () => {
      const workspace = await openWorkspace(ambient(folder))
      await workspace.apply({ confirm: async () => true })
      await workspace.close()
    })
    await plan(0)
    const unchanged = await timed(() => plan(0))
    const memory = process.memoryUsage().rss
    write('acme-other')
    const oneChange = await timed(() => plan(1))
    return { size: count, fresh, apply, unchanged, oneChange, memory }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`.padStart(9)

const small = await measure(size)
const large = await measure(2 * size)
const columns = ['fresh', 'apply', 'unchanged', 'oneChange'] as const
console.log(`${'configs'.padStart(8)} ${columns.map((c) => c.padStart(9)).join(' ')} ${'memory'.padStart(8)}`)
for (const figures of [small, large]) {
  const memory = `${Math.round(figures.memory / 2 ** 20)} MB`.padStart(8)
  console.log(
    `${String(figures.size).padStart(8)} ${columns.map((c) => seconds(figures[c])).join(' ')} ${memory}`,
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
  const ours = (await measure(beside)).unchanged
  console.log(
    `a plan without changes, ${beside} configs: terraform ${seconds(theirs).trim()}, rolecall ${seconds(ours).trim()}, ${(theirs / ours).toFixed(0)} times faster`,
  )
}
