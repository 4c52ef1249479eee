import t from 'tap'
import { coverCharacter, maskCovered } from '../../../src/core/cover.js'
import { coverUpAfter } from '../../../src/lang/config/cover-up.js'
import { load } from '../loading.js'

const cover = (text: string) =>
  coverUpAfter(text, (name) => name === 'secret').replaceAll(coverCharacter, '*')

t.test('what follows the name of a secret is covered up, and nothing else moves', async (t) => {
  t.equal(cover('key = "abc" secret = "de f"\nx = 1'), 'key = "abc" secret = "** *"\nx = 1')
  t.equal(cover('  secret = "abc\n  name = "x"'), '  secret = "***\n  name = "x"')
  t.equal(cover('secret "abc"'), 'secret "***"')
  t.equal(cover('{ "secret": "abc", "x": 1 }'), '{ "secret": "***"* "*"* * *')
  t.equal(cover('secret { a = "abc" }\nx "secret" {}'), 'secret * * * "***" *\nx "secret" {}')
  t.equal(cover('other.secret\nsecrets = "x"'), 'other.secret\nsecrets = "x"')
})

t.test('a secret of several lines is covered up to its end', async (t) => {
  t.equal(cover('secret = <<EOT\nabc ${\nEOT\nx = 1'), 'secret = *****\n*** **\nEOT\nx = 1')
  t.equal(cover('a:\n  secret: |\n    abc\n    def\n  x: 1'), 'a:\n  secret: *\n    ***\n    ***\n  x: 1')
  t.equal(cover('secret: "abc\n  def\nx: 1'), 'secret: "***\n  ***\nx: 1')
})

t.test('a file that is broken shows no secret', async (t) => {
  for (const [file, text] of Object.entries({
    'a.hcl': 'provider "trifacta" {\n  token = "cnry1\n}\n',
    'b.hcl': 'provider "trifacta" {\n  endpoint = "e" token = "cnry2"\n}\n',
    'c.yaml': 'provider:\n  trifacta:\n    token: "cnry3\n',
    'd.hcl': 'variable "v" {\n  sensitive = true\n  default = "cnry4\n}\n',
  })) {
    const { diagnostics, sources } = load({ [file]: text })
    t.ok(diagnostics.length > 0, file)
    t.notMatch(sources.get(file), /cnry/)
    t.notMatch(JSON.stringify(diagnostics), /cnry/)
    t.equal(sources.get(file)?.length, text.length)
  }
})

t.test('a mask tells neither how long a secret is nor how many words it has', async (t) => {
  const shown = (text: string) => maskCovered(coverUpAfter(text, (name) => name === 'secret'))
  t.equal(shown('secret = "abc def" # x'), 'secret = "********')
  t.equal(shown('secret = a'), shown('secret = abcdefghijkl mnop'))
})
