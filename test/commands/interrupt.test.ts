import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type PlaneProcessOptions, startPlane } from '../fixtures/start-plane.js'
import { rolecall, start } from './rolecall.js'

const people = 12

async function world(t: Test, options: Omit<PlaneProcessOptions, 'database'>) {
  const cwd = t.testdir({
    'main.hcl': `
variable "endpoint" { type = string }
provider "trifacta" {
  endpoint = var.endpoint
  token    = "not-a-real-one"
}
resource "trifacta_person" "p" {
  count = ${people}
  email = "p\${count.index}@example.com"
}
resource "trifacta_aws_config" "c" {
  count               = ${people}
  person_id           = trifacta_person.p[count.index].id
  credential_provider = "temporary"
  role                = "arn:aws:iam::123456789012:role/p\${count.index}"
  default_bucket      = "bucket"
}
`,
  })
  const plane = await startPlane({ database: join(cwd, 'plane.db'), ...options })
  t.teardown(() => plane.stop())
  return { cwd, env: { ROLECALL_VAR_endpoint: plane.url } }
}

/** What a process has said so far, on both streams. */
function listen(child: ChildProcess): { text: string; until(words: RegExp): Promise<void> } {
  const heard = {
    text: '',
    async until(words: RegExp) {
      while (!words.test(heard.text)) await sleep(5)
    },
  }
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      heard.text += chunk.toString()
    })
  return heard
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'close')
  return child.exitCode
}

interface Recorded {
  readonly values: { readonly root_module: { readonly resources: readonly unknown[] } }
  readonly rolecall: { readonly open: readonly unknown[] }
}

t.test(
  'at a first interrupt, an apply finishes and records what is in flight, and says what it left',
  async (t) => {
    const { cwd, env } = await world(t, { latency: 150 })
    const child = start(['apply', '-auto-approve', '-parallelism=2'], { cwd, env })
    const heard = listen(child)
    await heard.until(/Creation complete/)
    child.kill('SIGINT')
    t.equal(await exitOf(child), 1)
    t.match(heard.text, 'Interrupt received.')
    t.match(heard.text, 'Stopping operation...')
    t.match(
      heard.text,
      /^Apply incomplete! Resources: \d+ added, 0 changed, 0 destroyed; 0 failed, \d+ skipped\.$/m,
    )
    t.match(heard.text, /^Skipped:$/m)
    t.match(heard.text, 'The run was interrupted.')

    const shown = await rolecall(['show', '-json'], { cwd, env })
    const { values, rolecall: own } = JSON.parse(shown.stdout) as Recorded
    t.strictSame(own.open, [], 'nothing is left open')
    const added = Number(/(\d+) added/.exec(heard.text)?.[1])
    t.equal(values.root_module.resources.length, added, 'what was done is recorded')
    t.ok(added > 0 && added < 2 * people, `${added} were made`)
    const plan = await rolecall(['plan'], { cwd, env })
    t.match(plan.stdout, `Plan: ${2 * people - added} to add, 0 to change, 0 to destroy.`)
    t.notMatch(plan.stdout, 'interrupted')
  },
)

t.test('at a second signal the process ends at once, and the journal knows what was in flight', async (t) => {
  const { cwd, env } = await world(t, {
    faults: [{ method: 'POST', path: '/v4/awsConfigs', kind: 'slow-after', ms: 4000 }],
  })
  const child = start(['apply', '-auto-approve', '-json'], { cwd, env })
  const heard = listen(child)
  await heard.until(/"apply_start".*|trifacta_aws_config.c\[\d+\]: Creating/)
  await heard.until(/trifacta_aws_config\.c\[\d+\]: Creating/)
  child.kill('SIGINT')
  await heard.until(/"type":"interrupted"/)
  const second = Date.now()
  child.kill('SIGTERM')
  t.equal(await exitOf(child), 1)
  t.ok(Date.now() - second < 2000, 'without waiting for answers')
  t.match(heard.text, 'Two interrupts received.')
  const shown = await rolecall(['show', '-json'], { cwd, env })
  t.not((JSON.parse(shown.stdout) as Recorded).rolecall.open.length, 0)
})

t.test('an interrupt while a plan is made ends it, and says so', async (t) => {
  const { cwd, env } = await world(t, { latency: 3000 })
  const child = start(['plan'], { cwd, env })
  const heard = listen(child)
  await heard.until(/Reading the list/)
  child.kill('SIGINT')
  t.equal(await exitOf(child), 1)
  t.match(heard.text, /^Error: Interrupted$/m)
})
