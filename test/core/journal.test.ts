import t from 'tap'
import {
  cloneState,
  emptyState,
  type FoldedState,
  foldEntries,
  ImpossibleEntry,
} from '../../src/core/journal.js'
import { type NewEntry, rowKey } from '../../src/core/state.js'
import { exportState } from '../../src/core/state-document.js'
import { create, holder, lineage, of, opened, row } from './journal-fixture.js'

/** The state after appends of run `r1`, which opened it. */
function after(...appends: readonly NewEntry[]): FoldedState {
  const state = foldEntries(emptyState(lineage), 1, of('r1', opened('r1')))
  for (const entry of appends) foldEntries(state, state.seq + 1, of('r1', entry))
  return state
}

const jane = 'trifacta_person.jane'
const joe = 'trifacta_person.joe'

t.test('an empty state has no lineage, no rows and no holder', async (t) => {
  const state = emptyState()
  t.match(state, { lineage: '', seq: 0, holder: undefined, fingerprintKey: undefined })
  t.equal(state.rows.size, 0)
})

t.test(
  'the first opening gives the state its holder and its fingerprint key; a later key changes nothing',
  async (t) => {
    const state = emptyState(lineage)
    foldEntries(state, 1, of('r1', { ...opened('r1'), fingerprintKey: 'aa' }, { event: 'closed' }))
    foldEntries(state, 2, of('r2', { ...opened('r2'), fingerprintKey: 'bb' }))
    t.equal(state.fingerprintKey, 'aa')
    t.equal(state.holder?.run, 'r2')
  },
)

t.test('a begun operation is open until it is done or failed', async (t) => {
  const state = after(create('1', jane), create('2', joe))
  t.same([...state.open.keys()], ['1', '2'])
  foldEntries(state, 4, of('r1', { event: 'failed', op: '1' }))
  foldEntries(state, 5, of('r1', { event: 'done', op: '2', address: joe, row: row(joe, '7') }))
  t.equal(state.open.size, 0)
  t.same([...state.rows.keys()], [joe])
})

t.test('a later begin of the same operation takes the place of the first', async (t) => {
  const state = after(create('1', jane), create('1', jane, { budget: 5 }))
  t.equal(state.open.get('1')?.budget, 5)
})

t.test('done without a row removes the row', async (t) => {
  const state = after({ event: 'done', address: jane, row: row(jane, '7') }, { event: 'done', address: jane })
  t.equal(state.rows.size, 0)
})

t.test('done of a create at an address that has a row deposes that row in the same entry', async (t) => {
  const state = after({ event: 'done', address: jane, row: row(jane, '7') }, create('1', jane), {
    event: 'done',
    op: '1',
    address: jane,
    row: row(jane, '8'),
    deposes: 'old',
  })
  t.equal(state.rows.get(jane)?.id, '8')
  t.equal(state.rows.get(`${jane} (deposed old)`)?.id, '7')
  t.equal(state.rows.get(`${jane} (deposed old)`)?.deposedKey, 'old')
})

t.test(
  'a create never loses the object of the row it replaces, even without a key to depose it under',
  async (t) => {
    const state = after({ event: 'done', address: jane, row: row(jane, '7') }, create('op1', jane), {
      event: 'done',
      op: 'op1',
      address: jane,
      row: row(jane, '8'),
    })
    t.same(
      [...state.rows.values()].map((each) => [each.id, each.deposedKey]),
      [
        ['7', 'op1'],
        ['8', undefined],
      ],
    )
  },
)

t.test('an adoption of another id, which no create announced, replaces the row', async (t) => {
  const state = after(
    { event: 'done', address: jane, row: row(jane, '7') },
    { event: 'done', address: jane, row: row(jane, '8', { origin: 'adopted' }) },
  )
  t.same(
    [...state.rows.values()].map((each) => each.id),
    ['8'],
  )
})

t.test('a create that finds the object of its own deposed row restores it', async (t) => {
  const state = after(
    { event: 'done', address: jane, row: row(jane, '7') },
    create('1', jane),
    { event: 'done', op: '1', address: jane, row: row(jane, '8'), deposes: 'old' },
    create('2', jane),
    { event: 'done', op: '2', address: jane, row: row(jane, '7'), deposes: 'new' },
  )
  t.equal(state.rows.get(jane)?.id, '7')
  t.equal(state.rows.get(`${jane} (deposed new)`)?.id, '8')
  t.equal(state.rows.size, 2, 'no object stands in two rows')
})

t.test('deposing twice under one key keeps both rows', async (t) => {
  const state = after(
    { event: 'done', address: jane, row: row(jane, '1') },
    create('a', jane),
    { event: 'done', op: 'a', address: jane, row: row(jane, '2'), deposes: 'k' },
    create('b', jane),
    { event: 'done', op: 'b', address: jane, row: row(jane, '3'), deposes: 'k' },
  )
  t.same(
    [...state.rows.values()].map((each) => [each.id, each.deposedKey]),
    [
      ['1', 'k'],
      ['2', 'k-2'],
      ['3', undefined],
    ],
  )
})

t.test('a deposed row is deleted by its key and leaves its successor alone', async (t) => {
  const state = after(
    { event: 'done', address: jane, row: row(jane, '7') },
    create('1', jane),
    { event: 'done', op: '1', address: jane, row: row(jane, '8'), deposes: 'old' },
    { event: 'begin', op: '2', address: jane, deposedKey: 'old', action: 'delete', budget: 1 },
    { event: 'done', op: '2', address: jane, deposedKey: 'old' },
  )
  t.same(
    [...state.rows.values()].map((each) => each.id),
    ['8'],
  )
  t.equal(state.deposed.size, 0)
})

t.test(
  'what recovery found unfinished marks the row, so that the next plan runs the verb again',
  async (t) => {
    const state = after(
      create('1', jane),
      { event: 'done', op: '1', address: jane, row: row(jane, '7'), unfinished: true },
      { event: 'begin', op: '2', address: joe, action: 'delete', budget: 1, row: row(joe, '8') },
      { event: 'done', op: '2', address: joe, row: row(joe, '8'), unfinished: true },
    )
    t.equal(state.rows.get(jane)?.unfinished, 'update')
    t.equal(state.rows.get(joe)?.unfinished, 'delete')
  },
)

t.test('a move renames the row; a row that is in the way is deposed, not lost', async (t) => {
  const state = after(
    { event: 'done', address: jane, row: row(jane, '7') },
    { event: 'done', address: joe, row: row(joe, '8') },
    { event: 'moved', from: jane, address: joe, op: 'm' },
  )
  t.same(
    [...state.rows.values()].map((each) => [each.address, each.id, each.deposedKey]),
    [
      [joe, '8', 'm'],
      [joe, '7', undefined],
    ],
  )
})

t.test('what is deposed by a move gets the key that the entry names', async (t) => {
  const state = after(
    { event: 'done', address: jane, row: row(jane, '7') },
    { event: 'done', address: joe, row: row(joe, '8') },
    { event: 'moved', from: jane, address: joe, deposes: 'old-8' },
  )
  t.equal(state.rows.get(rowKey({ address: joe, deposedKey: 'old-8' }))?.id, '8')
})

t.test('a move of what is not there, or to where it is, does nothing', async (t) => {
  const state = after(
    { event: 'done', address: jane, row: row(jane, '7') },
    { event: 'moved', from: joe, address: jane },
    { event: 'moved', from: jane, address: jane },
  )
  t.same([...state.rows.keys()], [jane])
})

t.test('forgetting drops the row', async (t) => {
  const state = after(
    { event: 'done', address: jane, row: row(jane, '7') },
    { event: 'forgotten', address: jane },
  )
  t.equal(state.rows.size, 0)
})

t.test('outputs are recorded as a whole', async (t) => {
  const state = after({ event: 'outputs', outputs: { a: 1, b: 2 } }, { event: 'outputs', outputs: { b: 3 } })
  t.same(state.outputs, { b: 3 })
})

t.test(
  'reset replaces rows, outputs, open operations and the fingerprint key, and keeps lineage and holder',
  async (t) => {
    const other = foldEntries(
      emptyState('ff'),
      1,
      of('x', { ...opened('x'), lineage: 'ff', fingerprintKey: 'cc' }),
    )
    foldEntries(other, 2, of('x', { event: 'done', address: joe, row: row(joe, '9') }))
    const state = after({ event: 'done', address: jane, row: row(jane, '7') }, create('1', jane), {
      event: 'reset',
      state: exportState(other),
    })
    t.same([...state.rows.keys()], [joe])
    t.equal(state.open.size, 0)
    t.equal(state.fingerprintKey, 'cc')
    t.equal(state.lineage, lineage)
    t.equal(state.holder?.run, 'r1')
  },
)

t.test('closing gives the lease back; a state that has moved says where to', async (t) => {
  t.equal(after({ event: 'closed' }).holder, undefined)
  t.equal(after({ event: 'closed', movedTo: 's3://b/k' }).movedTo, 's3://b/k')
})

t.test('the fold refuses what no correct run can have written', async (t) => {
  const state = after()
  const refused = (seq: number, entries: Parameters<typeof foldEntries>[2]) =>
    t.throws(() => foldEntries(cloneState(state), seq, entries), ImpossibleEntry)
  refused(3, of('r1', create('1', jane)))
  refused(2, of('r2', create('1', jane)))
  refused(2, of('r2', opened('r2', 'opened')))
  t.throws(
    () => foldEntries(after({ event: 'closed' }), 3, of('r1', create('1', jane))),
    /run r1 recorded "begin" in append 3, but no run held the lease/,
  )
})

t.test(
  'a run that was taken over with open operations is remembered until they are all answered for',
  async (t) => {
    const state = after(create('1', jane), create('2', joe))
    foldEntries(state, 4, of('r2', opened('r2', 'takeover')))
    foldEntries(state, 5, of('r2', { event: 'closed' }))
    foldEntries(state, 6, of('r3', opened('r3')))
    t.same([...state.unended.keys()], ['r1'], 'force-unlock in between does not end it')
    foldEntries(state, 7, of('r3', { event: 'failed', op: '1' }))
    t.same([...state.unended.keys()], ['r1'])
    foldEntries(state, 8, of('r3', { event: 'failed', op: '2' }))
    t.same([...state.unended.keys()], [])
    t.same(state.takeovers, [4])
  },
)

t.test('a run that closed with open operations has ended', async (t) => {
  const state = after(create('1', jane), { event: 'closed' })
  foldEntries(state, 4, of('r2', opened('r2')))
  t.equal(state.open.size, 1)
  t.equal(state.unended.size, 0)
})

t.test('a clone stays as it is when the original moves on', async (t) => {
  const state = after({ event: 'done', address: jane, row: row(jane, '7') })
  const copy = cloneState(state)
  foldEntries(state, 3, of('r1', { event: 'forgotten', address: jane }, create('1', joe)))
  foldEntries(state, 4, of('r2', { event: 'takeover', holder: holder('r2'), lineage }))
  t.equal(copy.rows.size, 1)
  t.equal(copy.open.size, 0)
  t.same([copy.seq, copy.takeovers, copy.unended.size, copy.holder?.run], [2, [], 0, 'r1'])
})

t.test('one more append costs the same on 20,000 rows as on none', async (t) => {
  const state = after()
  for (let i = 0; i < 20_000; i++) {
    const address = `trifacta_person.p[${i}]`
    foldEntries(state, state.seq + 1, of('r1', { event: 'done', address, row: row(address, `${i}`) }))
  }
  const rows = state.rows
  const start = performance.now()
  for (let i = 0; i < 1_000; i++)
    foldEntries(state, state.seq + 1, of('r1', { event: 'outputs', outputs: { i } }))
  t.ok(performance.now() - start < 200, '1,000 appends take far less than copying 20,000 rows 1,000 times')
  t.equal(state.rows, rows)
})
