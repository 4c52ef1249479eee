import { ServiceError } from '../../core/resource.js'
import { objectIn, unexpected } from '../../http/reading.js'
import { dataIn, type VaultApi, write } from './api.js'

/** Longer than this, in milliseconds, a move is not waited for. */
const patience = 300_000
const longestPause = 5_000

/** Moves a mount. Servers of today do it after they have answered, and tell how far they are; older ones before. */
export async function remount(api: VaultApi, from: string, to: string): Promise<void> {
  const doing = `moving the mount ${from} to ${to}`
  const started = await write(api, ['sys', 'remount'], { from, to }, doing)
  const migration = started?.migration_id
  if (typeof migration !== 'string' || migration === '') return
  let pause = 100
  for (let waited = 0; waited < patience; waited += pause) {
    const status = await statusOf(api, migration, doing)
    if (status === 'success') return
    if (status === 'failure')
      throw new ServiceError(doing, {
        words: `the server began the move and could not finish it (migration ${migration})`,
        help: 'Its log says why. Plan again: it shows where the mount is now.',
      })
    pause = Math.min(longestPause, pause * 2)
    await api.shared.sleep(pause, api.call.signal)
  }
  throw new ServiceError(doing, {
    words: `it is still under way after ${patience / 60_000} minutes (migration ${migration})`,
    help: 'Plan again when the server is done with it.',
  })
}

async function statusOf(api: VaultApi, migration: string, doing: string): Promise<string> {
  const path = ['sys', 'remount', 'status', migration]
  const { body, reading } = await api.send({ method: 'GET', path, doing, accept: [200] })
  const { status } = objectIn(dataIn(body, reading).migration_info, reading)
  if (typeof status === 'string') return status
  throw unexpected(reading, 'the status of the move')
}
