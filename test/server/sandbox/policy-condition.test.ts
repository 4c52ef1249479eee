import t from 'tap'
import { conditionOperator, isMet } from '../../../src/server/sandbox/policy-condition.js'

const keys = new Map<string, string | readonly string[]>([
  ['sts:externalid', 'acme-42'],
  ['s3:prefix', 'home/jane/x'],
  ['s3:max-keys', '10'],
  ['aws:username', 'jane'],
  ['aws:principalarn', 'arn:aws:iam::111122223333:role/data/analytics'],
  ['aws:sourceip', '10.1.2.3'],
  ['aws:currenttime', '2025-06-01T12:00:00Z'],
  ['aws:securetransport', 'true'],
  ['aws:tagkeys', ['team', 'stage']],
])

/** Operator, key, values, whether it is met. Source: IAM User Guide, condition operators and multivalued keys. */
const rows: readonly (readonly [string, string, string | readonly string[], boolean])[] = [
  ['StringEquals', 'sts:externalid', 'acme-42', true],
  ['StringEquals', 'sts:externalid', 'ACME-42', false],
  ['StringEquals', 'sts:externalid', ['x', 'acme-42'], true],
  ['StringEquals', 'sts:externalid', 'acme-*', false],
  ['StringEquals', 'absent', 'x', false],
  ['StringEqualsIfExists', 'absent', 'x', true],
  ['StringEqualsIfExists', 'sts:externalid', 'x', false],
  ['StringNotEquals', 'sts:externalid', 'x', true],
  ['StringNotEquals', 'sts:externalid', ['x', 'acme-42'], false],
  ['StringNotEquals', 'absent', 'x', true],
  ['StringEqualsIgnoreCase', 'sts:externalid', 'ACME-42', true],
  ['StringNotEqualsIgnoreCase', 'sts:externalid', 'ACME-42', false],
  ['StringLike', 'sts:externalid', 'acme-??', true],
  ['StringLike', 's3:prefix', 'home/${aws:username}/*', true],
  ['StringLike', 's3:prefix', 'home/${aws:userid}/*', false],
  ['StringNotLike', 's3:prefix', 'home/*', false],
  ['StringNotLike', 'absent', '*', true],
  ['ArnLike', 'aws:principalarn', 'arn:aws:iam::*:role/data/*', true],
  ['ArnLike', 'aws:principalarn', 'arn:*:role/data/analytics', false],
  ['ArnEquals', 'aws:principalarn', 'arn:aws:iam::111122223333:role/data/analytics', true],
  ['ArnNotLike', 'aws:principalarn', 'arn:aws:iam::111122223333:*', false],
  ['NumericEquals', 's3:max-keys', '10.0', true],
  ['NumericLessThan', 's3:max-keys', '10', false],
  ['NumericLessThanEquals', 's3:max-keys', '10', true],
  ['NumericGreaterThan', 's3:max-keys', '9', true],
  ['NumericNotEquals', 's3:max-keys', '9', true],
  ['NumericEquals', 'sts:externalid', '0', false],
  ['DateLessThan', 'aws:currenttime', '2025-07-01T00:00:00Z', true],
  ['DateGreaterThan', 'aws:currenttime', '2025-07-01T00:00:00Z', false],
  ['DateGreaterThanEquals', 'aws:currenttime', '1748779200', true],
  ['Bool', 'aws:securetransport', 'true', true],
  ['Bool', 'aws:securetransport', 'false', false],
  ['Bool', 'absent', 'false', false],
  ['BoolIfExists', 'absent', 'false', true],
  ['IpAddress', 'aws:sourceip', '10.0.0.0/8', true],
  ['IpAddress', 'aws:sourceip', ['192.168.0.0/16', '10.1.2.3'], true],
  ['IpAddress', 'aws:sourceip', '2001:db8::/32', false],
  ['NotIpAddress', 'aws:sourceip', '10.0.0.0/8', false],
  ['IpAddress', 'aws:sourceip', '10.0.0.0/99', false],
  ['Null', 'absent', 'true', true],
  ['Null', 'absent', 'false', false],
  ['Null', 'sts:externalid', 'false', true],
  ['ForAnyValue:StringEquals', 'aws:tagkeys', 'team', true],
  ['ForAnyValue:StringEquals', 'aws:tagkeys', 'cost', false],
  ['ForAnyValue:StringEquals', 'absent', 'x', false],
  ['ForAllValues:StringEquals', 'aws:tagkeys', ['team', 'stage', 'cost'], true],
  ['ForAllValues:StringEquals', 'aws:tagkeys', 'team', false],
  ['ForAllValues:StringEquals', 'absent', 'x', true],
  ['ForAnyValue:StringNotEquals', 'aws:tagkeys', 'team', true],
  ['ForAllValues:StringNotEquals', 'aws:tagkeys', 'team', false],
]

for (const [operator, key, values, met] of rows)
  t.test(`${operator} ${key} ${JSON.stringify(values)}: ${met}`, async (t) => {
    const listed = typeof values === 'string' ? [values] : values
    t.equal(isMet({ operator, key, values: listed }, keys), met)
  })

t.test('operators that AWS does not have are unknown', async (t) => {
  for (const name of ['StringMatches', 'NullIfExists', 'ForEach:StringEquals', 'toString', ''])
    t.equal(conditionOperator(name), undefined, name)
})
