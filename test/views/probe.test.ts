import t from 'tap'
import type { Probed, ProbeResult } from '../../src/core/probed.js'
import { probeDiagnostics } from '../../src/views/probe-diagnostics.js'
import { probeJunit } from '../../src/views/probe-junit.js'
import { probeText } from '../../src/views/probe-text.js'
import { plain } from '../../src/views/style.js'

const access = (more: Partial<Probed>): Probed => ({
  address: 'a.b',
  type: 'a',
  identity: 'arn:aws:iam::123456789012:role/r',
  place: 's3://data',
  outcomes: [{ class: 'ok', severity: 'ok', text: 'Fine.' }],
  milliseconds: 10,
  ...more,
})

const weak = {
  class: 'trust_without_external_id',
  severity: 'warning',
  text: 'Weak.',
  remedy: 'Do it.',
} as const

t.test('a line for each access, what to do, and what it does not prove', async (t) => {
  const result: ProbeResult = {
    caller: 'arn:aws:iam::111111111111:user/me',
    accesses: [
      access({ assumedBy: 'Trifacta' }),
      access({
        address: 'a.longer["x\u001b[31m"]',
        place: 's3://other',
        outcomes: [{ class: 'no_such_bucket', severity: 'error', text: 'None.\u0007', remedy: 'Look.' }],
        assumedBy: 'Trifacta',
      }),
      { address: 'a.c', type: 'a', outcomes: [], skipped: 'role is known only after apply', milliseconds: 0 },
    ],
  }
  t.equal(
    probeText(result, plain),
    `a.b                      arn:aws:iam::123456789012:role/r -> s3://data   ok
a.longer["x\\u001b[31m"]  arn:aws:iam::123456789012:role/r -> s3://other  no_such_bucket
a.c                      -                                               not probed: role is known only after apply

Failed: no_such_bucket a.longer["x\\u001b[31m"]
  None.\\u0007
  Look.

Roles were assumed by arn:aws:iam::111111111111:user/me; the services assume them as principals of their own (Trifacta).
So this proves what the roles may do, and not that their trust policies let the services in: a role may work here and be closed to the service, or the other way round.

Probed 2 accesses: 1 ok, 1 failed. 1 not probed.
`,
  )
})

t.test('where we are whom the service is, a probe proves all of it; keys have nobody to trust', async (t) => {
  const caller = 'arn:aws:iam::111111111111:user/me'
  const accesses = [access({ assumedBy: caller }), access({ identity: 'access key' })]
  t.notMatch(probeText({ caller, accesses }, plain), /Roles were assumed/)
  t.match(probeText({ caller, accesses: [access({})] }, plain), /assume them as principals of their own/)
})

t.test('where AWS said nothing, nothing is said to be proved', async (t) => {
  const silent = { class: 'unreachable', severity: 'error', text: 'None.' } as const
  t.notMatch(probeText({ accesses: [access({ outcomes: [silent] })] }, plain), /Roles were assumed|proves/)
})

t.test('a weakness of an access that fails is not said to be one of an access that works', async (t) => {
  const missing = { class: 'no_such_bucket', severity: 'error', text: 'None.' } as const
  const summaries = (outcomes: Probed['outcomes']) =>
    probeDiagnostics({ accesses: [access({ outcomes })] }).map(({ summary }) => summary)
  t.strictSame(summaries([weak]), ['The access works, with a warning (trust_without_external_id)'])
  t.strictSame(summaries([missing, weak]), [
    'The access would not work (no_such_bucket)',
    'The access has another weakness (trust_without_external_id)',
  ])
})

t.test('what is said of a role is said once for all its buckets', async (t) => {
  const accesses = ['s3://x', 's3://y'].map((place) => access({ place, outcomes: [weak] }))
  t.equal(probeText({ accesses }, plain).match(/Weak\./g)?.length, 1)
  t.match(probeDiagnostics({ accesses }), [
    { severity: 'warning', code: 'probe/trust-without-external-id', help: 'Do it.', address: 'a.b' },
  ])
  t.equal(probeDiagnostics({ accesses }).length, 1)
})

t.test('in JUnit a warning is no failure, and what was not probed is skipped', async (t) => {
  const xml = probeJunit(
    { accesses: [access({ outcomes: [weak] }), access({ outcomes: [], skipped: 'later' })] },
    new Date('2026-01-01T00:00:00Z'),
  )
  t.match(xml, /tests="2" failures="0" errors="0" skipped="1"/)
  t.match(xml, /<system-out>trust_without_external_id: Weak\.\nDo it\./)
  t.match(xml, /<skipped message="later"\/>/)
})
