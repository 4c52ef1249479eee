import t from 'tap'
import type { Applied, OperationResult } from '../../src/core/plan.js'
import { list, map, number, set, string } from '../../src/core/type.js'
import {
  listValue,
  mapValue,
  nullValue,
  numberValue,
  objectValue,
  setValueOf,
  stringValue,
  tupleValue,
  unknownValue,
} from '../../src/core/value.js'
import { appliedLine, appliedText } from '../../src/views/applied-text.js'
import { driftReportText } from '../../src/views/drift-text.js'
import { elapsed } from '../../src/views/operation-words.js'
import { progressLine, stillLine, watchOperations } from '../../src/views/progress.js'
import { rowText } from '../../src/views/row-text.js'
import { plain } from '../../src/views/style.js'
import { valueText } from '../../src/views/value.js'
import { golden } from '../golden.js'
import { drifted, field, plan } from './plan-literals.js'

const ended = (result: OperationResult, message?: string) =>
  progressLine(
    { kind: 'operation-end', result, done: 3, total: 12, ...(message !== undefined && { message }) },
    plain,
  )

t.test('operations are announced and reported in the words that tools know', async (t) => {
  t.equal(
    progressLine({ kind: 'operation-start', address: 'a_b.c', verb: 'create', total: 12 }, plain),
    'a_b.c: Creating...',
  )
  t.equal(
    progressLine({ kind: 'operation-start', address: 'a_b.c', verb: 'delete', id: '6', total: 12 }, plain),
    'a_b.c: Destroying... [id=6]',
  )
  t.equal(
    ended({ address: 'a_b.c', verb: 'create', outcome: 'done', id: '6', milliseconds: 1234 }),
    'a_b.c: Creation complete after 1s [id=6] (3 of 12)',
  )
  t.equal(
    ended({ address: 'a_b.c', verb: 'update', outcome: 'failed', milliseconds: 0 }, 'HTTP 403'),
    'a_b.c: Modifications errored after 0s: HTTP 403 (3 of 12)',
  )
  t.equal(
    ended({ address: 'a_b.c', verb: 'update', outcome: 'skipped', milliseconds: 0, cause: 'a_b.d' }),
    'a_b.c: Skipped, because a_b.d failed (3 of 12)',
  )
  t.equal(
    ended({
      address: 'a_b.c',
      verb: 'update',
      outcome: 'skipped',
      milliseconds: 0,
      cause: 'a_b.d',
      service: 'keeps failing',
    }),
    'a_b.c: Skipped, because the service keeps failing: see a_b.d (3 of 12)',
  )
  const message = 'creating ada (HTTP 500): so it is not known whether the service did it'
  t.equal(
    progressLine(
      { kind: 'lookup-wait', address: 'a_b.c', verb: 'create', milliseconds: 60_000, message },
      plain,
    ),
    `a_b.c: Looking in 1m0s what came of it: ${message}`,
  )
  t.equal(
    progressLine({ kind: 'refresh-start', address: 'a_b.c', id: '6' }, plain),
    'a_b.c: Refreshing state... [id=6]',
  )
  t.match(progressLine({ kind: 'lock-wait', holder: 'jane' }, plain), /^Acquiring state lock\./)
  t.match(progressLine({ kind: 'recovery-wait', milliseconds: 1500 }, plain), /Waiting 2s/)
})

t.test(
  'an operation that goes on is mentioned every ten seconds, and no more once it has ended',
  async (t) => {
    let now = 0
    const watch = watchOperations(() => now)
    watch.see({ kind: 'operation-start', address: 'a_b.c', verb: 'create', total: 1 })
    t.strictSame(watch.due(), [])
    now = 10_500
    t.strictSame(watch.due(), [{ address: 'a_b.c', verb: 'create', id: undefined, seconds: 10 }])
    t.strictSame(watch.due(), [])
    now = 20_000
    const [still] = watch.due()
    t.equal(still === undefined ? '' : stillLine(still, plain), 'a_b.c: Still creating... [20s elapsed]')
    watch.see({
      kind: 'operation-end',
      result: { address: 'a_b.c', verb: 'create', outcome: 'done', milliseconds: 21_000 },
      done: 1,
      total: 1,
    })
    now = 40_000
    t.strictSame(watch.due(), [])
  },
)

t.test('time reads as people say it', async (t) => {
  t.strictSame([0, 999, 59_999, 61_000, 3_723_000].map(elapsed), ['0s', '0s', '59s', '1m1s', '1h2m3s'])
})

const none = { adopt: 0, add: 0, change: 0, destroy: 0, move: 0, forget: 0, failed: 0, skipped: 0 }
const applied = (facts: Partial<Applied>): Applied => ({
  plan: plan({}),
  results: [],
  diagnostics: [],
  outputs: new Map(),
  interrupted: false,
  counts: none,
  ...facts,
})

t.test('how an apply ended is said in the line that tools look for', async (t) => {
  t.equal(
    appliedLine(applied({ counts: { ...none, add: 4 } })),
    'Apply complete! Resources: 4 added, 0 changed, 0 destroyed.',
  )
  t.equal(
    appliedLine(applied({ counts: { ...none, adopt: 1, change: 2 } })),
    'Apply complete! Resources: 1 imported, 0 added, 2 changed, 0 destroyed.',
  )
  t.equal(
    appliedLine(applied({ plan: plan({ mode: 'destroy' }), counts: { ...none, destroy: 3 } })),
    'Destroy complete! Resources: 3 destroyed.',
  )
  t.equal(
    appliedLine(applied({ counts: { ...none, add: 1, failed: 1, skipped: 2 } })),
    'Apply incomplete! Resources: 1 added, 0 changed, 0 destroyed; 1 failed, 2 skipped.',
  )
  t.match(appliedLine(applied({ interrupted: true })), /^Apply incomplete!/)
})

t.test('an apply that failed in part says what failed, what was skipped and why', async (t) => {
  golden(
    t,
    'apply-incomplete.txt',
    appliedText(
      applied({
        counts: { ...none, add: 1, failed: 1, skipped: 1 },
        results: [
          { address: 'a_b.c', verb: 'create', outcome: 'done', id: '1', milliseconds: 1 },
          { address: 'a_b.d', verb: 'update', outcome: 'failed', milliseconds: 1 },
          { address: 'a_b.e', verb: 'delete', outcome: 'skipped', milliseconds: 0, cause: 'a_b.d' },
        ],
        outputs: new Map([
          ['count', { value: numberValue(2), sensitive: false }],
          ['id', { value: unknownValue(), sensitive: false }],
          ['ids', { value: tupleValue([stringValue('7'), unknownValue()]), sensitive: false }],
          ['secret', { value: stringValue('hush', true), sensitive: true }],
        ]),
      }),
      plain,
    ),
  )
})

t.test('values read as expressions, and say which kind of collection they are', async (t) => {
  golden(
    t,
    'value.txt',
    `${valueText(
      objectValue([
        ['tuple', tupleValue([stringValue('a'), numberValue(1), nullValue()])],
        ['list', listValue(string, [stringValue('a')])],
        ['set', setValueOf(string, [stringValue('a')])],
        ['map', mapValue(number, [['k"', numberValue(1)]])],
        ['empty', tupleValue([])],
        ['nothing', mapValue(list(set(map(string))), [])],
        ['secret', stringValue('hush', true)],
        ['later', unknownValue(string)],
        ['text', stringValue('one\ntwo\u001b\n')],
        ['object', objectValue([['a', objectValue([['b', tupleValue([objectValue([])])]])]])],
      ]),
    )}\n`,
  )
})

t.test('a recorded object is shown with what the service has and what was last sent', async (t) => {
  golden(
    t,
    'row.txt',
    rowText(
      {
        address: 'tines_credential.aws',
        type: 'tines_credential',
        schemaVersion: 1,
        provider: 'tines',
        endpoint: 'https://t',
        id: '6',
        naturalKey: 'aws',
        inputs: { name: 'aws', secret_key: { $secret: '3f1c' } },
        attributes: { id: '6', name: 'aws', tags: ['x'], nothing: null },
        dependsOn: [],
        createBeforeDestroy: false,
        preventDestroy: false,
        origin: 'created',
      },
      plain,
    ),
  )
})

t.test('a drift report lists what was changed, deleted, not adopted and not managed', async (t) => {
  golden(
    t,
    'drift.txt',
    driftReportText(
      [
        drifted({
          kind: 'changed',
          address: 'a_b.c["k"]',
          type: 'a_b',
          id: '6',
          fields: [field({ name: 'role', before: 'old', after: 'new' })],
        }),
        drifted({ kind: 'vanished', address: 'a_b.d', type: 'a_b', id: '7' }),
        drifted({ kind: 'not-adopted', address: 'a_b.e', type: 'a_b', id: '8', name: 'e@example.com' }),
        drifted({ kind: 'unmanaged', type: 'a_b', id: '9', name: 'x\u001b[0m' }),
      ],
      true,
      plain,
    ),
  )
  t.match(driftReportText([], false, plain), /^No drift\./)
})
