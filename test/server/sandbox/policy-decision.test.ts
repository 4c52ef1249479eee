import t from 'tap'
import { type Access, isAllowed, type Permissions } from '../../../src/server/sandbox/policy-decision.js'
import { type Policy, parsePolicy } from '../../../src/server/sandbox/policy-document.js'

type Document = Readonly<Record<string, unknown>>

const user = { account: '111122223333', arn: 'arn:aws:iam::111122223333:user/jane' }
const session = {
  account: '111122223333',
  arn: 'arn:aws:sts::111122223333:assumed-role/analytics/s1',
  behind: 'arn:aws:iam::111122223333:role/data/analytics',
}
const bucket = 'arn:aws:s3:::acme'

function allow(more: Document = {}): Document {
  return { Effect: 'Allow', Action: 's3:ListBucket', Resource: bucket, ...more }
}

function deny(more: Document = {}): Document {
  return allow({ Effect: 'Deny', ...more })
}

function identityPolicy(...Statement: readonly Document[]): Policy {
  return parsePolicy({ Version: '2012-10-17', Statement }, 'identity')
}

function bucketPolicy(Principal: unknown, ...statements: readonly Document[]): Policy {
  const Statement = statements.map((statement) => ({ Principal, ...statement }))
  return parsePolicy({ Version: '2012-10-17', Statement }, 'resource')
}

function access(more: Partial<Access> = {}): Access {
  return { action: 's3:ListBucket', resource: bucket, keys: new Map(), ...more }
}

interface Case {
  readonly what: string
  readonly by?: typeof user | typeof session
  readonly permissions?: Partial<Permissions>
  readonly policy?: Policy
  /** Of the bucket; the caller's if absent. */
  readonly account?: string
  readonly allowed: boolean
}

const full = [identityPolicy(allow())]
const other = '999988887777'
const cases: readonly Case[] = [
  { what: 'nothing is allowed that no policy allows', allowed: false },
  { what: 'a policy of the identity allows', permissions: { identity: full }, allowed: true },
  {
    what: 'a denial wins, in whichever policy it stands',
    permissions: { identity: [...full, identityPolicy(deny())] },
    allowed: false,
  },
  {
    what: 'a boundary must allow too',
    permissions: { identity: full, boundary: identityPolicy(allow({ Action: 'iam:*', Resource: '*' })) },
    allowed: false,
  },
  {
    what: 'a boundary gives nothing by itself',
    permissions: { boundary: identityPolicy(allow()) },
    allowed: false,
  },
  {
    what: 'an organisation must allow too',
    permissions: { identity: full, organisation: [identityPolicy(allow({ Resource: `${bucket}-other` }))] },
    allowed: false,
  },
  {
    what: 'an organisation gives nothing by itself',
    permissions: { organisation: full },
    allowed: false,
  },
  {
    what: 'what an organisation denies nobody has, named or not',
    permissions: { identity: full, organisation: [...full, identityPolicy(deny())] },
    policy: bucketPolicy({ AWS: user.arn }, allow()),
    allowed: false,
  },
  {
    what: 'what an organisation allows is for the account to give',
    permissions: { identity: full, organisation: full },
    allowed: true,
  },
  {
    what: 'a session policy must allow too',
    by: session,
    permissions: { identity: full, session: [identityPolicy(allow({ Resource: `${bucket}-other` }))] },
    allowed: false,
  },
  {
    what: 'what identity, boundary and session policy all allow is allowed',
    by: session,
    permissions: { identity: full, boundary: identityPolicy(allow()), session: full },
    allowed: true,
  },
  {
    what: 'a session with no policy at all has nothing',
    by: session,
    permissions: { identity: full, session: [] },
    allowed: false,
  },
  {
    what: 'in its account a bucket may name a user, and that is enough',
    policy: bucketPolicy({ AWS: user.arn }, allow()),
    allowed: true,
  },
  {
    what: 'a user who is named is not limited by a boundary that leaves it out',
    permissions: { boundary: identityPolicy(allow({ Resource: '*', Action: 'iam:*' })) },
    policy: bucketPolicy({ AWS: user.arn }, allow()),
    allowed: true,
  },
  {
    what: 'but by one that denies it',
    permissions: { boundary: identityPolicy(deny()) },
    policy: bucketPolicy({ AWS: user.arn }, allow()),
    allowed: false,
  },
  {
    what: 'a role that is named is limited by the session policy',
    by: session,
    permissions: { session: [identityPolicy(allow({ Action: 'iam:*' }))] },
    policy: bucketPolicy({ AWS: session.behind }, allow()),
    allowed: false,
  },
  {
    what: 'a session that is named is not',
    by: session,
    permissions: { session: [identityPolicy(allow({ Action: 'iam:*' }))] },
    policy: bucketPolicy({ AWS: session.arn }, allow()),
    allowed: true,
  },
  {
    what: 'a bucket for everybody is limited by the session policy too',
    by: session,
    permissions: { session: [] },
    policy: bucketPolicy('*', allow()),
    allowed: false,
  },
  {
    what: 'naming the account leaves it to policies there',
    policy: bucketPolicy({ AWS: user.account }, allow()),
    allowed: false,
  },
  {
    what: 'naming the account in the longer form is the same',
    policy: bucketPolicy({ AWS: `arn:aws:iam::${user.account}:root` }, allow()),
    permissions: { identity: full },
    allowed: true,
  },
  {
    what: 'across accounts the identity alone does not suffice',
    account: other,
    permissions: { identity: full },
    allowed: false,
  },
  {
    what: 'nor does the bucket alone',
    account: other,
    policy: bucketPolicy({ AWS: user.arn }, allow()),
    allowed: false,
  },
  {
    what: 'across accounts both together do',
    account: other,
    permissions: { identity: full },
    policy: bucketPolicy({ AWS: user.account }, allow()),
    allowed: true,
  },
  {
    what: 'across accounts the boundary counts, whoever is named',
    account: other,
    permissions: { identity: full, boundary: identityPolicy(allow({ Action: 'iam:*' })) },
    policy: bucketPolicy({ AWS: user.arn }, allow()),
    allowed: false,
  },
  {
    what: 'a bucket denies its own account',
    permissions: { identity: full },
    policy: bucketPolicy('*', deny()),
    allowed: false,
  },
  {
    what: 'everybody but the one who is excepted is denied',
    permissions: { identity: full },
    policy: parsePolicy(
      { Version: '2012-10-17', Statement: [{ ...deny(), NotPrincipal: { AWS: session.behind } }] },
      'resource',
    ),
    allowed: false,
  },
  {
    what: 'the one who is excepted is not denied',
    by: session,
    permissions: { identity: full },
    policy: parsePolicy(
      { Version: '2012-10-17', Statement: [{ ...deny(), NotPrincipal: { AWS: session.behind } }] },
      'resource',
    ),
    allowed: true,
  },
]

for (const { what, by = user, permissions, policy, account = by.account, allowed } of cases)
  t.test(what, async (t) => {
    const side = { account, ...(policy !== undefined && { policy }) }
    t.equal(isAllowed(by, { identity: [], ...permissions }, access(), side), allowed)
  })

t.test('statements are about actions and resources, with wildcards, and about all but some', async (t) => {
  const rows = [
    [{ Action: 's3:List*' }, access(), true],
    [{ Action: 'S3:listbucket' }, access(), true],
    [{ Action: 's3:ListBucket?' }, access(), false],
    [{ Action: ['iam:*', '*'] }, access(), true],
    [{ Action: undefined, NotAction: 'iam:*' }, access(), true],
    [{ Action: undefined, NotAction: ['iam:*', 's3:List*'] }, access(), false],
    [{ Resource: 'arn:aws:s3:::a*e' }, access(), true],
    [{ Resource: 'arn:aws:s3:::ACME' }, access(), false],
    [{ Resource: [`${bucket}/*`] }, access(), false],
    [{ Resource: undefined, NotResource: `${bucket}/*` }, access(), true],
    [
      { Resource: 'arn:aws:s3:::${aws:username}' },
      access({ keys: new Map([['aws:username', 'acme']]) }),
      true,
    ],
    [{ Resource: 'arn:aws:s3:::${aws:username}' }, access({ keys: new Map([['aws:username', '*']]) }), false],
    [{ Resource: 'arn:aws:s3:::${aws:username}' }, access(), false],
    [{ Resource: "arn:aws:s3:::${aws:username, 'acme'}" }, access(), true],
    [{ Resource: 'arn:aws:s3:::ac${*}e' }, access(), false],
    [{ Resource: 'arn:aws:s3:::ac${*}e' }, access({ resource: 'arn:aws:s3:::ac*e' }), true],
  ] as const
  for (const [more, wanted, allowed] of rows) {
    const fields = Object.fromEntries(Object.entries(allow(more)).filter(([, value]) => value !== undefined))
    const permissions = { identity: [identityPolicy(fields)] }
    t.equal(isAllowed(user, permissions, wanted, { account: user.account }), allowed, JSON.stringify(more))
  }
})

t.test('a pattern of many wildcards does not take long', async (t) => {
  const permissions = { identity: [identityPolicy(allow({ Resource: `arn:aws:s3:::${'*a'.repeat(50)}` }))] }
  const wanted = access({ resource: `arn:aws:s3:::${'a'.repeat(2000)}b` })
  t.equal(isAllowed(user, permissions, wanted, { account: user.account }), false)
})
