import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const chunk = 50

/** The version of the `terraform` on the PATH, or undefined if there is none. */
export function terraformVersion(): string | undefined {
  const { status, stdout } = spawnSync('terraform', ['version'], { encoding: 'utf8' })
  return status === 0 ? /v[0-9.]+/.exec(stdout)?.[0] : undefined
}

/** What `terraform console` makes of each expression: its value as JSON text, or null for a mistake. */
export function askForJson(expressions: readonly string[]): (string | null)[] {
  const answers: (string | null)[] = []
  for (let i = 0; i < expressions.length; i += chunk) {
    const each = expressions.slice(i, i + chunk).map((expression) => `try(jsonencode(${expression}), null)`)
    const quoted = ask(`base64encode(jsonencode([${each.join(', ')}]))`)
    answers.push(...(JSON.parse(Buffer.from(quoted.slice(1, -1), 'base64').toString()) as (string | null)[]))
  }
  return answers
}

/** What `terraform console` prints for a value; undefined for a mistake. */
export function askForText(expression: string): string | undefined {
  try {
    return ask(expression)
  } catch {
    return undefined
  }
}

function ask(expression: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-oracle-'))
  try {
    const { status, stdout, stderr } = spawnSync('terraform', ['console', '-no-color'], {
      cwd: folder,
      input: `${expression}\n`,
      encoding: 'utf8',
      env: { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1', NO_COLOR: '1' },
    })
    if (status !== 0 || stdout === '') throw new Error(`terraform cannot evaluate ${expression}: ${stderr}`)
    return stdout.replace(/\n$/, '')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
