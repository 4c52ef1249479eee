import t from 'tap'
import { valueToConsoleText } from '../../../src/core/console-text.js'
import { Failure } from '../../../src/core/diagnostic.js'
import { evaluateText } from '../evaluating.js'
import { askedForText, readAnswers, readExpressions } from './corpus.js'
import { askForJson, askForText, terraformVersion } from './terraform.js'

const recorded = readAnswers()
const topics = readExpressions()

/** Our answer as Terraform gives its own: JSON text, or null for a mistake. */
function answer(expression: string): string | null {
  try {
    const value = evaluateText(`jsonencode(${expression})`)
    return value.kind === 'string' ? value.value : `(${value.kind})`
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure
    return null
  }
}

for (const [topic, expressions] of topics) {
  t.test(`${topic} give what Terraform was recorded to give`, async (t) => {
    for (const expression of expressions) {
      const expected = recorded.answers[expression]
      t.equal(answer(expression), expected?.json, expression)
      if (expected?.text !== undefined) {
        t.equal(valueToConsoleText(evaluateText(expression)), expected.text, `console: ${expression}`)
      }
    }
  })
}

const here = terraformVersion()
const skip =
  here === undefined
    ? 'terraform is not on the PATH'
    : here !== recorded.terraform &&
      `terraform ${here} is on the PATH, but ${recorded.terraform} was recorded`

t.test('the recorded answers are what terraform says today', { skip }, async (t) => {
  const expressions = [...topics.values()].flat()
  const answers = askForJson(expressions)
  for (const [i, expression] of expressions.entries()) {
    t.equal(recorded.answers[expression]?.json, answers[i], expression)
  }
  for (const expression of expressions.filter((_, i) => i % (askedForText * 8) === 0)) {
    const { text } = recorded.answers[expression] ?? {}
    if (text !== undefined) t.equal(text, askForText(expression), `console: ${expression}`)
  }
})

t.test('where we differ from Terraform on purpose', async (t) => {
  t.equal(answer('1 / 0'), null, 'no infinity')
  t.equal(answer('5 % 0'), null, 'no remainder of a division by zero')
  t.equal(answer('-0'), '0', 'one zero')
  t.equal(answer('1e999999999'), null, 'no infinity from an exponent')
  t.equal(answer('can(1 / 0)'), 'false', 'what would be infinity is a mistake that can be caught')
  t.equal(answer('try(1 / 0, "x")'), '"x"')
  t.equal(answer('element(["a", "b"], -1)'), '"b"', 'a negative index does not panic')
  t.equal(answer('length(range(5000))'), '5000', 'more than 1024 numbers')
  t.equal(answer('signum(0.5)'), '1', 'fractions have a sign')
  t.equal(answer('format("%v", null)'), '"null"', 'null is known')
  t.equal(answer('true ? toset([1]) : ["a"]'), '["1"]', 'both branches have one type')
})
