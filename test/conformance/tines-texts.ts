import type { ControlPlane } from '../../src/server/control-plane.js'
import type { Service } from '../fixtures/plane-folder.js'
import { addTeam, callTines } from '../fixtures/tines-calls.js'

/** Tines, as a folder uses it. */
export const tinesService: Service = {
  name: 'tines',
  preamble: (endpoint) => `provider "tines" {
  endpoint = "${endpoint}"
  ${endpoint === 'embedded' ? '' : 'token = "t0ken"'}
}
`,
  contents: async (plane) => (await callTines(plane, 'GET', '/user_credentials?per_page=500')).body,
}

/** Two teams besides the personal one: 2, Security, and 3, Network. */
export async function addTeams(plane: ControlPlane): Promise<void> {
  await addTeam(plane, 'Security')
  await addTeam(plane, 'Network')
}

export const credential = (name: string, content: string, team = 2) => `
resource "tines_credential" "c" {
  name    = "${name}"
  team_id = "${team}"
  ${content}
}
`

const role = 'arn:aws:iam::123456789012:role'

export const withKey = (more = '', name = 'AWS prod', team = 2) =>
  credential(
    name,
    `mode                    = "AWS"
  aws_authentication_type = "KEY"
  aws_access_key          = "AKIAEXAMPLE"
  aws_secret_key          = env("AWS_SECRET")
  ${more}`,
    team,
  )

export const withRole = (roleName: string, more = '', team = 2) =>
  credential(
    'AWS role',
    `mode                    = "AWS"
  aws_authentication_type = "ROLE"
  aws_assumed_role_arn    = "${role}/${roleName}"
  ${more}`,
    team,
  )

export const text = (more = '', team = 2) =>
  credential('Token', `mode  = "TEXT"\n  value = env("AWS_SECRET")\n  ${more}`, team)
