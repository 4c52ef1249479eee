import type { Node } from 'yaml'
import { checkBucketName, type Objection } from '../../core/aws.js'
import { failOnErrors } from '../../core/diagnostic.js'
import type { Account, Bucket, Fixture, Group, PolicyText, Role, UserDeclaration } from './fixture.js'
import { type Fields, fieldsOf, readDocument, readPolicySet, readTags } from './fixture-policies.js'
import { type FixtureEntry, type FixtureText, readFixtureText } from './fixture-text.js'
import { awsPolicies } from './managed-policies.js'

/** What is made while a file is read. */
interface Draft {
  readonly accounts: Map<string, Account>
  readonly users: Map<string, UserDeclaration>
  readonly groups: Map<string, Group>
  readonly roles: Map<string, Role>
  readonly policies: Map<string, PolicyText>
  readonly buckets: Map<string, Bucket>
}

/** Reads a fixture (YAML or JSON). Throws a `Failure` with everything that is wrong with it, each with its place. */
export function readFixture(text: string, file: string): Fixture {
  const reader = readFixtureText(text, file)
  const draft: Draft = {
    accounts: new Map(),
    users: new Map(),
    groups: new Map(),
    roles: new Map(),
    policies: new Map(),
    buckets: new Map(),
  }
  const root = fieldsOf(reader, reader.root, 'The fixture', ['accounts', 'control_plane', 'external_id'])
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
  const fixture: Fixture = { ...draft, controlPlane, externalId }
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

function readAccount(reader: FixtureText, { name: id, key, value }: FixtureEntry, draft: Draft): void {
  if (!/^\d{12}$/.test(id)) {
    reader.wrong(key, `${JSON.stringify(id)} is not an account id.`, 'An AWS account id has 12 digits.')
    return
  }
  const fields = fieldsOf(reader, value, `Account ${id}`, [
    'partition',
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
  const account = { id, partition }
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

const policyFields = ['policies', 'inline_policies']

/** What users, groups, roles and policies have in common: a name and a path, which make their ARN. */
function placed(
  reader: FixtureText,
  account: Account,
  { name, key, value }: FixtureEntry,
  noun: string,
  known: readonly string[],
): {
  readonly arn: string
  readonly account: string
  readonly name: string
  readonly path: string
  readonly fields: Fields
} {
  const fields = fieldsOf(reader, value, `The ${noun} ${JSON.stringify(name)}`, ['path', ...known])
  if (!/^[\w+=,.@-]{1,128}$/.test(name))
    reader.wrong(
      key,
      `${JSON.stringify(name)} is not the name of a ${noun}.`,
      'Names have letters, digits and _+=,.@-.',
    )
  const path = reader.text(fields.path, '"path"') ?? '/'
  if (!/^\/(?:[!-.0-~]+\/)*$/.test(path))
    reader.wrong(
      fields.path,
      `${JSON.stringify(path)} is not a path.`,
      'It begins and ends with a slash: /team/.',
    )
  const arn = `arn:${account.partition}:iam::${account.id}:${noun}${path}${name}`
  return { arn, account: account.id, name, path, fields }
}

function readUser(reader: FixtureText, account: Account, entry: FixtureEntry, draft: Draft): void {
  const known = [...policyFields, 'permissions_boundary', 'groups', 'tags', 'access_keys']
  const { fields, ...named } = placed(reader, account, entry, 'user', known)
  const keys = reader.items(fields.access_keys).flatMap((node) => {
    const own = fieldsOf(reader, node, 'An access key', ['id', 'secret', 'status'])
    const id = reader.text(own.id, '"id"')
    const secret = reader.text(own.secret, '"secret"')
    const status = reader.text(own.status, '"status"') ?? 'Active'
    if (id === undefined || secret === undefined) reader.wrong(node, 'An access key has an id and a secret.')
    else if (!/^AKIA\w{12,124}$/.test(id))
      reader.wrong(
        own.id,
        `${JSON.stringify(id)} is not the id of an access key.`,
        'For example AKIAIOSFODNN7EXAMPLE.',
      )
    else if (status === 'Active' || status === 'Inactive') {
      reader.later(own.id, ({ users }) =>
        [...users.values()].filter((user) => user.keys.some((key) => key.id === id)).length < 2
          ? undefined
          : {
              problem: `The access key ${id} belongs to two users.`,
              help: 'Give each user a key of their own.',
            },
      )
      return [{ id, secret, status } as const]
    } else reader.wrong(own.status, 'The status of an access key is Active or Inactive.')
    return []
  })
  if (keys.length > 2) reader.wrong(fields.access_keys, 'A user has at most two access keys.')
  draft.users.set(named.arn, {
    ...named,
    policies: readPolicySet(reader, fields),
    groups: reader.items(fields.groups).flatMap((node) => readGroup(reader, account, node) ?? []),
    tags: readTags(reader, fields.tags),
    keys,
  })
}

function readGroup(reader: FixtureText, account: Account, node: Node): string | undefined {
  const name = reader.text(node, 'A group')
  reader.later(node, ({ groups }) =>
    name === undefined ||
    [...groups.values()].some((group) => group.account === account.id && group.name === name)
      ? undefined
      : {
          problem: `The group ${JSON.stringify(name)} is not declared.`,
          help: 'Declare it under "groups" of the account.',
        },
  )
  return name
}

function readRole(reader: FixtureText, account: Account, entry: FixtureEntry, draft: Draft): void {
  const known = [...policyFields, 'permissions_boundary', 'trust', 'max_session_duration', 'tags']
  const { fields, ...named } = placed(reader, account, entry, 'role', known)
  const trust = readDocument(reader, fields.trust, 'trust', entry.key)
  const written = reader.text(fields.max_session_duration, '"max_session_duration"') ?? '3600'
  const maxSession = Number(written)
  if (!/^\d+$/.test(written) || maxSession < 3600 || maxSession > 43_200)
    reader.wrong(fields.max_session_duration, 'A maximum session duration is 3600 to 43200 seconds.')
  if (trust === undefined) return
  draft.roles.set(named.arn, {
    ...named,
    trust,
    maxSession,
    policies: readPolicySet(reader, fields),
    tags: readTags(reader, fields.tags),
  })
}

function readBucket(reader: FixtureText, account: Account, entry: FixtureEntry, draft: Draft): void {
  const { name, key, value } = entry
  const fields = fieldsOf(reader, value, `The bucket ${JSON.stringify(name)}`, [
    'region',
    'policy',
    'objects',
  ])
  const objection = checkBucketName(name)
  if (objection !== undefined)
    reader.wrong(key, `${JSON.stringify(name)} ${objection.problem}.`, objection.help)
  if (draft.buckets.has(name))
    reader.wrong(
      key,
      `The bucket ${JSON.stringify(name)} is declared twice.`,
      'Bucket names are unique in all of AWS.',
    )
  const region = reader.text(fields.region, '"region"')
  if (region === undefined || !/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region))
    reader.wrong(
      fields.region ?? key,
      `The bucket ${JSON.stringify(name)} has no region.`,
      'For example eu-west-1.',
    )
  const policy =
    fields.policy === undefined ? undefined : readDocument(reader, fields.policy, 'resource', fields.policy)
  draft.buckets.set(name, {
    name,
    account: account.id,
    partition: account.partition,
    region: region ?? '',
    policy,
    objects: readObjects(reader, fields.objects),
  })
}

/** Keys with what they hold, or keys alone. */
function readObjects(reader: FixtureText, node: Node | undefined): ReadonlyMap<string, string> {
  if (node === undefined) return new Map()
  const plain = reader.plain(node)
  if (Array.isArray(plain) || typeof plain === 'string')
    return new Map(reader.items(node).map((item) => [reader.text(item, 'The key of an object') ?? '', '']))
  return new Map(
    reader.entries(node, '"objects"').map(({ name, value }) => [name, reader.text(value, 'An object') ?? '']),
  )
}
