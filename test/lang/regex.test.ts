import fc from 'fast-check'
import t from 'tap'
import { regex } from '../../src/lang/regex.js'

const free = (): void => {}

const matches = (pattern: string, text: string): string[] =>
  Array.from(regex(pattern).matches(text, free), (m) => m.text)

t.test('matches do not overlap and are the leftmost, preferring as the pattern says', async (t) => {
  t.same(matches('a+', 'baaab aa'), ['aaa', 'aa'])
  t.same(matches('a+?', 'aaa'), ['a', 'a', 'a'])
  t.same(matches('a|ab', 'abab'), ['a', 'a'])
  t.same(matches('a*', 'baac'), ['', 'aa', ''])
  t.same(matches('(?:)', 'ab'), ['', '', ''])
})

t.test('positions are those of JavaScript strings, characters those of Unicode', async (t) => {
  const [match] = regex('(.)b').matches('😀b', free)
  t.same([match?.start, match?.end, match?.groups], [0, 3, ['😀']])
})

t.test('groups that took no part are undefined', async (t) => {
  const [match] = regex('(a)|(?P<word>b)').matches('b', free)
  t.same(match?.groups, [undefined, 'b'])
  t.same(regex('(a)|(?P<word>b)').groups, [undefined, 'word'])
})

t.test('what RE2 leaves out is refused with the reason', async (t) => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['(?=a)', /looking ahead or behind/],
    ['(?<!a)', /looking ahead or behind/],
    ['(a)\\1', /referring back to a group/],
    ['(?<', /opens no kind of group/],
    ['a)', /"\)" without its "\("/],
    ['(a', /"\(" without its "\)"/],
    ['[a', /"\[" without its "\]"/],
    ['*a', /nothing before "\*" to repeat/],
    ['a\\', /ends in a backslash/],
    ['\\p{Nonsense}', /no class of characters named "Nonsense"/],
    ['[[:nonsense:]]', /no class \[:nonsense:\]/],
    ['a{2,1}', /wrong way round/],
    ['\\x{110000}', /beyond the last character/],
  ]
  for (const [pattern, reason] of refused) t.throws(() => regex(pattern), { message: reason }, pattern)
})

t.test('it finds what the engine of JavaScript finds', async () => {
  const atom = fc.constantFrom(
    'a',
    'b',
    'c',
    '.',
    '[ab]',
    '[^a]',
    '(a|b)',
    '(?:ab)',
    '\\w',
    '\\b',
    '((ab|a)(c|bc)?)',
  )
  const piece = fc
    .tuple(atom, fc.constantFrom('', '', '*', '+?', '?', '{1,2}'))
    .map(([a, q]) => (a === '\\b' ? a : a + q))
  const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''))
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 12 })
  fc.assert(
    fc.property(pattern, text, (source, subject) => {
      const [ours] = regex(source).matches(subject, free)
      const theirs = new RegExp(source, 'u').exec(subject)
      return ours?.text === theirs?.[0] && ours?.start === theirs?.index
    }),
    { numRuns: 500 },
  )
})
