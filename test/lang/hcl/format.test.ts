import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { formatHcl } from '../../../src/lang/hcl/format.js'
import { parseHcl } from '../../../src/lang/hcl/parser.js'
import { showBody } from './show-tree.js'

const corpus = join(process.cwd(), 'test/lang/hcl/corpus')
const names = readdirSync(corpus).filter((name) => name.endsWith('.hcl'))
const read = (name: string): string => readFileSync(join(corpus, name), 'utf8')

const format = (text: string): string => formatHcl(text, 'f').text

for (const name of names) {
  t.test(`${name} is laid out as in the golden file, which stays as it is`, async (t) => {
    const text = read(name)
    const golden = read(join('formatted', name))
    t.equal(format(text), golden)
    t.equal(format(golden), golden)
  })

  t.test(`${name} means the same after it is laid out`, async (t) => {
    const before = parseHcl(read(name), name)
    const after = parseHcl(format(read(name)), name)
    t.strictSame(after.diagnostics, [])
    t.equal(showBody(after.body), showBody(before.body))
  })
}

const hasTerraform = spawnSync('terraform', ['version']).status === 0
t.test(
  'terraform fmt gives the golden files',
  { skip: hasTerraform ? false : 'terraform is not on the PATH' },
  async (t) => {
    for (const name of names) {
      const { stdout } = spawnSync('terraform', ['fmt', '-no-color', '-'], { input: read(name) })
      t.equal(stdout.toString(), read(join('formatted', name)), name)
    }
  },
)

t.test('a file with syntax errors stays as it is', async (t) => {
  const text = 'a   =    1\nb = \n'
  const result = formatHcl(text, 'main.hcl')
  t.equal(result.text, text)
  t.match(result.diagnostics, [{ code: 'hcl/missing-value', span: { file: 'main.hcl', start: { line: 2 } } }])
})

t.test('line breaks stay as they are, a byte order mark goes', async (t) => {
  t.equal(format('\ufeffa=1\r\n# b\r\ncc   =  2 # d\r\n'), 'a = 1\r\n# b\r\ncc = 2 # d\r\n')
  t.equal(format('a=1'), 'a = 1')
  t.equal(format('\n\n\na=1\n\n\n'), '\n\n\na = 1\n\n\n')
})

t.test('labels get their quotes', async (t) => {
  t.equal(format('a   b "c"  d  {\n}\n'), 'a "b" "c" "d" {\n}\n')
})

t.test('expressions are not rewritten', async (t) => {
  t.equal(format('a = "${b}"\nc = (d)\n'), 'a = "${b}"\nc = (d)\n')
})

t.test('code inside of a heredoc keeps its lines and their indentation', async (t) => {
  const text = 'a {\n  b = <<EOT\n  ${f(\n      1,\n    2)} c\nEOT\n  d = 1\n}\n'
  t.equal(format(text), text)
})
