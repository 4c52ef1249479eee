import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { processIdentity, processLiveness } from '../../src/state/process-identity.js'

const linux = process.platform === 'linux'

/** A /proc with this process and one more in it. */
function fakeProc(test: { teardown(f: () => void): unknown }, stat?: string): string {
  const proc = mkdtempSync(join(tmpdir(), 'rolecall-proc-'))
  test.teardown(() => rmSync(proc, { recursive: true }))
  mkdirSync(join(proc, 'sys/kernel/random'), { recursive: true })
  writeFileSync(join(proc, 'sys/kernel/random/boot_id'), 'boot-1\n')
  const own = join(proc, String(process.pid))
  mkdirSync(join(own, 'ns'), { recursive: true })
  writeFileSync(join(own, 'stat'), statLine(process.pid, 'node', 'R', 11, 500))
  symlinkSync('pid:[1]', join(own, 'ns/pid'))
  symlinkSync('time:[2]', join(own, 'ns/time'))
  symlinkSync(String(process.pid), join(proc, 'self'))
  if (stat !== undefined) {
    mkdirSync(join(proc, '99'))
    writeFileSync(join(proc, '99/stat'), stat)
  }
  return proc
}

function statLine(pid: number, name: string, status: string, threads: number, start: number): string {
  return `${pid} (${name}) ${status} 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 ${threads} 0 ${start} 18 19 20\n`
}

const other = { pid: 99, startTime: '700', bootId: 'boot-1', pidNamespace: 'pid:[1] time:[2]' }

t.test('a process is known by its number, start time, boot and namespaces', async (t) => {
  t.same(processIdentity(process.pid, fakeProc(t)), {
    pid: process.pid,
    startTime: '500',
    bootId: 'boot-1',
    pidNamespace: 'pid:[1] time:[2]',
  })
})

t.test('the number alone is known where there is no /proc, and proves nothing', async (t) => {
  t.same(processIdentity(7, '/nowhere'), { pid: 7 })
  t.equal(processLiveness({ pid: 7 }, '/nowhere'), 'unknown')
  t.equal(processLiveness(other, '/nowhere'), 'unknown')
})

t.test('the process with that number and start time is alive, also when it is stopped', async (t) => {
  t.equal(processLiveness(other, fakeProc(t, statLine(99, 'node', 'S', 11, 700))), 'alive')
  t.equal(processLiveness(other, fakeProc(t, statLine(99, 'node', 'T', 11, 700))), 'alive')
})

t.test('a name with spaces and parentheses misleads nobody', async (t) => {
  t.equal(processLiveness(other, fakeProc(t, statLine(99, 'a) Z 1 (b', 'S', 11, 700))), 'alive')
})

t.test('a number that another process has by now is dead, and so is a zombie', async (t) => {
  t.equal(processLiveness(other, fakeProc(t, statLine(99, 'node', 'R', 1, 701))), 'dead')
  t.equal(processLiveness(other, fakeProc(t, statLine(99, 'node', 'Z', 1, 700))), 'dead')
  t.equal(
    processLiveness(other, fakeProc(t, statLine(99, 'node', 'Z', 2, 700))),
    'alive',
    'threads of it are left',
  )
})

t.test('another boot, another pid namespace, or too little known: nothing is proven', async (t) => {
  const proc = fakeProc(t)
  t.equal(processLiveness({ ...other, bootId: 'boot-0' }, proc), 'unknown')
  t.equal(processLiveness({ ...other, pidNamespace: 'pid:[9] time:[2]' }, proc), 'unknown')
  t.equal(processLiveness({ pid: 99, bootId: 'boot-1', pidNamespace: other.pidNamespace }, proc), 'unknown')
})

t.test('a process that /proc hides but the system knows is not proven dead', async (t) => {
  const hidden = { ...other, pid: process.ppid }
  t.equal(processLiveness(hidden, fakeProc(t)), 'unknown')
})

t.test('a /proc of another pid namespace is not believed', async (t) => {
  const proc = fakeProc(t)
  rmSync(join(proc, 'self'))
  symlinkSync('1', join(proc, 'self'))
  t.same(processIdentity(process.pid, proc), { pid: process.pid })
  t.equal(processLiveness(other, proc), 'unknown')
})

t.test(
  'on this machine: a real process is alive, stopped it is alive, killed it is dead',
  { skip: !linux },
  async (t) => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await once(child.stdout, 'data')
    const identity = processIdentity(child.pid)
    t.equal(processLiveness(identity), 'alive')
    child.kill('SIGSTOP')
    t.equal(processLiveness(identity), 'alive')
    child.kill('SIGKILL')
    await once(child, 'exit')
    t.equal(processLiveness(identity), 'dead')
    t.equal(processLiveness(processIdentity()), 'alive')
  },
)
