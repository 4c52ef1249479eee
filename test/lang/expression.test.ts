import t from 'tap'
import { valueToConsoleText } from '../../src/core/console-text.js'
import { formatType, typeOf } from '../../src/core/convert.js'
import { hasSensitive, waitsOf } from '../../src/core/equality.js'
import { bool, dynamic, list, object, string } from '../../src/core/type.js'
import { objectValue, stringValue, tupleValue, unknownValue, type Value } from '../../src/core/value.js'
import { evaluateText, type Surroundings } from './evaluating.js'

const id = new Set(['trifacta_person.jane'])
const other = new Set(['vault_aws_mount.m'])

const surroundings: Surroundings = {
  names: {
    person: objectValue([
      ['id', unknownValue(string, id)],
      ['email', stringValue('jane@example.com')],
    ]),
    open: unknownValue(dynamic, other),
    yes: unknownValue(bool, other),
    people: unknownValue(list(object([['id', string]])), id),
    secret: stringValue('hunter2', true),
    secrets: tupleValue([stringValue('hunter2', true), stringValue('plain')]),
  },
}

/** What is known of the value, its type, what it waits for and whether any of it is secret, in a line. */
function known(text: string): string {
  const value: Value = evaluateText(text, surroundings)
  const shown = valueToConsoleText(value).replace(/\s+/g, ' ')
  const waits = [...waitsOf(value)].sort().join(' ')
  return `${shown} : ${formatType(typeOf(value))}${waits === '' ? '' : ` < ${waits}`}${hasSensitive(value) ? ' !' : ''}`
}

const jane = '< trifacta_person.jane'
const mount = '< vault_aws_mount.m'
const later = '(known after apply)'
const hidden = '(sensitive value)'

t.test('what is known after apply has the type and the cause that are known', async (t) => {
  t.equal(known('person.id'), `${later} : string ${jane}`)
  t.equal(known('"arn:${person.id}"'), `${later} : string ${jane}`)
  t.equal(known('person.id + 1'), `${later} : number ${jane}`)
  t.equal(known('person.id == "x"'), `${later} : bool ${jane}`)
  t.equal(known('!yes'), `${later} : bool ${mount}`)
  t.equal(known('upper(person.id)'), `${later} : string ${jane}`)
  t.equal(known('"${person.id}${yes}"'), `${later} : string ${jane} vault_aws_mount.m`)
  t.equal(known('jsonencode({ a = person.id })'), `${later} : string ${jane}`)
  t.equal(known('people[0].id'), `${later} : string ${jane}`)
  t.equal(known('people[*].id'), `${later} : list(string) ${jane}`)
  t.equal(known('open.a[0]'), `${later} : any ${mount}`)
  t.equal(known('regex("(a)(?:b)", person.id)'), `${later} : tuple([string]) ${jane}`)
})

t.test('known parts stay known', async (t) => {
  t.equal(known('length([person.id, 1])'), '2 : number')
  t.equal(known('keys({ a = person.id })'), '[ "a", ] : tuple([string])')
  t.equal(known('[person.id, 1][1]'), '1 : number')
  t.equal(known('{ a = person.id, b = 1 }.b'), '1 : number')
  t.equal(known('merge({ a = person.id }, { b = 1 }).b'), '1 : number')
  t.equal(known('concat([person.id], ["x"])[1]'), '"x" : string')
  t.equal(known('lookup({ a = person.id }, "b", "none")'), '"none" : string')
  t.equal(known('[for x in [person.id, "b"] : upper(x)][1]'), '"B" : string')
  t.equal(
    known('{ for k, v in { a = person.id } : k => v }'),
    `{ "a" = ${later} } : object({ a = string }) ${jane}`,
  )
  t.equal(known('tolist([person.id, "x"])'), `tolist([ ${later}, "x", ]) : list(string) ${jane}`)
  t.equal(known('values({ a = person.id, b = 1 })[1]'), '1 : number')
  t.equal(known('coalesce(null, "x", person.id)'), '"x" : string')
  t.equal(known('formatlist("%s!", [person.id, "x"])[1]'), '"x!" : string')
  t.equal(known('length(formatlist("%s-%s", ["a", "b"], person.id))'), '2 : number')
  t.equal(known('length(sort([person.id, "x"]))'), '2 : number')
})

t.test('a known part may decide the answer', async (t) => {
  t.equal(known('contains([person.id, "x"], "x")'), 'true : bool')
  t.equal(known('contains([person.id], "x")'), `${later} : bool ${jane}`)
  t.equal(known('[person.id, 1] == [person.id, 2]'), 'false : bool')
  t.equal(known('person.id == 1'), 'false : bool')
  t.equal(known('person.id == null'), `${later} : bool ${jane}`)
  t.equal(known('alltrue([yes, false])'), 'false : bool')
  t.equal(known('anytrue([yes, true])'), 'true : bool')
  t.equal(known('anytrue([yes, false])'), `${later} : bool ${mount}`)
})

t.test('where a known part decides nothing, as in Terraform 1.11, nothing is known', async (t) => {
  t.equal(known('true || yes'), `${later} : bool ${mount}`)
  t.equal(known('yes && false'), `${later} : bool ${mount}`)
})

t.test('an open condition, key or element leaves the result open', async (t) => {
  t.equal(known('yes ? 1 : "a"'), `${later} : string ${mount}`)
  t.equal(known('yes ? person.id : null'), `${later} : string ${jane} vault_aws_mount.m`)
  t.equal(known('[for x in [1, 2] : x if yes]'), `${later} : any ${mount}`)
  t.equal(known('{ (person.id) = 1 }'), `${later} : any ${jane}`)
  t.equal(known('{ for x in [person.id] : x => 1 }'), `${later} : any ${jane}`)
  t.equal(known('[for x in people : x.id]'), `${later} : any ${jane}`)
  t.equal(known('toset([person.id, "x"])'), `${later} : set(string) ${jane}`)
  t.equal(known('flatten([[1], open])'), `${later} : any ${mount}`)
  t.equal(known('try(open.a, 1)'), `${later} : any ${mount}`)
  t.equal(known('can(open.a)'), `${later} : bool ${mount}`)
  t.equal(known('max(people...)'), `${later} : number ${jane}`)
  t.equal(known('["a", "b"][people[0].id]'), `${later} : string ${jane}`)
})

t.test('a mistake that the type shows is reported before apply', async (t) => {
  t.throws(() => known('people.id'), /Unknown attribute/)
  t.throws(() => known('people[0].name'), /no attribute "name"/)
  t.throws(() => known('person.id.x'), /Unknown attribute/)
  t.throws(() => known('yes + 1'), /Wrong type of operand/)
  t.throws(() => known('[for x in person.id : x]'), /Nothing to iterate over/)
})

t.test('a secret marks what is made of it', async (t) => {
  for (const text of [
    '"x${secret}"',
    'upper(secret)',
    'length(secret)',
    'secret == "x"',
    'jsonencode({ a = secret })',
    'join(",", secrets)',
    '[1, 2][secret == "x" ? 0 : 1]',
    'secret == "x" ? "a" : "b"',
    'contains(secrets, "plain")',
    'sha256(secret)',
    'format("%s", secret)',
    '"%{ if secret == "x" }a%{ endif }"',
    '"%{ for s in secrets }${s}%{ endfor }"',
    'element(["a"], length(secret))',
    'coalesce("", secret)',
    'lookup({ a = "b" }, secret, "c")',
  ]) {
    t.match(known(text), /^\(sensitive value\) : .* !$/, text)
  }
})

t.test('a secret marks its own leaf and no other, and never the shape around it', async (t) => {
  t.equal(
    known('{ a = secret, b = 1 }'),
    `{ "a" = ${hidden} "b" = 1 } : object({ a = string, b = number }) !`,
  )
  t.equal(known('length(secrets)'), '2 : number')
  t.equal(known('keys({ a = secret })'), '[ "a", ] : tuple([string])')
  t.equal(known('secrets[1]'), '"plain" : string')
  t.equal(known('concat(secrets, [1])[1]'), '"plain" : string')
  t.equal(known('merge({ a = secret }, { b = "x" }).b'), '"x" : string')
  t.equal(known('[for s in secrets : upper(s)]'), `[ ${hidden}, "PLAIN", ] : tuple([string, string]) !`)
  t.equal(
    known('[for s in secrets : 1 if s != "x"]'),
    `[ ${hidden}, ${hidden}, ] : tuple([number, number]) !`,
  )
  t.equal(known('issensitive(secrets)'), 'true : bool')
  t.equal(known('nonsensitive(secrets)'), '[ "hunter2", "plain", ] : tuple([string, string])')
  t.equal(known('sensitive([1])'), `[ ${hidden}, ] : tuple([number]) !`)
})

t.test('what is both secret and not known is both', async (t) => {
  t.equal(known('"${secret}${person.id}"'), `${hidden} : string ${jane} !`)
  t.equal(known('yes ? secret : "x"'), `${hidden} : string ${mount} !`)
  t.equal(known('merge(open, { a = secret })'), `${hidden} : any ${mount} !`)
  t.equal(known('{ (person.id) = secret }'), `${hidden} : any ${jane} !`)
})

t.test('one name shadows another inside a for expression only', async (t) => {
  t.equal(known('[for person in ["a"] : person]'), '[ "a", ] : tuple([string])')
  t.equal(known('[for x in ["a"] : [for x in [1] : x]][0][0]'), '1 : number')
  t.equal(known('{ a = [for person in [1] : person], b = person.email }.b'), '"jane@example.com" : string')
  t.equal(known('[for i, x in ["a", "b"] : "${i}${x}"]'), '[ "0a", "1b", ] : tuple([string, string])')
})

t.test('a name with keys is resolved in one go, so that nobody builds what is not asked for', async (t) => {
  const asked: string[] = []
  const { evaluate } = await import('../../src/lang/expression.js')
  const { parseExpression } = await import('../../src/lang/hcl/parser.js')
  const { expression } = parseExpression('trifacta_person.p[each.key].id', 'test.hcl')
  const value = evaluate(expression, {
    resolve(root, steps) {
      asked.push(
        [root, ...steps.map((s) => (s.kind === 'attribute' ? s.name : valueToConsoleText(s.key)))].join(' '),
      )
      if (root === 'each') return { value: stringValue('eu'), used: 1 }
      return { value: objectValue([['id', stringValue('7')]]), used: 2 }
    },
    names: () => [],
    environment: {
      env: () => undefined,
      readFile: () => new Uint8Array(),
      fileExists: () => false,
      listFolder: () => undefined,
      now: () => new Date(0),
    },
  })
  t.equal(valueToConsoleText(value), '"7"')
  t.same(asked, ['each key', 'trifacta_person p "eu" id'])
})
