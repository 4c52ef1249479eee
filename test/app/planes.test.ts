import { join } from 'node:path'
import Libsql from 'libsql'
import t from 'tap'
import { openWorkspace } from '../../src/app.js'
import type { Progress } from '../../src/core/plan.js'
import { progressLine } from '../../src/views/progress.js'
import { plain } from '../../src/views/style.js'

t.test('why an embedded control plane fails is told, once, beside what the service answers', async (t) => {
  const cwd = t.testdir({
    'main.hcl': `
provider "trifacta" { endpoint = "embedded" }
resource "trifacta_person" "a" { email = "a@example.com" }
resource "trifacta_person" "b" { email = "b@example.com" }
`,
  })
  const told: Progress[] = []
  const plan = async () => {
    const stop = new AbortController().signal
    const progress = (event: Progress) => told.push(event)
    const workspace = await openWorkspace({ cwd, env: {}, now: () => new Date(0), stop, progress })
    try {
      return (await workspace.plan({})).plan.diagnostics
    } finally {
      await workspace.close()
    }
  }
  await plan()
  t.notOk(told.some(({ kind }) => kind === 'plane-error'))
  const database = new Libsql(join(cwd, '.rolecall', 'plane.db'))
  database.exec('alter table trifacta_people rename to somewhere_else')
  database.close()
  await t.rejects(plan())
  const errors = told.filter(({ kind }) => kind === 'plane-error')
  t.match(errors, [{ system: 'trifacta', message: /no such table: trifacta_people/ }])
  t.match(progressLine(errors[0] as Progress, plain), /^The embedded control plane \(trifacta\) failed: /)
})
