/** Asks the `terraform` on the PATH for every expression and writes its answers down: `node dist/test/lang/oracle/record.js`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Answer, answersFile, askedForText, readExpressions } from './corpus.js'
import { askForJson, askForText, terraformVersion } from './terraform.js'

const terraform = terraformVersion()
if (terraform === undefined) throw new Error('terraform is not on the PATH')
const expressions = [...readExpressions().values()].flat()
const json = askForJson(expressions)
const answers: Record<string, Answer> = {}
for (const [i, expression] of expressions.entries()) {
  const text = i % askedForText === 0 && json[i] !== null ? askForText(expression) : undefined
  answers[expression] = { json: json[i] ?? null, ...(text === undefined ? {} : { text }) }
}
mkdirSync(dirname(answersFile), { recursive: true })
writeFileSync(answersFile, `${JSON.stringify({ terraform, answers }, null, 1)}\n`)
