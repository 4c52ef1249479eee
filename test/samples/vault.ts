import type { JsonObject } from '../../src/core/json.js'
import type { Sample, Story } from './sample.js'

type Generation = 'today' | '1.0'

const mounted: Sample = {
  name: 'the engine that the page supposes',
  method: 'POST',
  path: '/v1/sys/mounts/aws',
  body: { type: 'aws' },
  status: 204,
}
const token = { 'x-vault-token': '...' }
const compacted = ['the server takes blanks out of a document', '{"Version":"..."}'] as const

/** A request of the page. */
const sample = (name: string, method: string, path: string, more: Partial<Sample>): Sample => ({
  name,
  method,
  path: `/v1/aws/${path}`,
  headers: token,
  ...(method === 'GET' || method === 'LIST'
    ? { status: 200, within: 'data' }
    : { status: 204, printed: null }),
  ...more,
})

/** Reads a role; what is printed is what release 1.0 has. */
function role(
  name: string,
  generation: Generation,
  printed: JsonObject,
  corrected: Sample['corrected'] = {},
): Sample {
  const old = 'no server of the last years names it like this'
  const since = 'it came later'
  const unset = 'a list that is not set is null'
  const today: Sample['corrected'] = {
    'data.credential_types': [old],
    'data.credential_type': [old, 'assumed_role'],
    'data.policy_arns': [unset, null],
    ...(Array.isArray(printed.role_arns) && printed.role_arns.length > 0
      ? {}
      : { 'data.role_arns': [unset, null] }),
    'data.iam_groups': [since, null],
    'data.iam_tags': [since, null],
    'data.session_tags': [since, null],
    'data.external_id': [since, ''],
    'data.default_sts_ttl': [since, 0],
    'data.max_sts_ttl': [since, 0],
    'data.user_path': [since, ''],
    'data.permissions_boundary_arn': [since, ''],
    'data.mfa_serial_number': [since, ''],
  }
  return sample(name, 'GET', 'roles/example-role', {
    printed: { data: printed },
    corrected: { ...corrected, ...(generation === 'today' && today) },
  })
}

const inline = { credential_type: 'federation_token', policy_document: '{"Version": "..."}' }

/** The page of the AWS engine's API. */
const enginePage = (generation: Generation): Story => ({
  name: `the page of the AWS engine, server of ${generation}`,
  plane: { vaultGeneration: generation },
  aws: { as: 'plane' },
  samples: [
    mounted,
    sample('configure the root', 'POST', 'config/root', {
      body: { access_key: 'AKIA...', secret_key: '2J+...', region: 'us-east-1' },
    }),
    sample('configure the lease', 'POST', 'config/lease', { body: { lease: '30m', lease_max: '12h' } }),
    sample('read the lease', 'GET', 'config/lease', {
      printed: { data: { lease: '30m0s', lease_max: '12h0m0s' } },
    }),
    sample('create a role with a policy', 'POST', 'roles/example-role', { body: inline }),
    // What is printed for it is of a role of another type.
    sample('create a role as it is printed', 'POST', 'roles/example-role', {
      body: { ...inline, credential_type: 'assumed_role' },
    }),
    role(
      'read the role with a policy',
      generation,
      {
        policy_document: '{"Version": "..."}',
        policy_arns: [],
        credential_types: ['assumed_role'],
        role_arns: [],
      },
      { 'data.policy_document': compacted },
    ),
    sample('list the roles', 'LIST', 'roles', { printed: { data: { keys: ['example-role'] } } }),
    sample('delete the role', 'DELETE', 'roles/example-role', {}),
    sample('read a role that is not there', 'GET', 'roles/example-role', { status: 404 }),
    // The page says 404; no server does.
    sample('delete a role that is not there', 'DELETE', 'roles/example-role', {}),
    sample('create a role with an ARN', 'POST', 'roles/example-role', {
      body: { credential_type: 'assumed_role', role_arns: 'arn:aws:iam::123456789012:role/DeveloperRole' },
    }),
    sample('create the role that is printed', 'POST', 'roles/example-role', {
      body: { credential_type: 'assumed_role', role_arns: 'arn:aws:iam::123456789012:role/example-role' },
    }),
    role('read the role with an ARN', generation, {
      policy_document: '',
      policy_arns: [],
      credential_types: ['assumed_role'],
      role_arns: ['arn:aws:iam::123456789012:role/example-role'],
    }),
  ],
})

/** Credentials, for which the root's keys must be true. */
const credentialsPage = (generation: Generation): Story => ({
  name: `credentials of the AWS engine, server of ${generation}`,
  plane: { vaultGeneration: generation },
  aws: { as: 'plane' },
  samples: [
    mounted,
    sample('a role of the type that is printed', 'POST', 'roles/example-role', {
      body: { credential_type: 'iam_user', policy_arns: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    }),
    sample('generate credentials', 'GET', 'creds/example-role', {
      printed: { data: { access_key: 'AKIA...', secret_key: 'xlCs...', security_token: null } },
      generated: { 'data.access_key': /^AKIA[A-Z0-9]{16}$/, 'data.secret_key': /^.{40}$/ },
    }),
  ],
})

export const vaultStories = (['1.0', 'today'] as const).flatMap((generation) => [
  enginePage(generation),
  credentialsPage(generation),
])
