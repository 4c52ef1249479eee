import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PlanOptions, Workspace } from '../../src/app.js'
import type { Applied, Plan } from '../../src/core/plan.js'
import type { State } from '../../src/core/state.js'
import type { FarmPlane } from '../fixtures/plane-farm.js'
import type { ApplyProcessOptions } from '../fixtures/run-apply.js'
import { type Census, census } from './census.js'
import { misrecorded, runsIn, undone } from './runs.js'

/** Milliseconds that the control plane takes for a request, and that a look-up waits after a lost answer. */
export const latency = 20
export const settle = 80

/** What all objects of a folder are like: another variant changes most of them in place. */
export type Variant = 'a' | 'b'

export interface StoryOptions {
  readonly parent: string
  readonly plane: FarmPlane
  /** So many people, each with an awsConfig. */
  readonly size: number
  /** Milliseconds after a lost answer; more than the plane takes. */
  readonly settle: number
  /** Seconds that an answer may take. Default: 30. */
  readonly timeout?: number
  /** The release that the plane speaks, as it was opened. Default: C. */
  readonly generation?: 'A' | 'C'
}

/** A folder of configuration over a plane, which many runs are made in. */
export interface Story {
  readonly folder: string
  readonly plane: FarmPlane
  readonly size: number
  readonly generation: 'A' | 'C'
  /** For a run in a process of its own. */
  process(variant: Variant, plan?: PlanOptions): ApplyProcessOptions
  /** Runs here. */
  apply(variant: Variant, plan?: PlanOptions): Promise<Applied>
  plan(variant: Variant, plan?: PlanOptions): Promise<Plan>
  /** Applies once, here; a line for each error, and for each thing that a plan would still do. */
  undone(variant: Variant, plan?: PlanOptions): Promise<readonly string[]>
  state(): Promise<State>
  in<T>(use: (workspace: Workspace) => Promise<T>): Promise<T>
}

const environment = { TRIFACTA_TOKEN: 't0ken' }

/** People, the even ones with an IAM role, the odd ones with key and secret, or in variant b with a role too. */
function configuration({ plane, generation = 'C', timeout = 30, size }: StoryOptions): string {
  return `
provider "trifacta" {
  endpoint   = "${plane.url}"
  token      = env("TRIFACTA_TOKEN")
  generation = "${generation}"

  timeout_seconds = ${timeout}
}

variable "variant" {
  type = string
}

locals {
  people = { for i in range(${size}) : format("p%03d", i) => i }
  b      = var.variant == "b"
}

resource "trifacta_person" "p" {
  for_each = local.people

  email           = "\${each.key}@example.com"
  name            = "\${each.key} \${var.variant}"
  output_home_dir = each.value % 3 == 0 ? "/home/\${each.key}" : null
  on_destroy      = "delete"
}

resource "trifacta_aws_config" "role" {
  for_each = { for key, i in local.people : key => i if i % 2 == 0 }

  person_id           = trifacta_person.p[each.key].id
  credential_provider = "temporary"
  role                = "arn:aws:iam::123456789012:role/\${each.key}-\${var.variant}"
  default_bucket      = "bucket-\${each.key}"
  extra_buckets       = ["acme-shared"]
}

resource "trifacta_aws_config" "key" {
  for_each = { for key, i in local.people : key => i if i % 2 == 1 }

  person_id           = trifacta_person.p[each.key].id
  credential_provider = local.b ? "temporary" : "default"
  key                 = local.b ? null : "AKIA\${upper(each.key)}"
  secret              = local.b ? null : env("SECRET", "secret-of-\${each.key}")
  role                = local.b ? "arn:aws:iam::123456789012:role/\${each.key}" : null
  default_bucket      = "bucket-\${each.key}"
}
`
}

let folders = 0

export function tell(options: StoryOptions): Story {
  const { plane, size, settle, generation = 'C' } = options
  const folder = join(options.parent, `story-${++folders}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'main.hcl'), configuration(options))
  const runs = runsIn({ folder, env: environment, settle })
  const planOptions = (variant: Variant, plan: PlanOptions = {}): PlanOptions => ({
    ...plan,
    variables: [...(plan.variables ?? []), { flag: `variant=${variant}` }],
  })
  return {
    folder,
    plane,
    size,
    generation,
    process: (variant, plan) => runs.process(planOptions(variant, plan)),
    apply: (variant, plan) => runs.apply(planOptions(variant, plan)),
    plan: (variant, plan) => runs.plan(planOptions(variant, plan)),
    undone: (variant, plan) => undone(runs, planOptions(variant, plan)),
    state: runs.state,
    in: runs.in,
  }
}

export interface Wanted {
  readonly variant: Variant
  readonly destroyed?: boolean
}

/**
 * Applies once, and compares what is there with what must be: every object once, none without an owner, nothing left to do.
 * Returns a line for each difference.
 */
export async function violations(
  story: Story,
  { variant, destroyed = false }: Wanted,
): Promise<readonly string[]> {
  const plan: PlanOptions = destroyed ? { mode: 'destroy' } : {}
  const found = await story.undone(variant, plan)
  const wanted = destroyed ? [] : objectsOf(story.size, variant)
  const there = await census(story.plane, story.generation)
  return [...found, ...strange(there, wanted), ...misrecorded(await story.state(), 2 * wanted.length)]
}

interface WantedPerson {
  readonly email: string
  readonly name: string
  readonly home: string | undefined
  readonly role: string | undefined
  readonly bucket: string
  readonly credential: { readonly key: string; readonly secret: string } | undefined
}

function objectsOf(size: number, variant: Variant): readonly WantedPerson[] {
  return [...Array(size).keys()].map((i) => {
    const name = `p${String(i).padStart(3, '0')}`
    const arn = `arn:aws:iam::123456789012:role/${name}`
    const role = i % 2 === 0 ? `${arn}-${variant}` : variant === 'b' ? arn : undefined
    return {
      email: `${name}@example.com`,
      name: `${name} ${variant}`,
      home: i % 3 === 0 ? `/home/${name}` : undefined,
      role,
      bucket: `bucket-${name}`,
      credential:
        role === undefined ? { key: `AKIA${name.toUpperCase()}`, secret: `secret-of-${name}` } : undefined,
    }
  })
}

/** How what the service has differs from what is wanted. */
function strange(there: Census, wanted: readonly WantedPerson[]): readonly string[] {
  const found: string[] = []
  for (const { id } of there.configs) {
    const owners = there.people.filter((person) => person.configId === id)
    if (owners.length === 0) found.push(`awsConfig ${id} belongs to nobody`)
    if (owners.length > 1) found.push(`awsConfig ${id} belongs to ${owners.length} people`)
  }
  for (const role of there.idleRoles) found.push(`awsRole ${role} is the active role of no awsConfig`)
  for (const one of wanted) {
    const same = there.people.filter((person) => person.email === one.email)
    const [person] = same
    if (same.length !== 1) found.push(`${one.email} is there ${same.length} times`)
    if (person === undefined) continue
    if (person.name !== one.name) found.push(`${one.email} is called ${person.name}`)
    if (one.home !== undefined && person.home !== one.home)
      found.push(`${one.email} has the home ${person.home}`)
    const config = there.configs.find(({ id }) => id === person.configId)
    if (config === undefined) {
      found.push(`${one.email} has no awsConfig`)
      continue
    }
    if (config.bucket !== one.bucket) found.push(`${one.email} has the bucket ${config.bucket}`)
    if (config.role !== one.role) found.push(`${one.email} has the role ${config.role}`)
    if (one.credential !== undefined && JSON.stringify(config.credential) !== JSON.stringify(one.credential))
      found.push(`${one.email} has another credential than the one wanted`)
  }
  for (const [what, all] of [
    ['people', there.people],
    ['awsConfigs', there.configs],
  ] as const)
    if (all.length !== wanted.length) found.push(`there are ${all.length} ${what}, not ${wanted.length}`)
  return found
}
