import fc from 'fast-check'
import t from 'tap'
import { Failure } from '../../src/core/diagnostic.js'
import { decodeGroup, encodeGroup, packEntry } from '../../src/core/journal-codec.js'
import type { Json, JsonObject } from '../../src/core/json.js'
import { Secret } from '../../src/core/secret.js'
import type { NewEntry } from '../../src/core/state.js'
import { create, lineage, of, opened, row } from './journal-fixture.js'

const head = { lineage, seq: 3, run: 'r1', nonce: 'n', at: '2025-01-01T00:00:00.000Z' }
const bytesOf = (...entries: readonly NewEntry[]) => encodeGroup(head, entries.map(packEntry))
const jane = 'trifacta_person.jane'

function refusal(bytes: Uint8Array | string): string {
  try {
    decodeGroup(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, '.rolecall/state/x')
    return 'accepted'
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const [first] = error.diagnostics
    return first?.help === undefined ? 'no help' : `${first.code} ${first.detail}`
  }
}

/** An append as JSON, with some fields changed; undefined removes one. */
function changed(fields: Readonly<Record<string, unknown>> = {}): string {
  const group: unknown = JSON.parse(Buffer.from(bytesOf(create('1', jane))).toString())
  return JSON.stringify({ ...(group as object), ...fields })
}

t.test('entries of an append come back as they were, with what the append gives all of them', async (t) => {
  const entries = [
    create('1', jane, { seen: ['3', '4'] }),
    { event: 'done', address: jane, row: row(jane, '7') },
  ] as const
  const group = decodeGroup(bytesOf(...entries), 'x')
  t.same(group, { ...head, entries: of('r1', ...entries) })
})

t.test('the same append has the same bytes', async (t) => {
  t.same(bytesOf(create('1', jane)), bytesOf(create('1', jane)))
})

t.test('any JSON comes back from inputs, whatever its keys', async () => {
  const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', '1'))
  const { json } = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.string({ unit: 'binary' }),
      fc.array(tie('json'), { maxLength: 4 }),
      fc
        .array(fc.tuple(key, tie('json')), { maxLength: 4 })
        .map((pairs) => Object.fromEntries(pairs) as Json),
    ),
  }))
  const inputs = fc.array(fc.tuple(key, json)).map((pairs) => Object.fromEntries(pairs) as JsonObject)
  fc.assert(
    fc.property(inputs, (inputs) => {
      const [entry] = decodeGroup(bytesOf(create('1', jane, { inputs })), 'x').entries
      return JSON.stringify(entry?.inputs) === JSON.stringify(inputs)
    }),
    { seed: 1, numRuns: 300 },
  )
})

t.test('a key named __proto__ in inputs is a key like any other', async (t) => {
  const inputs = JSON.parse('{"__proto__": {"admin": true}}') as JsonObject
  const [entry] = decodeGroup(bytesOf(create('1', jane, { inputs })), 'x').entries
  t.ok(Object.hasOwn(entry?.inputs ?? {}, '__proto__'))
  t.equal((entry?.inputs as { admin?: boolean } | undefined)?.admin, undefined)
})

t.test('a key named __proto__ is refused where fields are fixed', async (t) => {
  const text = changed().replace('"event"', '"__proto__":{"row":{}},"event"')
  t.equal(
    refusal(text),
    'state/corrupt .rolecall/state/x: the append.entries[0] has a field "__proto__", which is not known.',
  )
})

t.test('an append is refused with its place when it is not exactly what was written', async (t) => {
  t.match(refusal('no json'), /^state\/corrupt \.rolecall\/state\/x: it is not JSON/)
  t.match(refusal(Buffer.from([0x7b, 0xff, 0x7d])), /state\/corrupt .* it is not JSON/)
  t.match(refusal(bytesOf(create('1', jane)).subarray(0, 80)), /state\/corrupt .* it is not JSON/)
  t.match(refusal(''), /state\/corrupt/)
  t.match(refusal('[]'), /state\/foreign/)
  t.match(refusal('{"version": 4, "terraform_version": "1.11.4"}'), /state\/foreign/)
  t.match(refusal(changed({ seq: -1 })), /the append\.seq must be a whole number/)
  t.match(refusal(changed({ entries: {} })), /the append\.entries must be a list/)
  t.match(refusal(changed({ more: 1 })), /has a field "more", which is not known/)
  t.match(refusal(changed({ nonce: undefined })), /the append\.nonce is missing/)
  t.match(refusal(changed({ entries: [{ event: 'burnt' }] })), /entries\[0\]\.event must be one of opened/)
  t.match(refusal(changed({ entries: [{ event: 'begin', op: '1' }] })), /address is missing: begin needs it/)
  t.match(refusal(changed({ version: 0 })), /state\/corrupt .*version/)
})

t.test('an append of a newer version is refused with the advice to upgrade', async (t) => {
  t.match(refusal(changed({ version: 2 })), /^state\/newer-version .* format version 2/)
})

t.test('an append must not claim the lease for another run or another lineage', async (t) => {
  const foreign = encodeGroup(head, [packEntry(opened('r2'))])
  t.match(refusal(foreign), /run r1 claims the lease for run r2/)
  const strayed = encodeGroup({ ...head, lineage: 'ff' }, [packEntry({ ...opened('r1'), lineage: 'ee' })])
  t.match(refusal(strayed), /an entry names lineage ee, the append ff/)
})

t.test('JSON that is nested too deep for recursive code is refused', async (t) => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const text = changed().replace('"inputs":{}', `"inputs":{"a":${deep}}`)
  t.match(refusal(text), /entries\[0\]\.inputs is nested more than 200 levels deep/)
})

t.test(
  'an entry that readers would refuse, or that holds a secret, is a bug that is found before anything is written',
  async (t) => {
    t.throws(
      () => packEntry({ event: 'begin', op: '1' }),
      /not an entry for the journal: entry\.address is missing/,
    )
    t.throws(
      () => packEntry({ event: 'done', address: jane, row: row('trifacta_person.joe', '7') }),
      /row\.address must be the address of the entry/,
    )
    const inputs = { token: new Secret('hunter2') } as unknown as JsonObject
    t.throws(() => packEntry(create('1', jane, { inputs })), /a secret has no JSON form/)
  },
)
