import t from 'tap'
import { Failure } from '../../src/core/diagnostic.js'
import { emptyState, type FoldedState, foldEntries } from '../../src/core/journal.js'
import { decodeSnapshot, encodeSnapshot } from '../../src/core/snapshot-codec.js'
import { create, lineage, of, opened, row } from './journal-fixture.js'

const jane = 'trifacta_person.jane'
const joe = 'trifacta_person.joe'

/** A state with everything in it that a state can have. */
function full(order: readonly string[] = [jane, joe]): FoldedState {
  const state = emptyState(lineage)
  foldEntries(state, 1, of('r1', { ...opened('r1'), fingerprintKey: 'ab'.repeat(32) }))
  foldEntries(
    state,
    2,
    of('r1', ...order.map((address) => ({ event: 'done' as const, address, row: row(address, address) }))),
  )
  foldEntries(state, 3, of('r1', create('1', jane), create('2', 'trifacta_person.kim')))
  foldEntries(
    state,
    4,
    of('r1', { event: 'done', op: '1', address: jane, row: row(jane, '9'), deposes: 'old' }),
  )
  foldEntries(
    state,
    5,
    of('r2', opened('r2', 'takeover'), { event: 'outputs', outputs: { a: { value: 1 } } }),
  )
  return state
}

function refusal(text: string | Uint8Array): string {
  try {
    decodeSnapshot(typeof text === 'string' ? Buffer.from(text) : text, 's')
    return 'accepted'
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const [first] = error.diagnostics
    return first?.help === undefined ? 'no help' : `${first.code} ${first.detail}`
  }
}

function changed(fields: Readonly<Record<string, unknown>>): string {
  const written: unknown = JSON.parse(Buffer.from(encodeSnapshot(full())).toString())
  return JSON.stringify({ ...(written as object), ...fields })
}

t.test('a snapshot gives back the whole state, down to what only the fold needs', async (t) => {
  const state = full()
  t.same(decodeSnapshot(encodeSnapshot(state), 's'), state)
  const closed = foldEntries(full(), 6, of('r2', { event: 'closed', movedTo: 's3://b/k' }))
  t.same(decodeSnapshot(encodeSnapshot(closed), 's'), closed)
})

t.test('a state that goes on from a snapshot is the state that goes on from the journal', async (t) => {
  const next = of('r2', {
    event: 'done',
    op: '2',
    address: 'trifacta_person.kim',
    row: row('trifacta_person.kim', '3'),
  })
  const direct = foldEntries(full(), 6, next)
  const indirect = foldEntries(decodeSnapshot(encodeSnapshot(full()), 's'), 6, next)
  t.same(encodeSnapshot(indirect), encodeSnapshot(direct))
})

t.test('equal states give equal bytes, in whatever order their rows came', async (t) => {
  t.same(encodeSnapshot(full([joe, jane])), encodeSnapshot(full([jane, joe])))
})

t.test('a damaged or foreign snapshot is refused with its place', async (t) => {
  t.match(refusal(encodeSnapshot(full()).subarray(0, 100)), /^state\/corrupt s: it is not JSON/)
  t.match(refusal('{}'), /^state\/foreign s:/)
  t.match(refusal(changed({ version: 3 })), /^state\/newer-version s: format version 3/)
  t.match(refusal(changed({ rows: [{ address: 'a.b' }] })), /the snapshot\.rows\[0\]\.type is missing/)
  t.match(refusal(changed({ rows: [row(jane, '1'), row(jane, '2')] })), /two rows have the same address/)
  t.match(
    refusal(changed({ open: [{ event: 'closed', at: '', run: 'r', nonce: 'n' }] })),
    /open entry is "closed"/,
  )
  t.match(refusal(changed({ takeovers: ['1'] })), /takeovers\[0\] must be a whole number/)
  t.match(refusal(changed({ fingerprintKey: 'secret' })), /fingerprintKey must be 32 to 128/)
  t.match(refusal(changed({}).replace('"rows"', '"__proto__"')), /rows is missing/)
  t.match(refusal(changed({}).replace('"inputs"', '"__proto__":{},"inputs"')), /has a field "__proto__"/)
})

t.test('20,000 rows are read and checked quickly', async (t) => {
  const state = emptyState(lineage)
  foldEntries(state, 1, of('r1', opened('r1')))
  for (let i = 0; i < 20_000; i++)
    state.rows.set(`trifacta_person.p[${i}]`, row(`trifacta_person.p[${i}]`, `${i}`))
  const bytes = encodeSnapshot(state)
  decodeSnapshot(bytes, 's')
  const start = performance.now()
  t.equal(decodeSnapshot(bytes, 's').rows.size, 20_000)
  const took = performance.now() - start
  t.comment(`${took.toFixed(0)} ms for ${bytes.length} bytes`)
  t.ok(took < 1_000, 'far below what checks that copy would take on a busy machine')
})
