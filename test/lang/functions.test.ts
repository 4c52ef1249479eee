import t from 'tap'
import { signature } from '../../src/lang/functions/function.js'
import { functions } from '../../src/lang/functions/registry.js'
import { evaluateText, mistakeIn } from './evaluating.js'
import { readExpressions } from './oracle/corpus.js'

t.test('every function has one name, one sentence and parameters that can be told apart', async (t) => {
  for (const [name, definition] of functions) {
    t.equal(definition.name, name)
    t.match(definition.doc, /^\S.*[.!?]$/, name)
    const names = [...definition.parameters, definition.rest].map((p) => p?.name)
    t.equal(new Set(names).size, names.length, `${name}: ${names.join(', ')}`)
    const optional = definition.parameters.map((p) => p.optional === true)
    t.same(optional, [...optional].sort(), `${name}: what may be left out comes last`)
  }
})

t.test('signatures are for people', async (t) => {
  const shown = (name: string): string => {
    const definition = functions.get(name)
    return definition === undefined ? '' : signature(definition)
  }
  t.equal(shown('lookup'), 'lookup(inputMap, key, default?)')
  t.equal(shown('join'), 'join(separator, lists...)')
  t.equal(shown('timestamp'), 'timestamp()')
})

t.test('every function is held against Terraform, or tested by itself', async (t) => {
  const asked = [...readExpressions().values()].flat().join('\n')
  const ours = new Set([
    'env',
    'secretfile',
    'sensitive',
    'nonsensitive',
    'issensitive',
    'timestamp',
    'plantimestamp',
  ])
  const outside = /^file|^templatefile$|^templatestring$|^abspath$|^pathexpand$|^base64gzip$/
  for (const name of functions.keys()) {
    if (!ours.has(name) && !outside.test(name)) t.match(asked, new RegExp(`\\b${name}\\(`), name)
  }
})

t.test('functions of Terraform that are not here say what to do instead', async (t) => {
  for (const name of ['bcrypt', 'rsadecrypt', 'uuid', 'list', 'map', 'type']) {
    t.notOk(functions.has(name))
    t.match(mistakeIn(`${name}("x")`), /^lang\/unknown-function: .* \(.*\) @/, name)
  }
})

t.test('a function may be called by its long name', async (t) => {
  t.same(evaluateText('core::upper("a")'), evaluateText('"A"'))
  t.match(mistakeIn('other::upper("a")'), /may be written with the prefix core::/)
})

t.test('try and can take the elements of a list, too', async (t) => {
  t.same(evaluateText('try(["a", "b"]...)'), evaluateText('"a"'))
  t.same(evaluateText('can([null]...)'), evaluateText('true'))
  t.match(mistakeIn('can(1, 2)'), /lang\/wrong-argument-count/)
})

const files = { 'f.txt': 'file\n' }

t.test('files are hashed and encoded by their bytes', async (t) => {
  const value = (text: string) => {
    const result = evaluateText(text, { files })
    return result.kind === 'string' ? result.value : result.kind
  }
  t.equal(value('filemd5("f.txt")'), 'bbe02f946d5455d74616fc9777557c22')
  t.equal(value('filesha256("f.txt")'), '8b911a8716b94442f9ca3dff20584048536e4c2f47b8b5bb9096cbd43c3432d5')
  t.equal(value('filebase64sha256("f.txt")'), 'i5Eahxa5REL5yj3/IFhASFNuTC9HuLW7kJbL1Dw0MtU=')
  t.equal(value('filebase64("f.txt")'), 'ZmlsZQo=')
  t.same(evaluateText('fileexists("f.txt")', { files }), evaluateText('true'))
  t.same(evaluateText('fileexists("g.txt")', { files }), evaluateText('false'))
})

t.test('paths are expanded with the home folder of the environment', async (t) => {
  const environment = { HOME: '/home/jane' }
  t.same(evaluateText('pathexpand("~/x")', { environment }), evaluateText('"/home/jane/x"'))
  t.same(evaluateText('pathexpand("~other/x")', { environment }), evaluateText('"~other/x"'))
  t.match(mistakeIn('pathexpand("~")'), /HOME/)
})
