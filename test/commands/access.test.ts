import { cpSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { rolecall } from './rolecall.js'

async function company(t: Test): Promise<string> {
  const cwd = t.testdir()
  cpSync(join(process.cwd(), 'examples/company'), cwd, { recursive: true })
  t.match(await rolecall(['apply', '--auto-approve'], { cwd }), { code: 0 })
  return cwd
}

interface Path {
  readonly steps: readonly { readonly name: string }[]
  readonly role: string | null
  readonly bucket: string | null
}

t.test('access tells every way to a bucket, as the files say it', async (t) => {
  const cwd = await company(t)
  const ways = async (...flags: string[]) => {
    const { code, stdout } = await rolecall(['access', ...flags, '--json'], { cwd })
    t.equal(code, 0)
    return (JSON.parse(stdout).paths as readonly Path[]).map(({ steps, role, bucket }) =>
      [...steps.map(({ name }) => name), role?.replace(/.*\//, '') ?? 'key', bucket ?? '?'].join(' > '),
    )
  }
  const certain = (all: readonly string[]) => all.filter((way) => !way.endsWith('?'))

  // By hand: Ada and Mary by people.hcl, a connector by analytics.hcl, reports in CI by pipelines.hcl.
  t.strictSame(certain(await ways('--bucket', 'acme-finance')), [
    'acme-finance > outerproduct-finance > acme-finance',
    'ada@example.com > trifacta_aws_config.analyst["ada"] > wrangle-ada > acme-finance',
    'aws > ci-report > ci-report > acme-finance',
    'mary@example.com > trifacta_aws_config.analyst["mary"] > wrangle-mary > acme-finance',
  ])
  // By hand: everybody's extra bucket, a connector, and deployments in CI.
  t.strictSame(certain(await ways('--bucket', 'acme-shared')), [
    'acme-shared > outerproduct-shared > acme-shared',
    'ada@example.com > trifacta_aws_config.analyst["ada"] > wrangle-ada > acme-shared',
    'aws > ci-deploy > ci-deploy > acme-shared',
    'dorothy@example.com > trifacta_aws_config.analyst["dorothy"] > wrangle-dorothy > acme-shared',
    'grace@example.com > trifacta_aws_config.analyst["grace"] > wrangle-grace > acme-shared',
    'katherine@example.com > trifacta_aws_config.analyst["katherine"] > wrangle-katherine > acme-shared',
    'mary@example.com > trifacta_aws_config.analyst["mary"] > wrangle-mary > acme-shared',
  ])
  t.strictSame(await ways('--person', 'LOADER@example.com'), [
    'loader@example.com > trifacta_aws_config.loader > key > acme-landing',
  ])
  t.strictSame(await ways('--role', 'tines-audit'), ['AWS audit > tines-audit > ?'])
  t.strictSame(await ways('--role', 'nobody'), [])
  t.strictSame(await ways('--role', 'on-call'), ['aws > on-call > key > acme-landing'])
  t.strictSame(await ways('--bucket', 's3://acme-finance/'), await ways('--bucket', 'acme-finance'))
  t.match(await rolecall(['access', '--bucket', 'a b'], { cwd }), {
    code: 1,
    stderr: /"a b" is not the name/,
  })

  const tree = await rolecall(['access', '--person', 'ada@example.com'], { cwd })
  t.equal(
    tree.stdout,
    `ada@example.com (trifacta_person.analyst["ada"])
└── trifacta_aws_config.analyst["ada"]
    └── arn:aws:iam::123456789012:role/wrangle-ada
        ├── s3://acme-finance
        └── s3://acme-shared

2 ways.
`,
  )
  const table = await rolecall(['access', '--role', 'tines-audit', '--table'], { cwd })
  t.match(
    table.stdout,
    /^WHO +THROUGH +AS +TO\nAWS audit +arn:\S+tines-audit +buckets by its policies in AWS\n/,
  )
  t.match(table.stdout, /1 way, 1 of which may lead to any bucket/)
  t.match(await rolecall(['access', '--bucket', 'none', '--role', 'wrangle-ada'], { cwd }), {
    code: 0,
    stdout: 'Nothing that is managed here leads there.\n',
  })
})
