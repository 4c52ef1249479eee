import t from 'tap'
import {
  MalformedPolicy,
  type PolicyKind,
  parsePolicy,
  parsePolicyText,
} from '../../../src/server/sandbox/policy-document.js'

const allow = { Effect: 'Allow', Action: 's3:*', Resource: '*' }

function problem(document: unknown, kind: PolicyKind = 'identity'): string {
  try {
    parsePolicy(document, kind)
  } catch (cause) {
    if (cause instanceof MalformedPolicy) return `${cause.message} ${cause.path.join('.')}`.trim()
    throw cause
  }
  return ''
}

t.test('a statement may stand alone, and texts for lists', async (t) => {
  t.strictSame(
    parsePolicy({ Version: '2012-10-17', Statement: allow }, 'identity'),
    parsePolicy(
      { Version: '2012-10-17', Statement: [{ ...allow, Action: ['s3:*'], Resource: ['*'] }] },
      'identity',
    ),
  )
})

t.test('what is no policy is refused, with its place', async (t) => {
  const identity = (statement: object) => problem({ Version: '2012-10-17', Statement: [statement] })
  t.equal(problem([]), 'Syntax errors in policy.')
  t.equal(
    problem({ Version: '2020-01-01', Statement: [allow] }),
    'Policy document must be version 2012-10-17 or greater. Version',
  )
  t.equal(problem({ Statement: [] }), 'Policy statement must not be empty. Statement')
  t.equal(problem({ Statement: [allow], Extra: 1 }), 'Syntax errors in policy. Extra')
  t.equal(identity({ ...allow, Effect: 'allow' }), 'Invalid effect: allow Statement.0.Effect')
  t.equal(identity({ Effect: 'Allow', Resource: '*' }), 'Policy statement must contain actions. Statement.0')
  t.equal(
    identity({ ...allow, Principal: '*' }),
    'Policy document should not specify a principal. Statement.0.Principal',
  )
  t.equal(
    identity({ ...allow, NotAction: 's3:*' }),
    'Statement/policy already has instance of Action Statement.0.NotAction',
  )
  t.equal(
    identity({ ...allow, Condition: { StringMatches: { a: 'b' } } }),
    'Invalid Condition type : StringMatches. Statement.0.Condition.StringMatches',
  )
  t.equal(
    identity({ ...allow, Condition: { StringEquals: { a: {} } } }),
    'Syntax errors in policy. Statement.0.Condition.StringEquals.a',
  )
  t.equal(identity({ ...allow, Action: [] }), 'Syntax errors in policy. Statement.0.Action')
  t.equal(identity({ ...allow, action: 's3:*' }), 'Syntax errors in policy. Statement.0.action')
  t.match(
    problem({
      Statement: [
        { ...allow, Sid: 'a' },
        { ...allow, Sid: 'a' },
      ],
    }),
    'Statement IDs (SID) in a single policy must be unique. Statement.1.Sid',
  )
  t.throws(() => parsePolicyText('{"Statement":', 'identity'), MalformedPolicy)
})

t.test('a trust policy names principals, in full, and no resource', async (t) => {
  const trust = (Principal: unknown, more: object = {}) =>
    problem(
      { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...more } },
      'trust',
    )
  t.equal(trust('*'), '')
  t.equal(
    trust({ AWS: ['111122223333', 'arn:aws:iam::111122223333:root'], Service: 'ec2.amazonaws.com' }),
    '',
  )
  t.equal(trust({ AWS: 'arn:aws:sts::111122223333:assumed-role/r/s' }), '')
  t.match(trust({ AWS: 'arn:aws:iam::111122223333:role/*' }), /^Invalid principal in policy/)
  t.match(trust({ AWS: '1234' }), /^Invalid principal in policy/)
  t.match(trust({ Everyone: '*' }), /^Invalid principal in policy/)
  t.match(trust(undefined), /^Missing required field Principal/)
  t.match(trust('*', { Resource: '*' }), /^Has prohibited field Resource/)
})
