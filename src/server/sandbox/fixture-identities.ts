import type { Node } from 'yaml'
import type { Account, FixtureDraft } from './fixture.js'
import { type Fields, fieldsOf, readDocument, readPolicySet, readTags } from './fixture-policies.js'
import type { FixtureEntry, FixtureText } from './fixture-text.js'

/** The fields that say which policies an identity has. */
export const policyFields = ['policies', 'inline_policies']

/** What users, groups, roles and policies have in common: a name and a path, which make their ARN. */
export function placed(
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

export function readUser(
  reader: FixtureText,
  account: Account,
  entry: FixtureEntry,
  draft: FixtureDraft,
): void {
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

export function readRole(
  reader: FixtureText,
  account: Account,
  entry: FixtureEntry,
  draft: FixtureDraft,
): void {
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
