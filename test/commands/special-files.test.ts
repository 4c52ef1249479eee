import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { formatFiles } from '../../src/commands/shell/formatting.js'
import { readPlanFile } from '../../src/commands/shell/plan-file.js'
import type { Session } from '../../src/commands/shell/session.js'
import { Failure } from '../../src/core/diagnostic.js'

t.test('neither fmt nor show waits for a pipe or reads a device', async (t) => {
  const cwd = t.testdir({})
  execFileSync('mkfifo', [join(cwd, 'pipe.hcl')])
  symlinkSync('/dev/zero', join(cwd, 'zero.hcl'))
  const session = { ambient: { cwd }, json: false, out: () => {} } as unknown as Session
  const options = { check: true, diff: false, recursive: false, write: false, list: true }
  for (const [file, kind] of [
    ['pipe.hcl', 'a pipe'],
    ['zero.hcl', 'a device'],
  ] as const) {
    const told = new RegExp(`${file}: it is ${kind}, and only regular files are read`)
    await t.rejects(formatFiles(session, [file], options), told)
    await t.rejects(readPlanFile(cwd, file), told)
    await t.rejects(readPlanFile(cwd, file), Failure)
  }
  t.equal(
    await formatFiles(session, ['.'], options),
    0,
    'what is no regular file is not formatted with its folder',
  )
})
