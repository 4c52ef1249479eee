import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { TracePoint } from '../../src/state/environment.js'
import { fileStore } from '../../src/state/file.js'
import { forceUnlock } from '../../src/state/force-unlock.js'
import { openLease } from '../../src/state/lease.js'
import { readState } from '../../src/state/read.js'
import { failureOf } from './failure-of.js'
import { systemEnvironment } from './system-environment.js'

// Whether a process is dead can be proven on Linux only.
const options = { skip: process.platform !== 'linux' }
const worker = fileURLToPath(new URL('./worker.js', import.meta.url))
const environment = systemEnvironment({ host: 'test', who: 'test', version: '0' })

function place(test: { teardown(f: () => void): unknown }) {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-processes-'))
  test.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const store = fileStore({ path: join(folder, 'state'), random: environment.random })
  return { folder: join(folder, 'state'), store, read: () => readState(store, environment) }
}

interface Worker {
  readonly child: ChildProcess
  /** Resolves with the line, once it was said. */
  said(line: RegExp): Promise<string>
  /** The highest number that it was told to be durable. */
  acknowledged(): number
  readonly exit: Promise<unknown>
}

function work(folder: string, ...args: readonly string[]): Worker {
  const child = spawn(process.execPath, [worker, folder, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  let rest = ''
  const exit = once(child, 'close')
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
    child.emit('line')
  })
  return {
    child,
    exit,
    acknowledged: () => Math.max(0, ...lines.map(Number).filter((n) => !Number.isNaN(n))),
    async said(line) {
      for (;;) {
        const found = lines.find((each) => line.test(each))
        if (found !== undefined) return found
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`it ended without saying ${line}: ${lines.join(', ')}`)
        await Promise.race([once(child, 'line'), exit])
      }
    },
  }
}

/** The state is readable, and everything that was acknowledged is in it. */
async function checkAfter(
  t: { ok(value: unknown, message: string): unknown },
  read: ReturnType<typeof place>['read'],
  acknowledged: number,
  how: string,
) {
  const { state } = await read()
  const last = Number(state.outputs.last ?? 0)
  t.ok(
    last === acknowledged || last === acknowledged + 1,
    `${how}: ${acknowledged} acknowledged, ${last} recorded`,
  )
  for (let n = Math.max(1, last - 9); n <= last; n++) {
    if (state.rows.get(`a.b[${n % 10}]`)?.id !== `${n}`) t.ok(false, `${how}: row ${n} is missing`)
  }
}

t.test(
  'two processes that open the same folder at the same time work one after the other',
  options,
  async (t) => {
    const { folder, read } = place(t)
    const all = [work(folder, '20'), work(folder, '20')]
    for (const { exit, said } of all) {
      await said(/^closed$/)
      await exit
    }
    const { state, live } = await read()
    t.equal(state.outputs.last, 40)
    t.equal(live, undefined)
    t.same(state.rows.size, 10)
  },
)

t.test(
  'killed at a random moment, over and over, a process leaves a journal that is whole',
  options,
  async (t) => {
    const { folder, read } = place(t)
    let acknowledged = 0
    for (let i = 0; i < 24; i++) {
      const { child, said, exit, acknowledged: told } = work(folder, '1000000')
      await said(i % 4 === 0 ? /^open/ : /^[0-9]+$/)
      await new Promise((resolve) => setTimeout(resolve, (i * 7) % 23))
      child.kill('SIGKILL')
      await exit
      acknowledged = Math.max(acknowledged, told())
      await checkAfter(t, read, acknowledged, `kill ${i}`)
      acknowledged = Number((await read()).state.outputs.last ?? 0)
    }
    t.equal((await read()).live?.liveness, 'dead')
    t.ok(acknowledged > 24, `${acknowledged} appends`)
  },
)

t.test(
  'killed at every step of an append and of a checkpoint, a process leaves a journal that is whole',
  options,
  async (t) => {
    const { folder, read } = place(t)
    const points: readonly TracePoint[] = [
      'append:before',
      'append:durable',
      'checkpoint:before-snapshot',
      'checkpoint:after-snapshot',
      'checkpoint:before-delete',
    ]
    let recorded = 0
    for (const point of points) {
      for (const times of ['1', '2']) {
        const { exit, acknowledged } = work(folder, '1000', point, times)
        await exit
        await checkAfter(t, read, Math.max(recorded, acknowledged()), `killed at ${point}`)
        recorded = Number((await read()).state.outputs.last ?? 0)
      }
    }
    const last = work(folder, '12')
    await last.said(/^closed$/)
    await last.exit
    t.equal((await read()).state.outputs.last, recorded + 12)
    // A kill may meet a write of the other kind that is under way: its temporary file is swept when it is old enough.
    t.ok(
      readdirSync(join(folder, 'tmp')).length <= 2 * points.length,
      'a crash leaves at most the file that it was writing',
    )
  },
)

t.test(
  'rule 12: a stopped process keeps its lease until someone forces it, and appends nothing when it wakes up after that',
  options,
  async (t) => {
    const { folder, store, read } = place(t)
    const { child, said, exit } = work(folder, '1000', 'append:before', '5', 'SIGSTOP')
    t.teardown(() => child.kill('SIGKILL'))
    const run = (await said(/^open /)).slice('open '.length)
    await said(/^4$/)
    while (!/\) T /.test(readFileSync(`/proc/${child.pid}/stat`, 'utf8')))
      await new Promise((resolve) => setTimeout(resolve, 5))
    const refused = await failureOf(openLease(store, { operation: 'apply', lockTimeout: 0, environment }))
    t.match(refused, new RegExp(`state/locked\nID: +${run}\nOperation: test`))
    t.match(refused, /That run is still alive/)
    t.equal((await read()).live?.liveness, 'alive')
    t.match(await failureOf(forceUnlock(store, '1234', environment)), /state\/wrong-lock-id/)
    await forceUnlock(store, run, environment)
    const before = (await store.list()).toSorted()
    child.kill('SIGCONT')
    await said(/^lost$/)
    await exit
    t.same((await store.list()).toSorted(), before, 'not one append')
    t.equal((await read()).state.outputs.last, 4)
  },
)
