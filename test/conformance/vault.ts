import type { ControlPlane } from '../../src/server/control-plane.js'
import type { Service } from '../fixtures/plane-folder.js'
import { type AskVault, dataOf, vaultOf } from '../fixtures/vault-plane.js'

/** An account with the user whose key the engine works with, and one whose key it may rotate. */
export const awsFixture = `
accounts:
  "111111111111":
    users:
      engine:
        access_keys: [{ id: AKIAIOSFODNN7ENGINE0, secret: wJalrXUtnFEMI/EXAMPLE }]
        inline_policies:
          iam: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "*", Resource: "*" }] }
      backup: {}
      restore: {}
`

export const vault: Service = {
  name: 'vault',
  files: { 'aws.yaml': awsFixture },
  aws: 'aws.yaml',
  preamble: (endpoint) => `rolecall {
  aws = "sandbox:aws.yaml"
}

provider "vault" {
  endpoint = "${endpoint}"
  ${endpoint === 'embedded' ? '' : 'token    = "hvs.t0ken"'}
}
`,
  contents: async (plane) => {
    const ask = vaultOf(plane)
    const mounts = Object.entries(dataOf(await ask('GET', 'sys/mounts')))
    const engines = mounts.filter(([, mount]) => (mount as { type?: string }).type === 'aws')
    return Promise.all(engines.map(async ([path, mount]) => [path, mount, await contentsOf(ask, path)]))
  },
}

async function contentsOf(ask: AskVault, path: string): Promise<unknown> {
  const names = async (kind: string) => (await ask('LIST', `${path}${kind}`)).body?.data
  const roles = ((await names('roles')) as { keys?: string[] } | undefined)?.keys ?? []
  return Promise.all([
    ...['config/root', 'config/lease'].map(async (name) => (await ask('GET', `${path}${name}`)).body?.data),
    ...roles.map(async (name) => (await ask('GET', `${path}roles/${name}`)).body?.data),
    names('static-roles'),
  ])
}

/** Changes something behind the tool's back. */
export async function behind(
  plane: ControlPlane,
  method: string,
  path: string,
  body?: object,
): Promise<void> {
  const { status, body: answer } = await vaultOf(plane)(
    method,
    path,
    body === undefined ? undefined : JSON.stringify(body),
  )
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`)
}

/** What an engine had is gone when it is disabled; another one takes its place. */
export async function mountAnew(plane: ControlPlane): Promise<void> {
  await behind(plane, 'DELETE', 'sys/mounts/data/aws')
  await behind(plane, 'POST', 'sys/mounts/data/aws', { type: 'aws' })
}

/** The engine that the texts of its parts declare. */
export const mount = `
resource "vault_aws_mount" "aws" {
  path = "data/aws"
}
`
