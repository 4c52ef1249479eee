import t from 'tap'
import { checkArn, checkBucketName, parseArn } from '../../src/core/aws.js'

t.test('an ARN is taken apart', async (t) => {
  t.strictSame(parseArn('arn:aws-cn:iam::123456789012:role/team/data:x'), {
    partition: 'aws-cn',
    service: 'iam',
    region: '',
    account: '123456789012',
    resource: 'role/team/data:x',
  })
  t.equal(parseArn('arn:aws:s3'), undefined)
  t.equal(parseArn('role/analytics'), undefined)
})

t.test('the ARN of an IAM role is accepted in every partition', async (t) => {
  for (const partition of ['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc', 'aws-iso-b'])
    t.equal(checkArn(`arn:${partition}:iam::012345678901:role/path/to/My_role+=,.@-`, 'iam-role'), undefined)
})

t.test('the instance profile of a role is no role', async (t) => {
  t.strictSame(checkArn('arn:aws:iam::123456789012:instance-profile/web/reader', 'iam-role'), {
    problem: 'names an instance-profile, not a role',
    help: 'Name the role that the profile holds, which often has the same name: "arn:aws:iam::123456789012:role/reader".',
  })
})

t.test('what is wrong with a role ARN is said', async (t) => {
  const said = (text: string) => checkArn(text, 'iam-role')?.problem
  t.equal(said('analytics'), 'is not an ARN')
  t.equal(said('arn:azure:iam::123456789012:role/a'), 'has the partition "azure"')
  t.equal(said('arn:aws:iam::12345678901:role/a'), 'has an account of 11 digits')
  t.equal(said('arn:aws:iam:::role/a'), 'has no account id of 12 digits')
  t.equal(said('arn:aws:iam:eu-west-1:123456789012:role/a'), 'has a region, "eu-west-1"')
  t.equal(said('arn:aws:iam::123456789012:user/a'), 'names a user, not a role')
  t.equal(said('arn:aws:s3:::bucket'), 'belongs to the service "s3", not to IAM')
  t.equal(said('arn:aws:sts::123456789012:assumed-role/a/session'), 'names a session, not a role')
  t.equal(said('arn:aws:iam::123456789012:role/'), 'has no valid role name')
  t.equal(said('arn:aws:iam::123456789012:role/a b'), 'is not an ARN')
})

t.test('policies of AWS itself have the account "aws"', async (t) => {
  t.equal(checkArn('arn:aws:iam::aws:policy/ReadOnlyAccess', 'iam-policy'), undefined)
  t.ok(checkArn('arn:aws:iam::aws:role/x', 'iam-role'))
})

t.test('bucket names follow the rules of S3', async (t) => {
  for (const name of ['abc', 'acme-shared', 'my.bucket.2', `${'a'.repeat(63)}`])
    t.equal(checkBucketName(name), undefined, name)
  const said = (text: string) => checkBucketName(text)?.problem
  t.equal(said('a'), 'has 1 character')
  t.equal(said('ab'), 'has 2 characters')
  t.equal(said('a'.repeat(64)), 'has 64 characters')
  t.equal(said('Acme'), 'has characters that bucket names do not have')
  t.equal(said('-acme'), 'begins or ends with a dot or hyphen')
  t.equal(said('a..b'), 'has two dots in a row')
  t.equal(said('192.168.5.4'), 'looks like an IP address')
  t.equal(said('xn--acme'), 'has "xn--", which AWS keeps for itself')
  for (const name of [
    'sthree-a',
    'amzn-s3-demo-a',
    'a-s3alias',
    'a--ol-s3',
    'a.mrap',
    'a--x-s3',
    'a--table-s3',
  ])
    t.match(said(name), /which AWS keeps for itself$/, name)
  t.equal(said('acme/folder'), 'has a slash')
  t.equal(checkBucketName('s3://acme/x')?.help, 'Give the name alone: "acme".')
  t.equal(checkBucketName('arn:aws:s3:::acme')?.help, 'Give the name alone: "acme".')
})
