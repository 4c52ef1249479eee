import t from 'tap'
import { matchesWildcards } from '../../src/core/wildcards.js'

t.test('a star stands for any text, a question mark for one character', async (t) => {
  for (const [pattern, text, fits] of [
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['?', '', false],
    ['acme-*', 'acme-', true],
    ['acme-*', 'acme-data', true],
    ['acme-*', 'acme', false],
    ['*-data', 'acme-data-data', true],
    ['*-data', 'acme-data-x', false],
    ['a?c', 'a\u{1F600}c', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a.c', 'abc', false],
    ['**', 'line\nbreak', true],
  ] as const)
    t.equal(matchesWildcards(pattern, text), fits, `${pattern} and ${JSON.stringify(text)}`)
})

t.test('no pattern takes long', async (t) => {
  const started = performance.now()
  t.equal(matchesWildcards(`${'*a'.repeat(100)}b`, 'a'.repeat(10_000)), false)
  t.ok(performance.now() - started < 2_000)
})
