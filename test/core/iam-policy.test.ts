import fc from 'fast-check'
import t from 'tap'
import { inWordsOf, samePolicy } from '../../src/core/iam-policy.js'
import type { Json, JsonObject } from '../../src/core/json.js'

const allow = { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::acme' }

function policy(...Statement: readonly JsonObject[]): JsonObject {
  return { Version: '2012-10-17', Statement }
}

function trust(Principal: Json, more: JsonObject = {}): JsonObject {
  return policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...more })
}

const root = 'arn:aws:iam::111122223333:root'

const same: readonly (readonly [string, Json, Json])[] = [
  ['white space', '{"Version":"2012-10-17"}', '{\n  "Version": "2012-10-17"\n}'],
  ['a text and its document', JSON.stringify(policy(allow)), policy(allow)],
  ['one statement and a list of it', { Version: '2012-10-17', Statement: allow }, policy(allow)],
  [
    'one item and a list of it',
    policy(allow),
    policy({ ...allow, Action: ['s3:ListBucket'], Resource: ['arn:aws:s3:::acme'] }),
  ],
  [
    'the order of actions',
    policy({ ...allow, Action: ['a:b', 'c:d'] }),
    policy({ ...allow, Action: ['c:d', 'a:b'] }),
  ],
  ['an action twice', policy({ ...allow, Action: ['a:b', 'a:b'] }), policy({ ...allow, Action: 'a:b' })],
  ['the case of actions', policy(allow), policy({ ...allow, Action: 'S3:listbucket' })],
  [
    'the order of statements',
    policy(allow, { ...allow, Effect: 'Deny' }),
    policy({ ...allow, Effect: 'Deny' }, allow),
  ],
  ['an account and its root', trust({ AWS: '111122223333' }), trust({ AWS: [root] })],
  ['everybody in either form', trust('*'), trust({ AWS: '*' })],
  ['an empty name', policy({ ...allow, Sid: '' }), policy(allow)],
  ['no condition', trust('*', { Condition: {} }), trust('*')],
  [
    'the case of condition keys',
    trust('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }),
    trust('*', { Condition: { StringEquals: { 'sts:externalid': ['x'] } } }),
  ],
  [
    'a condition as text',
    trust('*', { Condition: { Bool: { 'aws:SecureTransport': true } } }),
    trust('*', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
  ],
  ['an old version left out', { Statement: allow }, { Version: '2008-10-17', Statement: [allow] }],
]

for (const [what, a, b] of same)
  t.test(`${what} makes no difference`, async (t) => {
    t.ok(samePolicy(a, b))
    t.ok(samePolicy(b, a))
  })

const different: readonly (readonly [string, Json, Json])[] = [
  ['the effect', policy(allow), policy({ ...allow, Effect: 'Deny' })],
  ['the case of a resource', policy(allow), policy({ ...allow, Resource: 'arn:aws:s3:::ACME' })],
  ['a name', policy(allow), policy({ ...allow, Sid: 'List' })],
  ['the version', { Statement: allow }, policy(allow)],
  [
    'what is excepted',
    policy(allow),
    policy({ Effect: 'Allow', NotAction: 's3:ListBucket', Resource: allow.Resource }),
  ],
  ['the account', trust({ AWS: root }), trust({ AWS: '999988887777' })],
  ['one of its roles', trust({ AWS: root }), trust({ AWS: 'arn:aws:iam::111122223333:role/root' })],
  ['a service of the same name', trust({ AWS: '111122223333' }), trust({ Service: '111122223333' })],
  [
    'the external id',
    trust('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }),
    trust('*', { Condition: { StringEquals: { 'sts:ExternalId': 'X' } } }),
  ],
  [
    'the operator',
    trust('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }),
    trust('*', { Condition: { StringLike: { 'sts:ExternalId': 'x' } } }),
  ],
  ['what is no policy', '{"a":', '{"a": '],
  ['a key of a prototype', '{"__proto__":{"Version":"2012-10-17"}}', '{}'],
]

for (const [what, a, b] of different)
  t.test(`${what} makes a difference`, async (t) => {
    t.notOk(samePolicy(a, b))
    t.notOk(samePolicy(b, a))
  })

t.test('a document nested beyond measure is compared as text', async (t) => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  t.ok(samePolicy(deep, deep))
  t.notOk(samePolicy(deep, `${deep} `))
})

const action = fc.constantFrom('s3:ListBucket', 's3:GetObject', 'iam:*', 'sts:AssumeRole')
const resource = fc.constantFrom('*', 'arn:aws:s3:::acme', 'arn:aws:s3:::acme/*')
const principal = fc.constantFrom('*', '111122223333', '999988887777', 'arn:aws:iam::111122223333:role/a')
const anyStatement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.uniqueArray(action, { minLength: 1 }),
  Resource: fc.uniqueArray(resource, { minLength: 1 }),
  Principal: fc.record({ AWS: fc.uniqueArray(principal, { minLength: 1 }) }),
  Condition: fc.dictionary(
    fc.constantFrom('StringEquals', 'StringLike'),
    fc.record({ 'sts:ExternalId': fc.uniqueArray(fc.constantFrom('a', 'b', 'true')) }),
  ),
})
type Written = typeof anyStatement extends fc.Arbitrary<infer T> ? T : never

/** The same statement in other words, chosen by `turn`. */
function reworded({ Action, Resource, Principal, Condition, Effect }: Written, turn: number): JsonObject {
  const list = (items: readonly string[], bit: number): Json =>
    (turn >> bit) & 1
      ? items.length === 1
        ? (items[0] as string)
        : items.toReversed()
      : [...items, items[0] as string]
  const longer = Principal.AWS.map((one) =>
    /^\d+$/.test(one) && turn & 1 ? `arn:aws:iam::${one}:root` : one,
  )
  return {
    ...(Object.keys(Condition).length === 0 && turn & 2 ? {} : { Condition }),
    Resource: list(Resource, 0),
    Principal: longer.length === 1 && longer[0] === '*' && turn & 4 ? '*' : { AWS: list(longer, 1) },
    Action: list(turn & 8 ? Action.map((one) => one.toUpperCase()) : Action, 2),
    Effect,
  }
}

t.test('other words for the same statements mean the same, and another effect does not', async (t) => {
  const holds = fc.check(
    fc.property(fc.array(anyStatement, { minLength: 1, maxLength: 4 }), fc.nat(15), (statements, turn) => {
      const other = statements.map((statement) => reworded(statement, turn)).toReversed()
      const written = { Version: '2012-10-17', Statement: statements as unknown as Json }
      const [first, ...rest] = other as [JsonObject, ...JsonObject[]]
      const turned = { ...first, Effect: first.Effect === 'Allow' ? 'Deny' : 'Allow' }
      const grown = { ...first, Resource: 'arn:aws:s3:::other' }
      return (
        samePolicy(written, JSON.stringify({ Statement: other, Version: '2012-10-17' }, null, 2)) &&
        !samePolicy(written, { Version: '2012-10-17', Statement: [grown, ...other] }) &&
        (rest.length > 0 || !samePolicy(written, { Version: '2012-10-17', Statement: turned }))
      )
    }),
    { numRuns: 100 },
  )
  t.notOk(holds.failed, fc.defaultReportMessage(holds) ?? '')
})

t.test('a policy in the words of another differs from it only in what it says', async (t) => {
  const kept = { Sid: 'Keep', Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: ['*'] }
  const before = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Deny', Action: 'iam:*', Resource: '*' },
      { Sid: 'List', Effect: 'Allow', Action: ['s3:put', 's3:b', 's3:a'], Resource: '*' },
      { ...kept, Action: ['s3:ListBucket', 's3:getobject'], Resource: '*' },
    ],
  }
  const after = {
    Version: '2012-10-17',
    Statement: [kept, { Sid: 'List', Effect: 'Allow', Action: ['s3:a', 's3:b', 's3:c'], Resource: ['*'] }],
  }
  const words = (a: Json, b: Json): Json =>
    JSON.parse(inWordsOf(JSON.stringify(a), JSON.stringify(b))) as Json
  t.strictSame(words(before, after), {
    Version: '2012-10-17',
    Statement: [
      kept,
      { Sid: 'List', Effect: 'Allow', Action: ['s3:a', 's3:b', 's3:put'], Resource: ['*'] },
      { Effect: 'Deny', Action: 'iam:*', Resource: '*' },
    ],
  })
  t.strictSame(words({ Statement: [allow] }, { Statement: { ...allow, Effect: 'Deny' } }), {
    Statement: allow,
  })
  t.equal(inWordsOf('{"a": 1}', '{"a":2}'), '{"a": 1}')
  t.equal(inWordsOf('text', '{"Statement":[]}'), 'text')
})

t.test('other words never change what a policy says', async (t) => {
  const statements = fc.array(anyStatement, { maxLength: 4 })
  const holds = fc.check(
    fc.property(statements, statements, (from, to) => {
      const [a, b] = [from, to].map((Statement) => JSON.stringify({ Version: '2012-10-17', Statement }))
      return samePolicy(inWordsOf(a as string, b as string), a as string)
    }),
    { numRuns: 200 },
  )
  t.notOk(holds.failed, fc.defaultReportMessage(holds) ?? '')
})
