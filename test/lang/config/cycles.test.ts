import t from 'tap'
import type { Diagnostic, Span } from '../../../src/core/diagnostic.js'
import { reportCycles } from '../../../src/lang/config/cycles.js'
import { noGaps } from '../../../src/lang/config/gaps.js'
import { addEdge, type Edges } from '../../../src/lang/config/references.js'
import { testSchemas } from '../schemas.js'

function cyclesOf(...pairs: readonly string[]): readonly (string | undefined)[] {
  const edges: Edges = new Map()
  pairs.forEach((pair, i) => {
    const [from, to] = pair.split(' ') as [string, string]
    const at = { line: i + 1, column: 1, offset: i }
    addEdge(edges, from, to, { file: 'f', start: at, end: at } satisfies Span)
  })
  const found: Diagnostic[] = []
  reportCycles(edges, {
    schemas: testSchemas,
    report: (diagnostic) => found.push(diagnostic),
    hide: () => {},
    hideAfter: () => {},
    unread: () => {},
    doubtful: new Set(),
    gaps: noGaps,
  })
  return found.map((diagnostic) => diagnostic.detail)
}

t.test('a circle is reported once, with its shortest path and places', async (t) => {
  t.same(cyclesOf('a b', 'b c'), [])
  t.same(cyclesOf('a a'), ['a -> a (f:1).'])
  t.same(cyclesOf('a b', 'b a'), ['a -> b -> a (f:1, f:2).'])
  t.same(cyclesOf('a b', 'b c', 'c d', 'd a', 'b a'), ['a -> b -> a (f:1, f:5).'])
})

t.test('separate circles are reported separately', async (t) => {
  t.same(cyclesOf('x a', 'a b', 'b a', 'b c', 'c d', 'd c'), [
    'c -> d -> c (f:5, f:6).',
    'a -> b -> a (f:2, f:3).',
  ])
})

t.test('a chain of any length is walked without recursion', async (t) => {
  const chain = Array.from({ length: 50_000 }, (_, i) => `n${i} n${i + 1}`)
  t.same(cyclesOf(...chain), [])
  t.equal(cyclesOf(...chain, 'n50000 n0').length, 1)
})
