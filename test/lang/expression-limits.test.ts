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

t.test('an index costs no look at the other elements', async (t) => {
  t.ok(
    within(3000, () => {
      const tuple = '[for x in [[for i in range(20000) : { k = i }]] : [for i in range(20000) : x[i].k]]'
      const object =
        '[for x in [{ for i in range(20000) : "k${i}" => i }] : [for i in range(20000) : x["k${i}"]]]'
      t.equal(evaluateText(`length(${tuple}[0])`).kind, 'number')
      t.equal(evaluateText(`length(${object}[0])`).kind, 'number')
    }),
  )
})

t.test('elements of long lists are looked up, not compared with each other', async (t) => {
  t.ok(
    within(5000, () => {
      t.equal(evaluateText('length(distinct(range(50000)))').kind, 'number')
      t.equal(evaluateText('length(setsubtract(range(50000), range(1, 50000)))').kind, 'number')
      t.equal(evaluateText('length(matchkeys(range(50000), range(50000), range(50000)))').kind, 'number')
    }),
  )
})

t.test('what a loop searches through counts, however few lines it has', async (t) => {
  const search =
    '[for x in [[for i in range(50000) : "k${i}"]] : [for i in range(50000) : contains(x, "no")]]'
  t.match(mistakeIn(search), /lang\/too-large: Evaluating this expression takes more than/)
  const text = 'join("", [for i in range(20000) : "a"])'
  t.match(mistakeIn(`regexall("a+b|a", ${text})`), /lang\/too-large: Evaluating this expression/)
})

t.test('a value that repeats itself counts as often as it does', async (t) => {
  let laughs = 'a'
  for (const name of 'bcdefghi')
    laughs = `[for ${name} in [[${laughs}]] : [${Array(10).fill(`${name}[0]`)}]][0]`
  laughs = `[for a in [["ha", "ha"]] : ${laughs}]`
  t.match(mistakeIn(laughs), /lang\/too-large: This value would have more than 10000000 parts/)
})

t.test('long texts in any script are counted in no time', async (t) => {
  t.ok(
    within(3000, () => {
      const text = 'join("", [for i in range(20000) : "日本語 é "])'
      t.match(evaluateText(`length(${text})`), { value: 120_000 })
    }),
  )
})

t.test('data that nests too deep is refused', async (t) => {
  t.match(mistakeIn(`[jsondecode("${'['.repeat(300)}${']'.repeat(300)}")]`), /lang\/too-deep/)
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
