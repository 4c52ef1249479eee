import t from 'tap'
import { Failure } from '../../../src/core/diagnostic.js'
import { readFixture } from '../../../src/server/sandbox/read-fixture.js'
import { company } from './sandbox-fixture.js'

/** What is said, each with its line and column. */
function said(text: string): readonly string[] {
  try {
    readFixture(text, 'aws.yaml')
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause
    return cause.diagnostics.map(
      ({ detail, span, code }) =>
        `${code === 'server/sandbox-fixture' ? '' : code}${span?.start.line}:${span?.start.column} ${detail}`,
    )
  }
  return []
}

t.test('a fixture is read, whatever its numbers look like', async (t) => {
  const fixture = readFixture(company, 'aws.yaml')
  t.strictSame([...fixture.accounts.keys()], ['111122223333', '999988887777'])
  t.equal(fixture.roles.get('arn:aws:iam::111122223333:role/data/analytics')?.maxSession, 7200)
  t.equal(fixture.buckets.get('acme-shared')?.account, '111122223333')
  const zeros = readFixture('accounts:\n  000000000012:\n    users: { 7: {} }\n', 'aws.yaml')
  t.ok(zeros.users.has('arn:aws:iam::000000000012:user/7'))
})

t.test('the external id that roles demand of the control plane is read, and checked', async (t) => {
  const only = (id: string) => `accounts: { "111122223333": {} }\nexternal_id: ${id}\n`
  t.equal(readFixture(only('acme-42'), 'aws.yaml').externalId, 'acme-42')
  t.strictSame(said(only('"a b"')), ['2:14 "a b" is not an external id.'])
})

t.test('how long new keys take is read, and checked', async (t) => {
  const only = (text: string) => `accounts: { "111122223333": {} }\nnew_keys_after: ${text}\n`
  t.equal(readFixture(only('5'), 'aws.yaml').newKeysAfter, 5)
  t.equal(readFixture('accounts: { "111122223333": {} }', 'aws.yaml').newKeysAfter, 0)
  t.strictSame(said(only('soon')), ['2:17 "soon" is not a time.'])
  const limited = (text: string) => `accounts: { "111122223333": {} }\nrequests_per_second: ${text}\n`
  t.equal(readFixture(limited('20'), 'aws.yaml').requestsPerSecond, 20)
  t.strictSame(said(limited('0')), ['2:22 "0" is not a number of requests, from 1.'])
})

t.test('JSON is a fixture too, with policies as texts', async (t) => {
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: '*', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::acme' },
  })
  const text = JSON.stringify({
    accounts: { '111122223333': { buckets: { acme: { region: 'eu-west-1', policy } } } },
  })
  t.equal(readFixture(text, 'aws.json').buckets.get('acme')?.policy?.policy.statements.length, 1)
})

t.test('every mistake is told, with its place', async (t) => {
  t.strictSame(
    said(`accounts:
  "1234": {}
  "111122223333":
    user: {}
    users:
      "jane doe": {}
      jane:
        access_keys: [{ id: AKIASHORT }]
        groups: [analysts]
        policies: [arn:aws:iam::111122223333:policy/none]
    roles:
      r: { max_session_duration: 1h }
      s:
        trust: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "sts:AssumeRole" } }
    buckets:
      Acme: { region: eu-west-1 }
      acme: { region: nowhere }
control_plane: arn:aws:iam::111122223333:user/joe
`),
    [
      '2:3 "1234" is not an account id.',
      '4:5 Account 111122223333 has no "user".',
      '6:7 "jane doe" is not the name of a user.',
      '8:23 An access key has an id and a secret.',
      '9:18 The group "analysts" is not declared.',
      '10:20 The policy "arn:aws:iam::111122223333:policy/none" is not declared.',
      '12:7 It has no trust policy.',
      '12:34 A maximum session duration is 3600 to 43200 seconds.',
      '14:16 Missing required field Principal (at Statement)',
      '16:7 "Acme" has characters that bucket names do not have.',
      '17:23 The bucket "acme" has no region.',
      '18:16 No user "arn:aws:iam::111122223333:user/joe" is declared.',
    ],
  )
  t.match(said('accounts: [\n'), [/^\d+:\d+ /])
  t.strictSame(said(''), ['1:1 It declares no accounts.'])
  t.match(said('accounts: []'), ['1:11 "accounts" must be a mapping: names, each with a colon.'])
  t.match(said(`accounts:\n  111122223333: {}\n  111122223333: {}\n`), [/unique/i])
})

t.test('a name is unique in its account, a bucket in all, and a key has one user', async (t) => {
  const key = '[{ id: AKIAPLANE00000000001, secret: s }]'
  t.match(
    said(`accounts:
  "111122223333":
    users: { a: { access_keys: ${key} }, b: { access_keys: ${key} } }
    buckets: { acme: { region: eu-west-1 } }
  "999988887777":
    buckets: { acme: { region: eu-west-1 } }
`),
    [
      '3:39 The access key AKIAPLANE00000000001 belongs to two users.',
      '3:102 The access key AKIAPLANE00000000001 belongs to two users.',
      '6:16 The bucket "acme" is declared twice.',
    ],
  )
})
