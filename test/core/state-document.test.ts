import t from 'tap'
import { emptyState, foldEntries } from '../../src/core/journal.js'
import { exportState, parseState, printState } from '../../src/core/state-document.js'
import { lineage, of, opened, row } from './journal-fixture.js'

const state = foldEntries(
  emptyState(lineage),
  1,
  of(
    'r1',
    { ...opened('r1'), fingerprintKey: 'ab'.repeat(32) },
    { event: 'done', address: 'trifacta_person.joe', row: row('trifacta_person.joe', '8') },
    { event: 'done', address: 'trifacta_person.jane', row: row('trifacta_person.jane', '7') },
    { event: 'outputs', outputs: { n: { value: 1 } } },
  ),
)

t.test('a state that was pulled is the state that is pushed', async (t) => {
  const document = parseState(printState(state), 'state.json')
  t.same(document, exportState(state))
  t.same(
    document.rows.map((row) => row.address),
    ['trifacta_person.jane', 'trifacta_person.joe'],
    'in the order of addresses',
  )
})

t.test('a file that is no state is refused', async (t) => {
  const refused = (text: string, message: RegExp) =>
    t.throws(() => parseState(Buffer.from(text), 'state.json'), { message })
  refused('{"version": 4, "terraform_version": "1.11.4"}', /not the state that belongs here: state\.json/)
  refused('{"format":"rolecall-state","version":1}', /state\.json: the state\.lineage is missing/)
  refused('{"format":"rolecall-state","version":2}', /newer version/)
  const twice = { ...exportState(state), rows: [row('a.b', '1'), row('a.b', '2')] }
  refused(JSON.stringify(twice), /two rows are for a\.b/)
})
