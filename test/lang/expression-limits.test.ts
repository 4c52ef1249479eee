import t from 'tap'
import { evaluateText, mistakeIn } from './evaluating.js'

const within = (milliseconds: number, run: () => void): boolean => {
  const start = performance.now()
  run()
  return performance.now() - start < milliseconds
}

t.test('a pattern that would keep a backtracking matcher busy for ages takes no time', async (t) => {
  const text = 'a'.repeat(5000)
  t.ok(
    within(2000, () => {
      t.match(mistakeIn(`regex("^(a+)+$", "${text}!")`), /matches no part/)
      t.match(mistakeIn(`regex("(a|aa)*b", "${text}")`), /matches no part/)
      t.match(mistakeIn(`regex("(.*)(.*)(.*)(.*)[0-9]", "${text}")`), /matches no part/)
    }),
  )
})

t.test('patterns that are too large are refused', async (t) => {
  t.match(mistakeIn('regex("((a{100}){100}){100}", "a")'), /repetitions make it too large/)
  t.match(mistakeIn(`regex("${'('.repeat(500)}${')'.repeat(500)}", "a")`), /nested more than/)
})

t.test('strings, ranges and products do not grow without end', async (t) => {
  const big = 'join("", [for i in range(2000) : "${join("", [for j in range(100) : "0123456789"])}"])'
  t.equal(evaluateText(`length(${big})`).kind, 'number')
  t.match(mistakeIn(`[for s in [${big}] : "\${s}\${s}\${s}\${s}\${s}\${s}"]`), /lang\/too-large/)
  t.match(mistakeIn(`[for s in [${big}] : join(s, range(10))]`), /lang\/too-large/)
  t.match(mistakeIn(`[for s in [${big}] : replace(s, "0", s)]`), /lang\/too-large/)
  t.match(mistakeIn(`[for s in [${big}] : replace(s, "/0/", s)]`), /lang\/too-large/)
  t.match(mistakeIn(`[for s in [${big}] : jsonencode([s, s, s, s, s, s])]`), /lang\/too-large/)
  t.match(mistakeIn('format("%99999999d", 1)'), /more than 10000 characters/)
  t.match(mistakeIn('indent(999999999, "a\\nb")'), /lang\/too-large/)
  t.match(mistakeIn('range(1000001)'), /More than 1000000 numbers/)
  t.match(mistakeIn('range(0, 1, 1e-300)'), /More than 1000000 numbers/)
  t.match(mistakeIn('setproduct(range(2000), range(2000))'), /more than 1000000 combinations/)
  t.match(mistakeIn('1e4999 * 1e4999'), /lang\/number-range/)
})

t.test('expressions do not run without end', async (t) => {
  const nested = '[for a in range(1000000) : [for b in range(1000000) : a]]'
  t.match(mistakeIn(nested), /lang\/too-large: Evaluating this expression takes more than/)
})

t.test('data that nests too deep is refused', async (t) => {
  t.match(mistakeIn(`jsondecode("${'['.repeat(100_000)}")`), /lang\/too-deep/)
  t.match(mistakeIn(`yamldecode("${'['.repeat(2000)}${']'.repeat(2000)}")`), /lang\//)
})

t.test('a YAML document cannot blow up through its aliases', async (t) => {
  const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]']
  for (let i = 1; i < 12; i++)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(',')}]`,
    )
  t.ok(
    within(2000, () => t.match(mistakeIn(`yamldecode("${lines.join('\\n')}")`), /more than 1000000 parts/)),
  )
})

t.test('long chains of operators are fine', async (t) => {
  t.same(evaluateText(Array(400).fill('1').join(' + ')), evaluateText('400'))
})
