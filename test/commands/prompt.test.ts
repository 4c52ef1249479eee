import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { people } from './people.js'
import { rolecall } from './rolecall.js'

const found = spawnSync('script', ['--version'], { encoding: 'utf8' })
const skip =
  found.stdout?.includes('util-linux') === true ? false : 'script(1) of util-linux is not on the PATH'
const program = join(process.cwd(), 'bin', 'rolecall.js')

/** Runs the program on a terminal of its own, and types the answer when it asks. */
async function onTerminal(
  cwd: string,
  args: string,
  answer: string | readonly string[],
  env: Record<string, string> = {},
) {
  const answers = [answer].flat()
  const { PATH, HOME } = process.env
  const command = `stty cols 80; ${process.execPath} ${program} ${args}`
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd,
    env: { PATH, HOME, TERM: 'xterm', SHELL: '/bin/sh', ...env },
  })
  let text = ''
  let answered = 0
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    const asked = text.match(/Enter a value:/g)?.length ?? 0
    if (asked > answered && answered < answers.length) child.stdin.write(answers[answered++] ?? '')
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, text: text.replaceAll('\r', '') }
}

t.test('on a terminal apply asks, and only yes is a yes', { skip }, async (t) => {
  const cwd = t.testdir({ 'main.hcl': people })
  const no = await onTerminal(cwd, 'apply', 'y\n')
  t.equal(no.code, 1)
  t.match(no.text, 'Do you want to perform these actions?')
  t.match(no.text, "Only 'yes' will be accepted to approve.")
  t.match(no.text, /^Apply cancelled\.$/m)
  t.match(no.text, '\u001b[32m', 'a terminal has colour')

  const ended = await onTerminal(cwd, 'apply', '\u0004')
  t.equal(ended.code, 1, 'the end of the input is no yes')
  const interrupted = await onTerminal(cwd, 'apply', '\u0003')
  t.equal(interrupted.code, 1, 'nor is Ctrl-C')
  t.equal((await rolecall(['state', 'list'], { cwd })).stdout, '')

  const yes = await onTerminal(cwd, 'apply', 'yes\n', { NO_COLOR: '1' })
  t.equal(yes.code, 0)
  t.match(yes.text, /^Apply complete! Resources: 1 added, 0 changed, 0 destroyed\.$/m)
  t.notMatch(yes.text, '\u001b[3', 'NO_COLOR is heard')

  const kept = await onTerminal(cwd, 'destroy', 'no\n')
  t.equal(kept.code, 1)
  t.match(kept.text, 'Do you really want to destroy all resources?')
  t.match(kept.text, /^Destroy cancelled\.$/m)
})

const asking = `variable "bucket" {
  description = "Where results go."
}

variable "token" {
  type      = string
  sensitive = true
}

output "bucket" {
  value = "s3://${'$'}{var.bucket}"
}

output "letters" {
  value = nonsensitive(length(var.token))
}
`

t.test(
  'on a terminal a variable without a value is asked for, and a secret one is not shown',
  { skip },
  async (t) => {
    const cwd = t.testdir({ 'main.hcl': asking })
    const { code, text } = await onTerminal(cwd, 'plan', ['results\n', 'canary-typed\n'], { NO_COLOR: '1' })
    t.equal(code, 0, text)
    t.match(text, /var\.bucket\n {2}Where results go\.\n\n.*Enter a value: /)
    t.match(text, 'var.token\n\n  Enter a value: (what you type is not shown) ')
    t.match(text, '"s3://results"')
    t.match(text, /letters += 12/)
    t.notMatch(text, 'canary')

    const none = await onTerminal(cwd, 'plan -input=false', [])
    t.equal(none.code, 1)
    t.match(none.text, 'The variable "bucket" has no default')
    t.notMatch(none.text, 'Enter a value')
    const ended = await onTerminal(cwd, 'plan', ['\u0003'])
    t.equal(ended.code, 1, 'Ctrl-C is no answer')
    t.match(ended.text, 'The variable "token" has no default')
  },
)

t.test('neither CI nor --input=false is asked, terminal or not', { skip }, async (t) => {
  const cwd = t.testdir({ 'main.hcl': people })
  for (const [args, env] of [
    ['apply', { CI: 'true' }],
    ['apply -input=false', {}],
  ] as const) {
    const refused = await onTerminal(cwd, args, '', env)
    t.equal(refused.code, 1)
    t.match(refused.text, 'Nobody can be asked for approval')
    t.notMatch(refused.text, 'Enter a value')
  }
})
