import t from 'tap'
import { type ProbeOptions, type ProbeTarget, probe } from '../../src/aws/probe.js'
import {
  answering,
  assumed,
  type DocumentedAnswers,
  head,
  iAm,
  listed,
  s3Error,
  sessionArn,
  stsError,
} from './documented-answers.js'

const role = 'arn:aws:iam::123456789012:role/data/reader'
const target: ProbeTarget = {
  role,
  externalId: 'acme-1',
  bucket: 'acme-data',
  prefix: 'in/',
  owner: '123456789012',
}

/** A role that trusts us under its external id, and a bucket of its account with one object below the prefix. */
const working: Required<DocumentedAnswers> = {
  assumeRole: (form) =>
    form.get('ExternalId') === 'acme-1' ? assumed(form) : stsError(403, 'AccessDenied', 'not authorized'),
  whoAmI: () => iAm(sessionArn(role, 'rolecall-probe')),
  headBucket: () => head(200, 'us-east-1'),
  listObjects: () => listed(['in/a.csv']),
}

interface Case {
  readonly situation: string
  readonly answers?: DocumentedAnswers
  readonly target?: Partial<ProbeTarget>
  readonly options?: Partial<ProbeOptions>
  /** Class and severity of each outcome, and words of its text and remedy. */
  readonly outcomes: readonly (readonly [string, 'ok' | 'warning' | 'error', RegExp])[]
}

const denied = () => stsError(403, 'AccessDenied', 'User: me is not authorized to perform: sts:AssumeRole')
const noBody = () => head(403, 'us-east-1')
const forbidden = () => s3Error(403, 'AccessDenied')

const cases: readonly Case[] = [
  { situation: 'a role and a bucket that work', outcomes: [['ok', 'ok', /acme-data\/in\//]] },
  {
    situation: 'nothing is below the prefix',
    answers: { listObjects: () => listed([]) },
    outcomes: [['ok_empty_prefix', 'warning', /no object .*in\/.*prefix/s]],
  },
  {
    situation: 'the bucket is in another region than the one that is configured',
    target: { region: 'us-east-1' },
    answers: {
      headBucket: ({ region }) => (region === 'eu-west-1' ? head(200, 'eu-west-1') : head(301, 'eu-west-1')),
      listObjects: ({ region }) =>
        region === 'eu-west-1' ? listed(['in/a']) : s3Error(301, 'PermanentRedirect'),
    },
    outcomes: [['wrong_region', 'error', /eu-west-1.*us-east-1.*eu-west-1/s]],
  },
  {
    situation: 'the bucket is somewhere else and no region is configured',
    answers: {
      headBucket: ({ region }) => (region === 'eu-west-1' ? head(200, 'eu-west-1') : head(301, 'eu-west-1')),
      listObjects: ({ region }) =>
        region === 'eu-west-1' ? listed(['in/a']) : s3Error(301, 'PermanentRedirect'),
    },
    outcomes: [['ok', 'ok', /eu-west-1/]],
  },
  {
    situation: 'HeadBucket says no region, and only the error of the listing does',
    answers: {
      headBucket: () => head(400),
      listObjects: ({ region }) =>
        region === 'eu-north-1'
          ? listed(['in/a'])
          : s3Error(400, 'AuthorizationHeaderMalformed', '<Region>eu-north-1</Region>'),
    },
    outcomes: [['ok', 'ok', /eu-north-1/]],
  },
  {
    situation: 'the regions lead in a circle',
    answers: {
      headBucket: ({ region }) => head(301, region === 'us-east-1' ? 'eu-west-1' : 'us-east-1'),
      listObjects: () => s3Error(301, 'PermanentRedirect'),
    },
    outcomes: [['wrong_region', 'error', /region/]],
  },
  {
    situation: 'there is no such bucket',
    answers: { headBucket: () => head(404), listObjects: () => s3Error(404, 'NoSuchBucket') },
    outcomes: [['no_such_bucket', 'error', /no bucket "acme-data".*spelling/s]],
  },
  {
    situation: 'a bucket of a name that no bucket can have',
    answers: { headBucket: () => head(400), listObjects: () => s3Error(400, 'InvalidBucketName') },
    outcomes: [['no_such_bucket', 'error', /acme-data/]],
  },
  {
    situation: 'the bucket is of another account, and one may look',
    options: { confirmOwner: true },
    answers: {
      headBucket: noBody,
      listObjects: ({ owner }) => (owner === null ? listed(['in/a']) : forbidden()),
    },
    outcomes: [['owner_mismatch', 'error', /123456789012.*does not own.*owner/s]],
  },
  {
    situation: 'the bucket is of another account, and one may not look',
    answers: { headBucket: noBody, listObjects: forbidden },
    outcomes: [['bucket_denied', 'error', /s3:ListBucket.*is not the owner/s]],
  },
  {
    situation: 'the role may not list, and the owner is right',
    options: { confirmOwner: true },
    answers: { headBucket: noBody, listObjects: forbidden },
    outcomes: [['bucket_denied', 'error', /s3:ListBucket/]],
  },
  {
    situation: 'the role may list the bucket but not below the prefix',
    answers: { listObjects: forbidden },
    outcomes: [['bucket_denied', 'error', /s3:ListBucket.*in\//s]],
  },
  {
    situation: 'what should be an account id is none',
    answers: {
      headBucket: () => head(400),
      listObjects: () => s3Error(400, 'InvalidBucketOwnerAWSAccountID'),
    },
    outcomes: [['owner_mismatch', 'error', /12 digits/]],
  },
  {
    situation: 'the role may not be assumed',
    answers: { assumeRole: denied },
    outcomes: [['assume_denied', 'error', /not authorized.*trust policy.*external id/s]],
  },
  {
    situation: 'the role can be assumed without its external id too',
    answers: { assumeRole: (form) => assumed(form) },
    outcomes: [
      ['ok', 'ok', /acme-data/],
      ['trust_without_external_id', 'warning', /sts:ExternalId/],
    ],
  },
  {
    situation: 'AWS says that somebody else was entered',
    answers: { whoAmI: () => iAm('arn:aws:sts::123456789012:assumed-role/other/x') },
    outcomes: [['assume_denied', 'error', /assumed-role\/other/]],
  },
  {
    situation: 'the role allows shorter sessions only',
    target: { durationSeconds: 43200 },
    answers: {
      assumeRole: () =>
        stsError(
          400,
          'ValidationError',
          'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
        ),
    },
    outcomes: [['duration_too_long', 'error', /43200 seconds.*maximum session duration/is]],
  },
  {
    situation: 'a session of a role asks for more than an hour',
    target: { durationSeconds: 7200 },
    answers: {
      assumeRole: () =>
        stsError(
          400,
          'ValidationError',
          'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
        ),
    },
    outcomes: [['duration_too_long', 'error', /chaining.*3600/is]],
  },
  {
    situation: 'the role ARN has a form that AWS refuses',
    answers: { assumeRole: () => stsError(400, 'ValidationError', 'roleArn is invalid') },
    outcomes: [['assume_denied', 'error', /roleArn is invalid/]],
  },
  ...['InvalidClientTokenId', 'SignatureDoesNotMatch', 'ExpiredToken', 'ExpiredTokenException'].map(
    (code): Case => ({
      situation: `the caller's own keys are refused with ${code}`,
      answers: { assumeRole: () => stsError(403, code) },
      outcomes: [['caller_credentials_invalid', 'error', new RegExp(`${code}.*AWS_PROFILE`, 's')]],
    }),
  ),
  ...['InvalidAccessKeyId', 'RequestTimeTooSkewed', 'InvalidToken', 'ExpiredToken'].map(
    (code): Case => ({
      situation: `S3 refuses the keys with ${code}`,
      answers: {
        headBucket: () => head(400),
        listObjects: () => s3Error(code.endsWith('Token') ? 400 : 403, code),
      },
      outcomes: [['caller_credentials_invalid', 'error', new RegExp(code)]],
    }),
  ),
  {
    situation: 'STS slows callers down and does not stop',
    answers: { assumeRole: () => stsError(400, 'Throttling', 'Rate exceeded') },
    outcomes: [['throttled', 'error', /later|again/]],
  },
  {
    situation: 'S3 slows callers down and does not stop',
    answers: { listObjects: () => s3Error(503, 'SlowDown') },
    outcomes: [['throttled', 'error', /later|again/]],
  },
  {
    situation: 'S3 is broken',
    answers: { listObjects: () => s3Error(500, 'InternalError') },
    outcomes: [['unreachable', 'error', /InternalError/]],
  },
  {
    situation: 'STS is not active in the region',
    answers: { assumeRole: () => stsError(403, 'RegionDisabledException') },
    outcomes: [['unreachable', 'error', /region/]],
  },
  {
    situation: 'nothing answers',
    answers: {
      assumeRole() {
        throw Object.assign(new Error('getaddrinfo ENOTFOUND sts.us-east-1.amazonaws.com'), {
          code: 'ENOTFOUND',
        })
      },
    },
    outcomes: [['unreachable', 'error', /ENOTFOUND.*AWS_ENDPOINT_URL/s]],
  },
]

for (const { situation, answers, target: other, options, outcomes } of cases) {
  t.test(situation, async (t) => {
    const { found } = await probed(answers, other, options)
    t.strictSame(
      found.map((outcome) => [outcome.class, outcome.severity]),
      outcomes.map(([name, severity]) => [name, severity]),
    )
    for (const [index, [, , words]] of outcomes.entries())
      t.match(`${found[index]?.text} ${found[index]?.remedy ?? ''}`, words)
    for (const outcome of found) t.equal(outcome.remedy === undefined, outcome.severity === 'ok', 'remedy')
  })
}

t.test('the actual region is given apart from the words', async (t) => {
  const { found } = await probed({ headBucket: () => head(200, 'eu-west-3') }, { region: 'us-east-1' })
  t.equal(found[0]?.actualRegion, 'eu-west-3')
})

t.test('the bucket is asked in the name of the role, with owner and prefix', async (t) => {
  const prefixes: unknown[] = []
  const { asked } = await probed({
    listObjects({ prefix }) {
      prefixes.push(prefix)
      return listed(['in/a'])
    },
  })
  t.strictSame(prefixes, ['in/'])
  t.strictSame(asked, [
    'AssumeRole acme-1 by AKIAME in us-east-1',
    'GetCallerIdentity by ASIASESSION in us-east-1',
    'HeadBucket acme-data by ASIASESSION in us-east-1 of 123456789012',
    'ListObjectsV2 acme-data by ASIASESSION in us-east-1 of 123456789012',
    'AssumeRole by AKIAME in us-east-1',
  ])
})

t.test('without permission to look, no request goes to a bucket without naming its owner', async (t) => {
  const { asked } = await probed({ headBucket: noBody, listObjects: forbidden })
  t.notMatch(asked.join('\n'), /anybody/)
})

t.test('keys are tried in the place of a role', async (t) => {
  const identity = { accessKeyId: 'AKIATHEM', secretAccessKey: 's' }
  const keys = { bucket: 'acme-data', prefix: '', identity }
  const good = await run(keys, { ...working, whoAmI: () => iAm('arn:aws:iam::123456789012:user/them') })
  t.strictSame(
    good.report.outcomes.map((one) => one.class),
    ['ok'],
  )
  t.equal(good.report.became, 'arn:aws:iam::123456789012:user/them')
  t.match(good.asked, [/^GetCallerIdentity by AKIATHEM/, /^HeadBucket/, /^ListObjectsV2/])
  const bad = await run(keys, { ...working, whoAmI: () => stsError(403, 'InvalidClientTokenId') })
  t.match(bad.report.outcomes, [{ class: 'caller_credentials_invalid', remedy: /key/ }])
  t.equal(bad.asked.length, 1)
})

t.test('a role without a bucket ends with who one became', async (t) => {
  const { report } = await run({ role, externalId: 'acme-1' }, working)
  t.match(report.outcomes, [{ class: 'ok', text: /assumed-role\/reader/ }])
})

t.test('a role in another partition is asked there', async (t) => {
  const chinese = 'arn:aws-cn:iam::123456789012:role/reader'
  const { asked } = await run({ role: chinese }, { ...working, assumeRole: denied })
  t.strictSame(asked, ['AssumeRole by AKIAME in cn-north-1'])
  const sovereign = 'arn:aws-eusc:iam::123456789012:role/reader'
  const there = await run({ role: sovereign }, { ...working, assumeRole: denied })
  t.strictSame(there.asked, ['AssumeRole by AKIAME in eusc-de-east-1'])
})

t.test('what slows down is asked again, a few times and later each time', async (t) => {
  let refusals = 2
  const { found, waits } = await probed({
    assumeRole: (form) => (refusals-- > 0 ? stsError(400, 'Throttling') : working.assumeRole(form)),
  })
  t.match(found, [{ class: 'ok' }])
  t.equal(waits.length, 2)
  t.ok((waits[1] ?? 0) > (waits[0] ?? 0))
})

t.test('within two minutes of a known change, what is denied is asked again', async (t) => {
  let refusals = 3
  const answers: DocumentedAnswers = {
    assumeRole: (form) => (refusals-- > 0 ? denied() : working.assumeRole(form)),
  }
  const { found, told } = await probed(answers, {}, { changedAt: new Date('2026-01-01T00:00:00Z') })
  t.match(found, [{ class: 'ok' }])
  t.match(told, [/assume_denied/, /assume_denied/, /assume_denied/])
})

t.test('two minutes after a known change, what is denied is denied', async (t) => {
  const changedAt = new Date('2026-01-01T00:00:00Z')
  const { found, waits } = await probed({ assumeRole: denied }, {}, { changedAt })
  t.match(found, [{ class: 'assume_denied' }])
  const waited = waits.reduce((sum, one) => sum + one, 0)
  t.ok(waited > 90_000 && waited <= 120_000, `${waited} ms`)
})

t.test('a success that is not of AWS proves nothing', async (t) => {
  const page = () =>
    new Response('<html><body>Log in</body></html>', { headers: { 'content-type': 'text/html' } })
  for (const answers of [{ assumeRole: page }, { whoAmI: page }, { listObjects: page }])
    t.match(
      (await probed(answers)).found,
      [{ class: 'unreachable', text: /not AWS/ }],
      Object.keys(answers).join(),
    )
  const keys = { identity: { accessKeyId: 'AKIAOWN', secretAccessKey: 's' } }
  const { report } = await run(keys, { whoAmI: page })
  t.match(report.outcomes, [{ class: 'unreachable' }])
})

t.test('what will not change is never asked again', async (t) => {
  const answers: DocumentedAnswers = {
    headBucket: () => head(404),
    listObjects: () => s3Error(404, 'NoSuchBucket'),
  }
  const { waits } = await probed(answers, {}, { changedAt: new Date('2026-01-01T00:00:00Z') })
  t.strictSame(waits, [])
})

t.test('a probe is stopped between two tries', async (t) => {
  const stop = new AbortController()
  const going = run(
    target,
    { ...working, assumeRole: denied },
    {
      changedAt: new Date('2026-01-01T00:00:00Z'),
      signal: stop.signal,
      async sleep() {
        stop.abort()
      },
    },
  )
  await t.rejects(going, { name: 'AbortError' })
})

async function probed(
  answers: DocumentedAnswers = {},
  other: Partial<ProbeTarget> = {},
  options: Partial<ProbeOptions> = {},
) {
  const { report, asked, waits, told } = await run(
    { ...target, ...other },
    { ...working, ...answers },
    options,
  )
  return { found: report.outcomes, asked, waits, told }
}

/** Time passes only in waits. */
async function run(what: ProbeTarget, answers: DocumentedAnswers, options: Partial<ProbeOptions> = {}) {
  const { asked, answer } = answering(answers)
  const waits: number[] = []
  const told: string[] = []
  let now = Date.parse('2026-01-01T00:00:00Z')
  const report = await probe(what, {
    access: {
      answer,
      identity: { accessKeyId: 'AKIAME', secretAccessKey: 's' },
      env: () => undefined,
    },
    now: () => new Date(now),
    async sleep(milliseconds) {
      waits.push(milliseconds)
      now += milliseconds
    },
    progress: (text) => told.push(text),
    ...options,
  })
  return { report, asked, waits, told }
}
