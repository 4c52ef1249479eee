import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../src/core/json.js'
import type { FarmPlane, PlaneFarm } from '../fixtures/plane-farm.js'
import { census } from './census.js'
import { misrecorded, type Runs, runsIn, undone } from './runs.js'

/** `examples/company` over a plane in another process. */
export interface Company extends Runs {
  readonly plane: FarmPlane
}

const example = join(process.cwd(), 'examples', 'company')

/** Where each system is, and how one signs in where nobody is asked. */
const addresses = { trifacta: '', vault: '', tines: '/tines', outerproduct: '/outerproduct' } as const

export interface CompanyOptions {
  /** Becomes the copy of the example. */
  readonly folder: string
  readonly latency: number
  readonly settle: number
}

export async function openCompany(
  farm: PlaneFarm,
  { folder, latency, settle }: CompanyOptions,
): Promise<Company> {
  // The AWS is behind the plane, and not in the folder.
  const filter = (path: string) => path === example || path.endsWith('.hcl')
  cpSync(example, folder, { recursive: true, filter })
  const plane = await farm.open({ latency, aws: readFileSync(join(example, 'aws.yaml'), 'utf8') })
  const main = join(folder, 'main.hcl')
  let text = readFileSync(main, 'utf8')
  for (const [system, path] of Object.entries(addresses)) {
    const embedded = `provider "${system}" {\n  endpoint = "embedded"\n`
    if (!text.includes(embedded)) throw new Error(`${main} has no provider ${system} that is embedded`)
    text = text.replace(
      embedded,
      `provider "${system}" {\n  endpoint = "${plane.url}${path}"\n  token = "t0ken"\n`,
    )
  }
  writeFileSync(main, text)
  return { ...runsIn({ folder, env: {}, settle }), plane }
}

/** How many objects the example declares. */
const size = 28

/** All that the systems must hold of it, each line once. */
const wanted: readonly string[] = [
  ...[
    ['ada', 'Ada', 'acme-finance'],
    ['dorothy', 'Dorothy', 'acme-marketing'],
    ['grace', 'Grace', 'acme-marketing'],
    ['katherine', 'Katherine', 'acme-marketing'],
    ['mary', 'Mary', 'acme-finance'],
  ].map(
    ([key, name, bucket]) =>
      `trifacta: ${key}@example.com, ${name}: ${bucket} as arn:aws:iam::123456789012:role/wrangle-${key}`,
  ),
  'trifacta: loader@example.com, Nightly loader: acme-landing by AKIALOADER0000000001',
  'vault: aws/, Credentials for the data account',
  'vault: root AKIAVAULTROOT0000001 in eu-west-1',
  'vault: lease 30m0s to 12h0m0s',
  'vault: role ci-deploy, assumed_role, arn:aws:iam::123456789012:role/ci-deploy',
  'vault: role ci-report, assumed_role, arn:aws:iam::123456789012:role/ci-report',
  'vault: role on-call, iam_user, ',
  'vault: static role loader, static-loader',
  'aws: a key of static-loader, which Vault gives',
  'tines: AWS alerts, AWS',
  'tines: AWS audit, AWS',
  'tines: AWS loader, AWS',
  'tines: Mail API, OAUTH',
  'tines: Pager, TEXT',
  'outerproduct: acme-finance, s3://acme-finance',
  'outerproduct: acme-landing, s3://acme-landing',
  'outerproduct: acme-marketing, s3://acme-marketing',
  'outerproduct: acme-shared, s3://acme-shared',
]

/**
 * Applies once, and compares what is there with what must be: every object once, none without an owner, nothing left to do.
 * Returns a line for each difference.
 */
export async function companyViolations(company: Company): Promise<readonly string[]> {
  const left = await undone(company)
  const there = await holdings(company.plane)
  const count = (lines: readonly string[], line: string) => lines.filter((one) => one === line).length
  const strange = [...new Set([...wanted, ...there])]
    .filter((line) => count(there, line) !== count(wanted, line))
    .map((line) => `${count(there, line)} times, not ${count(wanted, line)}: ${line}`)
  return [...left, ...strange, ...misrecorded(await company.state(), size)]
}

/** A line for each object of each system, by its API. */
async function holdings(farmPlane: FarmPlane): Promise<readonly string[]> {
  const lists = await Promise.all([
    trifacta(farmPlane),
    vault(farmPlane),
    tines(farmPlane),
    outerproduct(farmPlane),
  ])
  return lists.flat()
}

async function trifacta(farmPlane: FarmPlane): Promise<readonly string[]> {
  const { people, configs, idleRoles } = await census(farmPlane, 'C')
  const orphans = configs.filter(({ id }) => !people.some(({ configId }) => configId === id))
  return [
    ...people.map(({ email, name, configId }) => {
      const config = configs.find(({ id }) => id === configId)
      const access = config?.role === undefined ? `by ${config?.credential?.key}` : `as ${config.role}`
      return `trifacta: ${email}, ${name}: ${config?.bucket} ${access}`
    }),
    ...orphans.map(({ id }) => `trifacta: the awsConfig ${id}, which belongs to nobody`),
    ...idleRoles.map((role) => `trifacta: the awsRole ${role}, which is no awsConfig's active one`),
  ]
}

/** Whoever keeps the keys of `static-loader` in AWS. */
const keeper = { accessKeyId: 'AKIAVAULTROOT0000001', secretAccessKey: 'vault-root-secret-of-the-sandbox' }

async function vault({ url, keysOf }: FarmPlane): Promise<readonly string[]> {
  const read = async (path: string, method = 'GET'): Promise<JsonObject> =>
    ((await ask(`${url}/v1/${path}`, method)).data ?? {}) as JsonObject
  const names = async (path: string) => ((await read(path, 'LIST')).keys ?? []) as readonly string[]
  const mounts = Object.entries(await read('sys/mounts')).filter(([, mount]) => isAws(mount))
  const [root, lease, roles, statics, kept, keys] = await Promise.all([
    read('aws/config/root'),
    read('aws/config/lease'),
    names('aws/roles'),
    names('aws/static-roles'),
    read('aws/static-creds/loader'),
    keysOf('static-loader', keeper),
  ])
  const role = async (name: string) => {
    const { credential_type, role_arns } = await read(`aws/roles/${name}`)
    return `vault: role ${name}, ${credential_type}, ${role_arns ?? ''}`
  }
  const staticRole = async (name: string) =>
    `vault: static role ${name}, ${(await read(`aws/static-roles/${name}`)).username}`
  return [
    ...mounts.map(([path, mount]) => `vault: ${path}, ${(mount as JsonObject).description}`),
    `vault: root ${root.access_key} in ${root.region}`,
    `vault: lease ${lease.lease} to ${lease.lease_max}`,
    ...(await Promise.all(roles.map(role))),
    ...(await Promise.all(statics.map(staticRole))),
    ...keys.map(
      (key) => `aws: a key of static-loader, ${key === kept.access_key ? 'which Vault gives' : 'lost'}`,
    ),
  ]
}

const isAws = (mount: unknown) =>
  typeof mount === 'object' && mount !== null && 'type' in mount && mount.type === 'aws'

async function tines({ url }: FarmPlane): Promise<readonly string[]> {
  const { user_credentials } = await ask(`${url}/tines/api/v1/user_credentials?per_page=500`)
  return (user_credentials as readonly JsonObject[]).map(({ name, mode }) => `tines: ${name}, ${mode}`)
}

async function outerproduct({ url }: FarmPlane): Promise<readonly string[]> {
  const connectors = await ask(`${url}/outerproduct/v1/connectors`)
  return (connectors as unknown as readonly JsonObject[]).map(
    ({ credential_name, verified_bucket_uri }) => `outerproduct: ${credential_name}, ${verified_bucket_uri}`,
  )
}

/** What is not there is answered with nothing. */
async function ask(url: string, method = 'GET'): Promise<JsonObject> {
  const response = await fetch(url, { method, headers: { accept: 'application/json' } })
  const text = await response.text()
  if (response.status === 404) return {}
  if (response.status !== 200) throw new Error(`${method} ${url}: ${response.status} ${text}`)
  return JSON.parse(text) as JsonObject
}
