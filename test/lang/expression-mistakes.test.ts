import t from 'tap'
import { dynamic } from '../../src/core/type.js'
import { objectValue, stringValue, unknownValue } from '../../src/core/value.js'
import { evaluateText, mistakeIn, type Surroundings } from './evaluating.js'

const surroundings: Surroundings = {
  names: {
    var: objectValue([['bucket', stringValue('acme')]]),
    secret: stringValue('hunter2', true),
    open: unknownValue(dynamic),
    text: stringValue('<${x}>'),
  },
  environment: { TOKEN: 's3cret' },
  files: {
    'token.txt': 's3cret\n\n',
    'bytes.bin': '\xff\xfe',
    'greeting.tftpl': 'Hello ${name}%{ if loud }!%{ endif }\n',
    'broken.tftpl': 'Hello ${',
    'again.tftpl': '${templatefile("again.tftpl", {})}',
  },
}

const mistakes: readonly (readonly [string, string])[] = [
  // names
  [
    'var.buket',
    'lang/unknown-attribute: This object has no attribute "buket". (Did you mean "bucket"?) @ buket',
  ],
  ['vars.bucket', 'lang/unknown-reference: There is no vars here. (Did you mean "var"?) @ vars'],
  [
    'hello',
    'lang/unknown-reference: There is no hello here. (To write text, put it in quotes: "hello".) @ hello',
  ],
  [
    '[for item in [1] : itme]',
    'lang/unknown-reference: There is no itme here. (Did you mean "item"?) @ itme',
  ],
  // functions
  ['uper("x")', 'lang/unknown-function: There is no function named "uper". (Did you mean "upper"?) @ uper'],
  [
    'upper()',
    'lang/wrong-argument-count: upper() takes 1 argument, but there are 0; "str" is missing. (Write upper(str).) @ upper()',
  ],
  [
    'lookup({}, "a", 1, 2)',
    'lang/wrong-argument-count: lookup() takes 2 to 3 arguments, but there are 4. (Write lookup(inputMap, key, default?).) @ 2',
  ],
  [
    'join()',
    'lang/wrong-argument-count: join() takes at least 1 arguments, but there are 0; "separator" is missing. (Write join(separator, lists...).) @ join()',
  ],
  [
    'substr("abc", "x", 1)',
    'lang/wrong-argument: Argument 2 ("offset") of substr(): a number is needed, and "x" is not a number. @ "x"',
  ],
  [
    'upper([1])',
    'lang/wrong-argument: Argument 1 ("str") of upper(): a string is needed, but this is a tuple. @ [1]',
  ],
  ['upper(null)', 'lang/null-value: Argument 1 ("str") of upper(): it must not be null. @ null'],
  ['max([]...)', 'lang/function-failed: max(): At least one number is needed. @ max([]...)'],
  [
    'jsondecode("[1,")',
    'lang/not-json: jsondecode(): Line 1, column 4: a value is expected, but the text ends. @ jsondecode("[1,")',
  ],
  [
    'file("nothing")',
    'lang/wrong-argument: Argument 1 ("path") of file(): there is no file "nothing". (Relative paths are relative to the folder of the configuration.) @ "nothing"',
  ],
  [
    'secretfile("nowhere.txt")',
    'lang/secret-file: secretfile(): There is no file "nowhere.txt". (Put the secret there. Relative paths are relative to the folder of the configuration.) @ secretfile("nowhere.txt")',
  ],
  [
    'env("NOWHERE")',
    'lang/environment-variable: env(): The environment variable NOWHERE is not set. (Set NOWHERE, or give a default: env("NOWHERE", "…").) @ env("NOWHERE")',
  ],
  [
    'uuid()',
    'lang/unknown-function: There is no function named "uuid". (A random value would change in every plan: use uuidv5() of a name.) @ uuid',
  ],
  // operators
  [
    '"a" + "b"',
    'lang/wrong-type: The operator + takes a number, but this is a string. A number is needed, and "a" is not a number. (To join strings, write "${a}${b}".) @ "a"',
  ],
  [
    '[1] + [2]',
    'lang/wrong-type: The operator + takes a number, but this is a tuple. (To join lists, use concat().) @ [1]',
  ],
  ['1 / (2 - 2)', 'lang/division-by-zero: The number to divide by is zero. @ (2 - 2)'],
  ['1 > null', 'lang/null-value: The operator > does not take null. @ null'],
  ['1 ? 2 : 3', 'lang/wrong-type: The condition must be true or false, but this is a number. @ 1'],
  [
    'true ? [1] : {}',
    'lang/wrong-type: Both results of a conditional must have one type, but the first is a tuple and the second an object. (Convert one of them, for example with tostring() or jsonencode().) @ true ? [1] : {}',
  ],
  // access
  [
    '[1, 2][2]',
    'lang/invalid-index: Index 2 is outside this tuple, which has 2 elements, with indexes 0 to 1. @ 2',
  ],
  [
    'toset(["a"])[0]',
    'lang/invalid-index: The elements of a set have no index. (Turn it into a list with tolist(), which has them in sorted order, or use one() for the only element.) @ 0',
  ],
  [
    '[{ a = 1 }].a',
    'lang/unknown-attribute: This is a tuple, which has no attributes, so there is no "a". (To get it from one element, write [0].a; from every element, [*].a.) @ a',
  ],
  [
    'null.a',
    'lang/null-value: This value is null, so it has no attribute "a". (Where null is expected, test for it first, or use try().) @ a',
  ],
  [
    'tomap({ first = 1 })["fisrt"]',
    'lang/invalid-index: This map has no element with the key "fisrt". (Did you mean "first"?) @ "fisrt"',
  ],
  // structures
  [
    '{ for x in ["a", "a"] : x => 1 }',
    'lang/duplicate-key: Two elements have the key "a". (To collect the values of one key in a list, put "..." after the value.) @ x',
  ],
  ['{ (null) = 1 }', 'lang/null-value: The key is null. @ (null)'],
  [
    '"a${[1]}"',
    'lang/wrong-type: This is a tuple; only strings, numbers and bools can be put into a template. (Use join() for a list of strings, or jsonencode() for anything.) @ [1]',
  ],
  [
    '"a${null}"',
    'lang/null-value: This is null, which has no text form. (Give it a text with coalesce(), or leave it out with %{ if … }.) @ null',
  ],
]

for (const [text, expected] of mistakes) {
  t.test(`${text} is explained`, async (t) => t.equal(mistakeIn(text, surroundings), expected))
}

t.test('messages do not quote secrets', async (t) => {
  for (const text of [
    'tonumber(secret)',
    'secret + 1',
    'regex("x", secret)',
    'jsondecode(secret)',
    '{ a = 1 }[secret]',
    'tomap({ a = 1 })[secret]',
    'parseint(secret, 10)',
    '{ (secret) = 1 }',
    '{ for s in [secret] : s => 1 }',
    'zipmap([secret], [1])',
    'transpose({ a = [secret] })',
    'timeadd(secret, "1h")',
    'lookup({ a = 1 }, secret)',
    'file(secret)',
    'env(secret)',
    'secretfile(secret)',
    'format("%d", secret)',
    'cidrhost(secret, 1)',
    '[1][secret]',
    'try(tonumber(secret))',
    'index([secret], "x")',
    'templatestring(secret, {}) + 1',
  ]) {
    t.notMatch(mistakeIn(text, surroundings), 'hunter2', text)
  }
})

t.test('secrets come from the environment and from files', async (t) => {
  t.same(evaluateText('env("TOKEN")', surroundings), stringValue('s3cret', true))
  t.same(evaluateText('env("NOWHERE", "d")', surroundings), stringValue('d', true))
  t.same(evaluateText('secretfile("token.txt")', surroundings), stringValue('s3cret\n', true))
  t.same(evaluateText('file("token.txt")', surroundings), stringValue('s3cret\n\n'))
  t.match(mistakeIn('file("bytes.bin")', surroundings), /is no UTF-8 text/)
})

t.test('template files see what they are given and nothing else', async (t) => {
  const render = (names: string) => `templatefile("greeting.tftpl", ${names})`
  t.same(evaluateText(render('{ name = "Jane", loud = true }'), surroundings), stringValue('Hello Jane!\n'))
  t.same(
    evaluateText(render('{ name = secret, loud = false }'), surroundings),
    stringValue('Hello hunter2\n', true),
  )
  t.equal(evaluateText(render('{ name = open, loud = false }'), surroundings).kind, 'unknown')
  t.match(
    mistakeIn(render('{ nam = var.bucket, loud = true }'), surroundings),
    /There is no name here. \(Did you mean "nam"\?\)/,
  )
  t.match(mistakeIn('templatefile("broken.tftpl", {})', surroundings), /A value is missing after/)
  t.match(mistakeIn('templatefile("again.tftpl", {})', surroundings), /lang\/too-deep/)
  t.same(evaluateText('templatestring(text, { x = 1 })', surroundings), stringValue('<1>'))
  t.match(
    mistakeIn('templatestring("<$${x}>", { x = 1 })', surroundings),
    /^lang\/wrong-argument: Argument 1 \("template"\) of templatestring\(\): it must be a reference, such as local\.x\. \(Write a template/,
  )
})

t.test('the clock is the one that is given', async (t) => {
  t.same(evaluateText('timestamp()', surroundings), stringValue('2026-02-03T04:05:06Z'))
  t.same(evaluateText('abspath("../x")', surroundings), stringValue('/x'))
})
