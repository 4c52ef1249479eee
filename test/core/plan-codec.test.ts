import fc from 'fast-check'
import t from 'tap'
import { Failure } from '../../src/core/diagnostic.js'
import type { Json } from '../../src/core/json.js'
import { ExactNumber, Fingerprint, Pending, type Plan, type Shown } from '../../src/core/plan.js'
import { decodePlan, encodePlan } from '../../src/core/plan-codec.js'
import { decodeShown, encodeShown } from '../../src/core/shown-codec.js'
import { list, object, string } from '../../src/core/type.js'

const plan: Plan = {
  mode: 'normal',
  lineage: 'f00d',
  seq: 7,
  changes: [
    {
      action: 'update',
      address: 'tines_credential.a',
      previousAddress: 'tines_credential.b',
      mode: 'managed',
      type: 'tines_credential',
      provider: 'tines',
      id: '6',
      origin: 'created',
      before: new Map<string, Shown>([['secret', new Fingerprint('3f1c')]]),
      after: new Map<string, Shown>([['secret', new Pending(['vault_aws_root.x'])]]),
      fields: [
        {
          name: 'secret',
          before: undefined,
          after: new ExactNumber('9007199254740993'),
          forcesReplacement: false,
          document: false,
          writeOnly: true,
        },
      ],
      reason: 'unfinished',
      mayReplace: true,
      createBeforeDestroy: false,
      consequences: [{ kind: 'widens-access', text: 'more' }],
      dependsOn: ['a.b'],
      importing: { id: '6' },
      destroys: 'delete',
    },
  ],
  outputs: [
    {
      name: 'o',
      action: 'create',
      before: undefined,
      after: null,
      type: object([['a', list(string)]], new Set(['a'])),
      sensitive: false,
    },
  ],
  drift: [{ kind: 'changed', address: 'a.b', type: 'a', id: '1', name: 'jane', fields: [] }],
  recovered: [{ address: 'a.b', action: 'create', outcome: 'found', id: '1', text: 'It was there.' }],
  diagnostics: [
    {
      severity: 'warning',
      code: 'x/y',
      summary: 's',
      span: {
        file: 'main.hcl',
        start: { line: 1, column: 2, offset: 1 },
        end: { line: 1, column: 3, offset: 2 },
      },
    },
  ],
  leftOut: ['a.c'],
  counts: { adopt: 0, add: 0, change: 1, destroy: 0, move: 1, forget: 0 },
}

const throughText = (json: Json): Json => JSON.parse(JSON.stringify(json)) as Json

t.test('a plan survives being saved and read', async (t) => {
  t.strictSame(decodePlan(throughText(encodePlan(plan))), plan)
})

const shown: fc.Arbitrary<Shown> = fc.letrec<{ shown: Shown }>((tie) => ({
  shown: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[0-9a-f]{4}$/).map((text) => new Fingerprint(text)),
    fc.array(fc.string()).map((waits) => new Pending(waits)),
    fc.bigInt().map((n) => new ExactNumber(String(n))),
    fc.array(tie('shown')),
    fc
      .dictionary(
        fc.oneof(fc.string(), fc.constantFrom('$', '$$', '$pending', '$$number', '__proto__', '10', '2')),
        tie('shown'),
      )
      .map((entries) => new Map(Object.entries(entries))),
  ),
})).shown

t.test('any document survives, also one with keys like our own tags', async (t) => {
  fc.assert(
    fc.property(shown, (value) => {
      t.strictSame(sorted(decodeShown(throughText(encodeShown(value)), 'x')), sorted(value))
    }),
    { numRuns: 300, seed: 1 },
  )
})

t.test('a key of a user never reads as a tag', async (t) => {
  const value = new Map([['$fingerprint', 'abcd']])
  const back = decodeShown(throughText(encodeShown(value)), 'x')
  t.ok(back instanceof Map)
  t.strictSame(back, value)
})

t.test('keys come back in the order of the language, also those that look like numbers', async (t) => {
  const back = decodeShown(JSON.parse('{"10":1,"2":2,"a":3}') as Json, 'x')
  t.strictSame([...(back as ReadonlyMap<string, Shown>).keys()], ['10', '2', 'a'])
})

const refused: readonly (readonly [string, (json: Record<string, Json>) => void, RegExp])[] = [
  ['a plan of another mode', (p) => (p.mode = 'maybe'), /plan\.mode must be one of normal/],
  ['a missing property', (p) => delete p.lineage, /plan\.lineage must be given/],
  ['an unknown property', (p) => (p.more = 1), /plan\.more must be absent/],
  ['a negative number', (p) => (p.seq = -1), /plan\.seq must be a whole number/],
  [
    'an unknown tag',
    (p) => (p.changes = [{ ...first(p), before: { x: { $what: 1 } } }]),
    /before\.x\.\$what/,
  ],
  [
    'a tag among other keys',
    (p) => (p.changes = [{ ...first(p), before: { x: { $number: '1', y: 2 } } }]),
    /before\.x must be an object without "\$number"/,
  ],
  [
    'a number that is none',
    (p) => (p.changes = [{ ...first(p), before: { x: { $number: 'abc' } } }]),
    /\$number/,
  ],
  [
    'an action that does not exist',
    (p) => (p.changes = [{ ...first(p), action: 'explode' }]),
    /plan\.changes\[0\]\.action/,
  ],
]

function first(p: Record<string, Json>): Record<string, Json> {
  return (p.changes as readonly Record<string, Json>[])[0] as Record<string, Json>
}

for (const [name, damage, message] of refused) {
  t.test(`${name} is refused with its place`, async (t) => {
    const json = throughText(encodePlan(plan)) as Record<string, Json>
    damage(json)
    t.throws(() => decodePlan(json), { name: 'Failure', message })
  })
}

t.test('a document that is nested too deep is refused, not a crash', async (t) => {
  let deep: Json = 1
  for (let i = 0; i < 100_000; i++) deep = [deep]
  t.throws(() => decodeShown(deep, 'x'), Failure)
  t.throws(() => decodePlan([]), { message: /plan must be an object/ })
})

function sorted(value: Shown): Shown {
  if (value instanceof Map)
    return new Map([...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)]))
  return Array.isArray(value) ? value.map(sorted) : value
}
