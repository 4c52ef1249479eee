import type { Node } from 'yaml'
import { checkBucketName } from '../../core/aws.js'
import type { Account, FixtureDraft } from './fixture.js'
import { fieldsOf, readDocument } from './fixture-policies.js'
import type { FixtureEntry, FixtureText } from './fixture-text.js'

export function readBucket(
  reader: FixtureText,
  account: Account,
  entry: FixtureEntry,
  draft: FixtureDraft,
): void {
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
