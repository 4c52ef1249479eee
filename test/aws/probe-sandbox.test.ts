import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import type { AwsIdentity } from '../../src/aws/access.js'
import { type ProbeOptions, type ProbeTarget, probe } from '../../src/aws/probe.js'
import type { OutcomeClass } from '../../src/aws/probe-outcome.js'
import { openSandbox } from '../../src/server/sandbox/sandbox.js'

/** Our account assumes roles of a customer's, whose buckets they may list. A third account has a bucket too. */
const fixture = `
control_plane: arn:aws:iam::111111111111:user/backend
accounts:
  "111111111111":
    users:
      backend:
        access_keys: [{ id: AKIAIOSFODNN7BACKEND, secret: backend-secret }]
        inline_policies:
          assume: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: sts:AssumeRole, Resource: "arn:aws:iam::222222222222:role/*" }] }
      idle:
        access_keys: [{ id: AKIAIOSFODNN7IDLE000, secret: idle-secret }]
      retired:
        access_keys: [{ id: AKIAIOSFODNN7RETIRED, secret: retired-secret, status: Inactive }]
  "444444444444":
    service_control_policies:
      everything: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "*", Resource: "*" }] }
      no-roles: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "sts:AssumeRole", Resource: "*" }] }
    users:
      fenced:
        access_keys: [{ id: AKIAIOSFODNN7FENCED0, secret: fenced-secret }]
        policies: [arn:aws:iam::aws:policy/AdministratorAccess]
  "222222222222":
    users:
      reader:
        access_keys: [{ id: AKIAIOSFODNN7READER0, secret: reader-secret }]
        inline_policies:
          list: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: s3:ListBucket, Resource: "arn:aws:s3:::data" }] }
    roles:
      reader:
        path: /team/
        max_session_duration: 7200
        trust: &trust
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: { AWS: [ "arn:aws:iam::111111111111:user/backend", "arn:aws:iam::111111111111:user/idle", "arn:aws:iam::444444444444:root" ] }
              Action: sts:AssumeRole
              Condition: { StringEquals: { "sts:ExternalId": acme-1 } }
        inline_policies:
          list: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: [ s3:ListBucket, sts:AssumeRole ], Resource: "*" }] }
      narrow:
        trust: *trust
        inline_policies:
          list:
            Version: "2012-10-17"
            Statement: [{ Effect: Allow, Action: s3:ListBucket, Resource: "*", Condition: { StringLike: { "s3:prefix": "in/*" } } }]
      blind:
        trust: *trust
      open:
        trust: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::111111111111:user/backend" }, Action: sts:AssumeRole }] }
        inline_policies:
          list: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: s3:ListBucket, Resource: "*" }] }
      closed:
        trust: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::222222222222:root" }, Action: sts:AssumeRole }] }
    buckets:
      data: { region: eu-west-1, objects: { in/a.csv: "1" } }
      home: { region: us-east-1, objects: { in/a.csv: "1" } }
  "333333333333":
    buckets:
      theirs:
        region: us-east-1
        objects: { in/a.csv: "1" }
        policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: "*", Action: "s3:ListBucket", Resource: "arn:aws:s3:::theirs" }] }
`

const role = (name: string) => `arn:aws:iam::222222222222:role/${name}`
const target: ProbeTarget = {
  role: role('team/reader'),
  externalId: 'acme-1',
  bucket: 'data',
  prefix: 'in/',
  owner: '222222222222',
}
const key = (id: string, secret: string): AwsIdentity => ({ accessKeyId: id, secretAccessKey: secret })

interface Case {
  readonly situation: string
  readonly target?: Partial<ProbeTarget>
  readonly options?: Partial<ProbeOptions>
  readonly caller?: AwsIdentity
  readonly classes: readonly OutcomeClass[]
  readonly remedy?: RegExp
}

const cases: readonly Case[] = [
  { situation: 'everything is right', classes: ['ok'] },
  { situation: 'the region is right too', target: { region: 'eu-west-1' }, classes: ['ok'] },
  {
    situation: 'nothing is below the prefix',
    target: { prefix: 'out/' },
    classes: ['ok_empty_prefix'],
    remedy: /spelling of the prefix/,
  },
  {
    situation: 'the bucket is in another region',
    target: { region: 'us-east-1' },
    classes: ['wrong_region'],
    remedy: /eu-west-1/,
  },
  {
    situation: 'the bucket does not exist',
    target: { bucket: 'dota' },
    classes: ['no_such_bucket'],
    remedy: /spelling/,
  },
  {
    situation: 'the bucket is of another account, and one may look',
    target: { bucket: 'theirs' },
    options: { confirmOwner: true },
    classes: ['owner_mismatch'],
    remedy: /owner/,
  },
  {
    situation: 'the bucket is of another account, and one may not look',
    target: { bucket: 'theirs' },
    classes: ['bucket_denied'],
    remedy: /not the owner/,
  },
  {
    situation: 'the role has no permission',
    target: { role: role('blind') },
    options: { confirmOwner: true },
    classes: ['bucket_denied'],
    remedy: /s3:ListBucket/,
  },
  { situation: 'the role may list below the prefix only', target: { role: role('narrow') }, classes: ['ok'] },
  {
    situation: 'the role may list below another prefix only',
    target: { role: role('narrow'), prefix: 'out/' },
    classes: ['bucket_denied'],
    remedy: /s3:prefix/,
  },
  {
    situation: 'the role does not exist',
    target: { role: role('raeder') },
    classes: ['assume_denied'],
    remedy: /spelling/,
  },
  {
    situation: 'the role is named without its path',
    target: { role: role('reader') },
    classes: ['assume_denied'],
    remedy: /path/,
  },
  {
    situation: 'the role does not trust the caller',
    target: { role: role('closed') },
    classes: ['assume_denied'],
    remedy: /trust policy/,
  },
  {
    situation: 'the external id is another',
    target: { externalId: 'acme-2' },
    classes: ['assume_denied'],
    remedy: /external id/,
  },
  {
    situation: 'the caller may not assume roles',
    caller: key('AKIAIOSFODNN7IDLE000', 'idle-secret'),
    classes: ['assume_denied'],
    remedy: /sts:AssumeRole/,
  },
  {
    situation: "the caller's organisation forbids it",
    caller: key('AKIAIOSFODNN7FENCED0', 'fenced-secret'),
    classes: ['assume_denied'],
    remedy: /organisation's policy forbids it/,
  },
  {
    situation: 'the role asks for no external id',
    target: { role: role('open') },
    classes: ['ok', 'trust_without_external_id'],
    remedy: /sts:ExternalId/,
  },
  { situation: 'a session as long as the role allows', target: { durationSeconds: 7200 }, classes: ['ok'] },
  {
    situation: 'a session longer than the role allows',
    target: { durationSeconds: 7201 },
    classes: ['duration_too_long'],
    remedy: /maximum session duration/,
  },
  {
    situation: 'a session shorter than AWS has',
    target: { durationSeconds: 60 },
    classes: ['assume_denied'],
    remedy: /at least 900 seconds/,
  },
  {
    situation: 'the key of the caller is not known',
    caller: key('AKIAIOSFODNN7UNKNOWN', 'x'),
    classes: ['caller_credentials_invalid'],
    remedy: /AWS_PROFILE/,
  },
  {
    situation: 'the secret of the caller is wrong',
    caller: key('AKIAIOSFODNN7BACKEND', 'x'),
    classes: ['caller_credentials_invalid'],
    remedy: /AWS_SECRET_ACCESS_KEY/,
  },
  {
    situation: 'the key of the caller is not active',
    caller: key('AKIAIOSFODNN7RETIRED', 'retired-secret'),
    classes: ['caller_credentials_invalid'],
  },
]

t.test('every outcome that the sandbox can bring about', async (t) => {
  const sandbox = await openSandbox({
    fixture,
    file: 'aws.yaml',
    database: ':memory:',
    // The SDK signs by the clock of the machine.
    now: () => new Date(),
    random: randomBytes,
  })
  t.teardown(() => sandbox.close())
  const { identity: backend } = sandbox
  const run = (what: ProbeTarget, caller: AwsIdentity | undefined, options: Partial<ProbeOptions> = {}) =>
    probe(what, {
      access: {
        answer: (request) => sandbox.fetch(request),
        ...(caller !== undefined && { identity: caller }),
        env: () => undefined,
      },
      now: () => new Date(),
      async sleep() {
        throw new Error('there is nothing to wait for')
      },
      ...options,
    })
  for (const { situation, target: other, options, caller, classes, remedy } of cases) {
    const { outcomes } = await run({ ...target, ...other }, caller ?? backend, options)
    t.strictSame(
      outcomes.map((outcome) => outcome.class),
      classes,
      situation,
    )
    if (remedy !== undefined) t.match(outcomes.at(-1)?.remedy, remedy, situation)
  }

  await t.test('keys in the place of a role', async (t) => {
    const keys = { bucket: 'data', prefix: 'in/', owner: '222222222222' }
    const good = await run({ ...keys, identity: key('AKIAIOSFODNN7READER0', 'reader-secret') }, backend)
    t.match(good, { outcomes: [{ class: 'ok' }], became: /user\/reader$/, region: 'eu-west-1' })
    const narrow = await run(
      { ...keys, bucket: 'home', identity: key('AKIAIOSFODNN7READER0', 'reader-secret') },
      backend,
    )
    t.match(narrow.outcomes, [{ class: 'bucket_denied' }])
    const dead = await run({ ...keys, identity: key('AKIAIOSFODNN7RETIRED', 'retired-secret') }, backend)
    t.match(dead.outcomes, [{ class: 'caller_credentials_invalid', remedy: /access key/ }])
  })

  await t.test('a session of a role is no way to another long one', async (t) => {
    const { AssumeRoleCommand } = await import('@aws-sdk/client-sts')
    const { stsClient } = await import('../../src/aws/clients.js')
    const access = {
      answer: (request: Request) => sandbox.fetch(request),
      ...(backend !== undefined && { identity: backend }),
      env: () => undefined,
    }
    const client = await stsClient(access)
    const { Credentials: c } = await client.send(
      new AssumeRoleCommand({
        RoleArn: role('team/reader'),
        RoleSessionName: 'session',
        ExternalId: 'acme-1',
      }),
    )
    const session: AwsIdentity = {
      accessKeyId: c?.AccessKeyId ?? '',
      secretAccessKey: c?.SecretAccessKey ?? '',
      sessionToken: c?.SessionToken ?? '',
    }
    const { outcomes } = await run({ role: role('closed'), durationSeconds: 3601 }, session)
    t.match(outcomes, [{ class: 'duration_too_long', remedy: /chaining/ }])
  })
})

/** The sandbox with a limit, by a clock that only waiting moves. */
async function limited(t: Test, perSecond: number, waiting: boolean) {
  let waited = 0
  const started = Math.ceil(Date.now() / 1000) * 1000
  const now = () => new Date(started + waited)
  const sandbox = await openSandbox({
    fixture: `requests_per_second: ${perSecond}\n${fixture}`,
    file: 'aws.yaml',
    database: ':memory:',
    now,
    random: randomBytes,
  })
  t.teardown(() => sandbox.close())
  const report = await probe(target, {
    access: {
      answer: (request) => sandbox.fetch(request),
      ...(sandbox.identity !== undefined && { identity: sandbox.identity }),
      env: () => undefined,
    },
    now,
    async sleep(milliseconds) {
      if (waiting) waited += milliseconds
    },
  })
  return { report, waited }
}

t.test('an AWS that slows us down is asked again, for a while', async (t) => {
  const { report, waited } = await limited(t, 1, true)
  t.match(report, { outcomes: [{ class: 'ok' }], region: 'eu-west-1' })
  t.ok(waited > 0)
  for (const perSecond of [1, 2]) {
    const { report: given } = await limited(t, perSecond, false)
    t.match(given.outcomes, [{ class: 'throttled', remedy: /--parallelism/ }], `after ${perSecond}`)
  }
})

async function urlOf(t: Test, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('what is there in the place of AWS, or nothing, is told from a refusal', async (t) => {
  const gone = createServer()
  const closed = await urlOf(t, gone)
  await new Promise((resolve) => gone.close(resolve))
  const web = createServer((_, response) => response.writeHead(200).end('<html>It works!</html>'))
  const blocks = createServer((_, response) => response.writeHead(403).end('<html>Blocked.<br></html>'))
  const elsewhere = createServer((_, response) => response.writeHead(404).end('{"message":"no route"}'))
  const broken = createServer((_, response) => response.writeHead(502).end('Bad Gateway'))
  const hangsUp = createServer((request) => request.socket.destroy())
  const urls = [closed]
  for (const server of [web, blocks, elsewhere, broken, hangsUp]) urls.push(await urlOf(t, server))
  const before = process.env.AWS_ENDPOINT_URL
  t.teardown(() => {
    if (before === undefined) delete process.env.AWS_ENDPOINT_URL
    else process.env.AWS_ENDPOINT_URL = before
  })
  for (const url of urls) {
    process.env.AWS_ENDPOINT_URL = url
    const { outcomes } = await probe(target, {
      access: { identity: key('AKIAIOSFODNN7BACKEND', 'x'), env: (name) => process.env[name] },
      now: () => new Date(),
      sleep: async () => {},
    })
    t.match(outcomes, [{ class: 'unreachable', remedy: /AWS_ENDPOINT_URL/ }], url)
    t.notMatch(outcomes[0]?.text, /Deserialization|Unknown/)
  }
})
