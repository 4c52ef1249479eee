import { writeSync } from 'node:fs'
import { LeaseLost } from '../../src/core/state.js'
import type { TracePoint } from '../../src/state/environment.js'
import { fileStore } from '../../src/state/file.js'
import { openLease } from '../../src/state/lease.js'
import { row } from '../core/journal-fixture.js'
import { systemEnvironment } from './system-environment.js'

/**
 * A process of its own that works on a state: `worker FOLDER COUNT [POINT TIMES SIGNAL]` appends COUNT records, each one
 * higher than the last in the state, says `open RUN`, then each number once it is durable, then `closed`; `lost` if it
 * lost its lease. It sends itself SIGNAL when POINT is reached for the TIMES-th time.
 */
const [folder = '', count = '0', point, times = '1', signal = 'SIGKILL'] = process.argv.slice(2)

const say = (text: string) => writeSync(1, `${text}\n`)

let reached = 0
function trace(at: TracePoint): void {
  if (at === point && ++reached === Number(times)) process.kill(process.pid, signal as NodeJS.Signals)
}

const environment = systemEnvironment({ host: 'test', who: 'test', version: '0', trace })
const store = fileStore({ path: folder, random: environment.random })

try {
  const lease = await openLease(store, {
    operation: 'test',
    lockTimeout: 60_000,
    environment,
    outgrown: { appends: 4, bytes: 0 },
  })
  say(`open ${lease.run}`)
  const first = Number(lease.state.outputs.last ?? 0) + 1
  for (let n = first; n < first + Number(count); n++) {
    const address = `a.b[${n % 10}]`
    const checkpoint = n % 3 === 0 ? lease.checkpoint() : undefined
    await lease.append([
      { event: 'done', address, row: row(address, `${n}`) },
      { event: 'outputs', outputs: { last: n } },
    ])
    say(`${n}`)
    await checkpoint
  }
  await lease.close()
  say('closed')
} catch (error) {
  if (!(error instanceof LeaseLost)) throw error
  say('lost')
}
