import t from 'tap'
import { parseExpression, parseHcl, parseTemplate, sizeLimit } from '../../../src/lang/hcl/parser.js'
import { showPlaces } from './show-tree.js'

t.test('nesting has a limit, and what stands beside it is still read', async (t) => {
  for (const deep of ['[', '(', '{a=', 'f(', '-', '!', 'a?', '"${', 'a[', '[for a in ', 'a[*]']) {
    const { diagnostics, body } = parseHcl(`x = 1\ny = ${deep.repeat(300)}\nz = 2\n`, 'f')
    t.ok(
      showPlaces(diagnostics).includes(`hcl/too-deep 2:${4 + 250 * deep.length + 1}`) || diagnostics[0],
      deep,
    )
    t.match(body.attributes[0], { name: 'x', value: { value: 1 } })
    t.ok(diagnostics.length <= 2, `${deep}: ${showPlaces(diagnostics).join(' ')}`)
  }
  const nested = (depth: number): string => `x = ${'['.repeat(depth)}${']'.repeat(depth)}\n`
  t.strictSame(parseHcl(nested(240), 'f').diagnostics, [])
  t.strictSame(showPlaces(parseHcl(nested(260), 'f').diagnostics), ['hcl/too-deep 1:255'])
  const blocks = `${'a {\n'.repeat(260)}${'}\n'.repeat(260)}b = 1\n`
  t.strictSame(showPlaces(parseHcl(blocks, 'f').diagnostics), ['hcl/too-deep 251:1'])
})

t.test('a tree that is deep without nesting is refused too', async (t) => {
  const codes = (text: string): string[] => parseHcl(text, 'f').diagnostics.map((d) => d.code)
  for (const step of [' + 1', '.a', '[0]', ' && b']) {
    t.strictSame(codes(`x = a${step.repeat(900)}\n`), [], step)
    t.strictSame(codes(`x = a${step.repeat(1100)}\n`), ['hcl/too-deep'], step)
  }
  const chain = ' + 1'.repeat(400)
  t.strictSame(codes(`x = ((a${chain})${chain})\n`), [])
  t.strictSame(codes(`x = (((a${chain})${chain})${chain})\n`), ['hcl/too-deep'])
  t.strictSame(
    parseTemplate(`\${(((a${chain})${chain})${chain})}`, 'f').diagnostics.map((d) => d.code),
    ['hcl/too-deep'],
  )
  t.strictSame(parseHcl(`x = [${'a.b.c, '.repeat(2000)}]\n`, 'f').diagnostics, [])
})

t.test('a text that is too large is not read', async (t) => {
  const text = `#${'é'.repeat(sizeLimit / 2)}`
  t.strictSame(showPlaces(parseHcl(text, 'f').diagnostics), ['hcl/too-large 1:1'])
  t.strictSame(showPlaces(parseExpression(text, 'f').diagnostics), ['hcl/too-large 1:1'])
  t.strictSame(showPlaces(parseTemplate(text, 'f').diagnostics), ['hcl/too-large 1:1'])
  t.strictSame(parseHcl(`#${'e'.repeat(sizeLimit - 1)}`, 'f').diagnostics, [])
})

t.test('after hundreds of errors it stops', async (t) => {
  const { diagnostics } = parseHcl('a b c\n'.repeat(5000), 'f')
  t.equal(diagnostics.length, 501)
  t.equal(diagnostics.at(-1)?.code, 'hcl/too-many-errors')
})

t.test('10,000 blocks are read in a moment', async (t) => {
  const block = (i: number): string => `resource "trifacta_person" "p${i}" {
  email = "p${i}@example.com" # é
  name  = "\${var.first} \${var.last}"
  tags  = ["a", local.b]
}
`
  const text = Array.from({ length: 10_000 }, (_, i) => block(i)).join('\n')
  const start = process.cpuUsage()
  const { body, diagnostics } = parseHcl(text, 'f')
  const { user } = process.cpuUsage(start)
  t.strictSame(diagnostics, [])
  t.equal(body.blocks.length, 10_000)
  t.ok(user < 2_000_000, `${user / 1000} ms of processor time`)
})

t.test('time grows with size, not with its square, whatever the text', async (t) => {
  const hostile = {
    'open strings': 'x="a\n',
    'open interpolations': 'x="${a\n',
    'comments behind errors': 'x="${a /*\n',
    'heredocs in heredocs': 'x=<<E\n',
    'heredocs with late markers': 'x=<<E\na)\nE)\n',
    'broken heredoc lines': '${a b /*\n',
    quotes: '"',
    'mixed brackets': ') ] } ( [ {',
    labels: 'a "b" ',
    minus: '-',
    'spaces before a strip': ' ',
    digits: '1.',
    dollars: '$$${',
    'nested one-line blocks': 'a { ',
    emoji: '😀',
    'long names': 'é',
    'control characters': '\u0001',
  }
  for (const [name, unit] of Object.entries(hostile)) {
    const units = Math.floor(300_000 / unit.length)
    for (const text of [
      unit.repeat(units),
      `x = <<E\n${unit.repeat(units)}`,
      `x = "${unit.repeat(units)}\${~a}"\n`,
    ]) {
      const start = process.cpuUsage()
      parseHcl(text, 'f')
      const { user } = process.cpuUsage(start)
      t.ok(user < 3_000_000, `${name}: ${user / 1000} ms`)
    }
  }
})
