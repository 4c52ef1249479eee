import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { rolecall } from '../../commands/rolecall.js'

t.test('what the service would refuse is refused before it is asked, with its place', async (t) => {
  const cwd = t.testdir()
  const right = {
    credential_name: '"lake"',
    role_arn: '"arn:aws:iam::123456789012:role/reader"',
    bucket_uri: '"s3://data/in/"',
    expected_bucket_owner_account_id: '"123456789012"',
  }
  const validate = (more: Partial<typeof right>) => {
    const lines = Object.entries({ ...right, ...more }).map(([name, value]) => `  ${name} = ${value}\n`)
    writeFileSync(
      join(cwd, 'main.hcl'),
      `provider "outerproduct" {\n  endpoint = "embedded"\n}\nresource "outerproduct_s3_connector" "a" {\n${lines.join('')}}\n`,
    )
    return rolecall(['validate'], { cwd })
  }
  t.match(await validate({}), { code: 0 })
  const mistakes: readonly (readonly [Partial<typeof right>, RegExp])[] = [
    [
      { role_arn: '"arn:aws:sts::123456789012:assumed-role/reader/me"' },
      /line 6[\s\S]*names a session, not a role/,
    ],
    [
      { role_arn: '"arn:aws:iam::123456789012:instance-profile/reader"' },
      /an instance-profile[\s\S]*:role\/reader/,
    ],
    [{ role_arn: '"arn:aws-cn:iam::123456789012:role/reader"' }, /commercial partition/],
    [{ bucket_uri: '"s3a://data/in/"' }, /line 7[\s\S]*"s3:\/\/data\/in\/"/],
    [{ bucket_uri: '"s3://Data"' }, /lowercase letters/],
    [{ expected_bucket_owner_account_id: '012345678901' }, /line 8[\s\S]*12 digits in quotes/],
    [{ credential_name: '""' }, /must not be empty/],
  ]
  for (const [more, words] of mistakes)
    t.match(await validate(more), { code: 1, stderr: words }, JSON.stringify(more))
})
