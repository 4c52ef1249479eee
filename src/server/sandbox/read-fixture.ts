import type { Objection } from '../../core/aws.js'
import { failOnErrors } from '../../core/diagnostic.js'
import type { Fixture, FixtureDraft, UserDeclaration } from './fixture.js'
import { readBucket } from './fixture-buckets.js'
import { placed, policyFields, readRole, readUser } from './fixture-identities.js'
import { fieldsOf, readDocument, readDocuments, readPolicySet } from './fixture-policies.js'
import { type FixtureEntry, type FixtureText, readFixtureText } from './fixture-text.js'
import { awsPolicies } from './managed-policies.js'

/** Reads a fixture (YAML or JSON). Throws a `Failure` with everything that is wrong with it, each with its place. */
export function readFixture(text: string, file: string): Fixture {
  const reader = readFixtureText(text, file)
  const draft: FixtureDraft = {
    accounts: new Map(),
    users: new Map(),
    groups: new Map(),
    roles: new Map(),
    policies: new Map(),
    buckets: new Map(),
  }
  const root = fieldsOf(reader, reader.root, 'The fixture', [
    'accounts',
    'control_plane',
    'external_id',
    'new_keys_after',
    'requests_per_second',
  ])
  if (root.accounts === undefined && reader.diagnostics.length === 0)
    reader.wrong(reader.root, 'It declares no accounts.', 'Begin with "accounts:" and an account id.')
  for (const entry of reader.entries(root.accounts, '"accounts"')) readAccount(reader, entry, draft)
  const controlPlane = reader.text(root.control_plane, '"control_plane"')
  if (controlPlane !== undefined)
    reader.later(root.control_plane, ({ users }) =>
      controlPlaneProblem(controlPlane, users.get(controlPlane)),
    )
  const externalId = reader.text(root.external_id, '"external_id"')
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId))
    reader.wrong(
      root.external_id,
      `${JSON.stringify(externalId)} is not an external id.`,
      'It has 2 to 1,224 letters, digits and +=,.@:/_-.',
    )
  const delay = reader.text(root.new_keys_after, '"new_keys_after"') ?? '0'
  if (!/^\d{1,3}$/.test(delay))
    reader.wrong(root.new_keys_after, `${JSON.stringify(delay)} is not a time.`, 'It is 0 to 999 seconds.')
  const limit = reader.text(root.requests_per_second, '"requests_per_second"')
  if (limit !== undefined && !/^[1-9]\d{0,5}$/.test(limit))
    reader.wrong(root.requests_per_second, `${JSON.stringify(limit)} is not a number of requests, from 1.`)
  const fixture: Fixture = {
    ...draft,
    controlPlane,
    externalId,
    newKeysAfter: Number(delay),
    requestsPerSecond: limit === undefined ? undefined : Number(limit),
  }
  reader.lookUp(fixture)
  failOnErrors(
    [...reader.diagnostics].sort((a, b) => (a.span?.start.offset ?? 0) - (b.span?.start.offset ?? 0)),
  )
  return fixture
}

function controlPlaneProblem(arn: string, user: UserDeclaration | undefined): Objection | undefined {
  if (user === undefined)
    return {
      problem: `No user ${JSON.stringify(arn)} is declared.`,
      help: 'control_plane is the ARN of a user in this file.',
    }
  if (user.keys.some(({ status }) => status === 'Active')) return undefined
  return { problem: `The user ${arn} has no active access key.`, help: 'Give it one under "access_keys".' }
}

function readAccount(reader: FixtureText, { name: id, key, value }: FixtureEntry, draft: FixtureDraft): void {
  if (!/^\d{12}$/.test(id)) {
    reader.wrong(key, `${JSON.stringify(id)} is not an account id.`, 'An AWS account id has 12 digits.')
    return
  }
  const fields = fieldsOf(reader, value, `Account ${id}`, [
    'partition',
    'service_control_policies',
    'users',
    'groups',
    'roles',
    'policies',
    'buckets',
  ])
  const partition = reader.text(fields.partition, '"partition"') ?? 'aws'
  if (!/^aws(?:-[a-z]+)*$/.test(partition))
    reader.wrong(
      fields.partition,
      `${JSON.stringify(partition)} is not a partition.`,
      'For example aws or aws-cn.',
    )
  const limits = fields.service_control_policies
  const organisation = readDocuments(reader, limits, '"service_control_policies"')
  const account = { id, partition, organisation: limits === undefined ? undefined : organisation }
  draft.accounts.set(id, account)
  for (const [arn, policy] of awsPolicies(partition)) draft.policies.set(arn, policy)
  for (const entry of reader.entries(fields.policies, '"policies"')) {
    const named = placed(reader, account, entry, 'policy', ['document'])
    const document = readDocument(reader, named.fields.document, 'identity', entry.key)
    if (document !== undefined) draft.policies.set(named.arn, document)
  }
  for (const entry of reader.entries(fields.groups, '"groups"')) {
    const { fields: own, ...named } = placed(reader, account, entry, 'group', policyFields)
    draft.groups.set(named.arn, { ...named, policies: readPolicySet(reader, own) })
  }
  for (const entry of reader.entries(fields.users, '"users"')) readUser(reader, account, entry, draft)
  for (const entry of reader.entries(fields.roles, '"roles"')) readRole(reader, account, entry, draft)
  for (const entry of reader.entries(fields.buckets, '"buckets"')) readBucket(reader, account, entry, draft)
}
