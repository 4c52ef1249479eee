import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { fromJsonText, toJsonText } from '../../src/lang/json-text.js'
import { rolecall } from '../commands/rolecall.js'
import { readExpressions } from '../lang/oracle/corpus.js'
import { askForJson, terraformVersion } from '../lang/oracle/terraform.js'

const skip = terraformVersion() === undefined && 'terraform is not on the PATH'

t.test('console --json gives what terraform console gives', { skip }, async (t) => {
  const expressions = [...readExpressions().values()].flat()
  const answers = askForJson(expressions)
  const asked = expressions.flatMap((expression, i) => {
    const answer = answers[i]
    return answer === null || answer === undefined ? [] : [{ expression, answer }]
  })
  t.ok(asked.length >= 200, `${asked.length} expressions with a value`)
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-console-'))
  try {
    writeFileSync(join(folder, 'main.hcl'), 'locals {\n  nothing = null\n}\n')
    // An expression of several lines is one line here: its brackets keep it together either way.
    const input = asked.map(({ expression }) => `${expression.replaceAll('\n', ' ')}\n`).join('')
    const { code, stdout, stderr } = await rolecall(['console', '--json'], { cwd: folder, input })
    t.equal(code, 0, stderr)
    const lines = stdout.trimEnd().split('\n')
    t.equal(lines.length, asked.length, 'one line for each expression')
    for (const [i, { expression, answer }] of asked.entries())
      t.equal(normal(lines[i] ?? ''), normal(answer), expression)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** The same JSON may be written with other escapes; every digit counts. */
function normal(json: string): string {
  return toJsonText(fromJsonText(json))
}
