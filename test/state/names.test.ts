import t from 'tap'
import { journalName, numbersIn, snapshotName } from '../../src/state/names.js'

t.test('numbers sort as names do', async (t) => {
  t.equal(journalName('ab', 7), 'ab/journal/00000000000000000007')
  t.equal(snapshotName('ab', 12), 'ab/snapshot/00000000000000000012')
  t.ok(journalName('ab', 9) < journalName('ab', 10))
})

t.test('only names of the lineage count, and of them only numbers', async (t) => {
  const names = [
    journalName('ab', 2),
    journalName('ab', 1),
    journalName('cd', 3),
    snapshotName('ab', 1),
    'lineage',
    'beat',
    'ab/journal/00000000000000000003~',
    'ab/journal/3',
    'ab/journal/0000000000000000000x',
    'ab/journal/99999999999999999999',
    'ab/journal/00000000000000000000',
    'ab/journal/old/00000000000000000004',
  ]
  t.same(numbersIn(names, 'ab'), { journal: [1, 2], snapshots: [1] })
})
