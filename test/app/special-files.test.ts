import { execFileSync } from 'node:child_process'
import { openSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openWorkspace, type PlanOptions } from '../../src/app.js'
import { Failure } from '../../src/core/diagnostic.js'

/** What validating says, one message in a line. */
async function said(folder: string, options: PlanOptions = {}): Promise<readonly string[]> {
  const workspace = await openWorkspace({
    cwd: folder,
    env: {},
    now: () => new Date(0),
    stop: new AbortController().signal,
    progress: () => {},
  })
  const found = await workspace.validate(options).catch((cause: unknown) => {
    if (cause instanceof Failure) return cause.diagnostics
    throw cause
  })
  await workspace.close()
  return found.map(({ code, detail }) => `${code}: ${detail}`)
}

const kinds: Readonly<Record<string, { make(path: string): void; told: string }>> = {
  pipe: {
    make: (path) => void execFileSync('mkfifo', [path]),
    told: 'it is a pipe, and only regular files are read.',
  },
  device: {
    make: (path) => symlinkSync('/dev/zero', path),
    told: 'it is a device, and only regular files are read.',
  },
  large: {
    make(path) {
      writeFileSync(path, '')
      truncateSync(path, 300 * 1024 * 1024)
    },
    told: 'it is larger than 32 MiB, and more is not read.',
  },
}

t.test('what is no regular file, or too large, is refused by its name and not read', async (t) => {
  for (const [kind, { make, told }] of Object.entries(kinds)) {
    for (const name of ['f.hcl', 'f.yaml', 'f.auto.vars.hcl']) {
      const here = t.testdir({ 'main.hcl': 'locals {\n  a = 1\n}\n' })
      make(join(here, name))
      t.strictSame(await said(here), [`app/unreadable: ${name}: ${told}`], `${kind} ${name}`)
    }
    const folder = t.testdir({})
    make(join(folder, 'it'))
    for (const call of [
      'file("it")',
      'filebase64("it")',
      'filesha256("it")',
      'templatefile("it", {})',
      'secretfile("it")',
    ]) {
      writeFileSync(join(folder, 'main.hcl'), `output "o" {\n  value = ${call}\n}\n`)
      const [first = '', ...more] = await said(folder)
      t.match(first, `"it" cannot be read: ${told.replace(/\.$/, '')}`, `${kind} ${call}`)
      t.strictSame(more, [], `${kind} ${call}`)
    }
  }
})

t.test('values of variables may come through a pipe, as much as from a file', async (t) => {
  const folder = t.testdir({ 'main.hcl': 'variable "a" {\n  type = number\n}\n' })
  const values = (shell: string) => {
    const path = join(folder, 'pipe')
    execFileSync('sh', ['-c', `rm -f "$0"; mkfifo "$0"; (${shell}) > "$0" 2>/dev/null &`, path], {
      stdio: 'ignore',
    })
    return said(folder, { variables: [{ file: 'pipe' }] })
  }
  t.strictSame(await values('sleep 0.1; echo a = 1'), [])
  t.match(await values('echo a = x'), [/^lang\/not-constant/], 'it was really read')
  t.strictSame(await values('cat /dev/zero'), [
    'app/unreadable: pipe: it is larger than 32 MiB, and more is not read.',
  ])
  t.strictSame(await said(folder, { variables: [{ file: '/dev/zero' }] }), [
    'app/unreadable: /dev/zero: it is a device, and only regular files are read.',
  ])
})

t.test('a pipe that is open and to which nobody writes can be left', async (t) => {
  const folder = t.testdir({ 'main.hcl': 'variable "a" {}\n' })
  execFileSync('mkfifo', [join(folder, 'pipe')])
  openSync(join(folder, 'pipe'), 'r+')
  const stop = new AbortController()
  const ambient = { cwd: folder, env: {}, now: () => new Date(0), stop: stop.signal, progress: () => {} }
  const workspace = await openWorkspace(ambient)
  const waiting = workspace.validate({ variables: [{ file: 'pipe' }] })
  setTimeout(() => stop.abort(), 30)
  await t.rejects(waiting, { name: 'AbortError' })
})
