import * as fs from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { LeaseLost } from '../../src/core/state.js'
import { type FileSystem, fileStore } from '../../src/state/file.js'
import { openLease } from '../../src/state/lease.js'
import { readState } from '../../src/state/read.js'
import { row } from '../core/journal-fixture.js'
import { failureOf } from './failure-of.js'
import { systemEnvironment } from './system-environment.js'

const environment = systemEnvironment({ host: 'test', who: 'test', version: '0' })

/** A folder whose file system fails from the moment that `broken` says so. */
function place(test: { teardown(f: () => void): unknown }) {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-disk-'))
  test.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const disk = { full: false, syncFails: undefined as 'file' | 'folder' | undefined }
  const fail = (code: string) => Object.assign(new Error(`${code}: the disk says no`), { code })
  const files: FileSystem = {
    ...fs,
    writeSync: ((...args: Parameters<typeof fs.writeSync>) => {
      if (disk.full) throw fail('ENOSPC')
      return fs.writeSync(...args)
    }) as typeof fs.writeSync,
    fsync: ((file: number, done: fs.NoParamCallback) => {
      const what = fs.fstatSync(file).isDirectory() ? 'folder' : 'file'
      if (disk.syncFails === what) done(fail('EIO'))
      else fs.fsync(file, done)
    }) as typeof fs.fsync,
  }
  const path = join(folder, 'state')
  const sound = fileStore({ path, random: environment.random })
  return { disk, store: fileStore({ path, random: environment.random, files }), sound }
}

const done = (id: string) => [{ event: 'done' as const, address: `a.b[${id}]`, row: row(`a.b[${id}]`, id) }]
const options = { operation: 'apply', lockTimeout: 0, environment }

for (const how of ['full', 'file', 'folder'] as const) {
  const what = how === 'full' ? 'the disk is full' : `syncing the ${how} fails`
  t.test(`rule 13: when ${what}, the run ends, and what was recorded before is safe`, async (t) => {
    const { disk, store, sound } = place(t)
    const lease = await openLease(store, options)
    await lease.append(done('1'))
    const budget = await lease.begin({ event: 'begin', op: '2', address: 'a.c', action: 'create' })
    if (how === 'full') disk.full = true
    else disk.syncFails = how
    const failed = lease.append(done('2'))
    const waiting = lease.append(done('3'))
    await t.rejects(failed, { name: 'LeaseLost', message: /could not be written .*the disk says no/ })
    await t.rejects(waiting, LeaseLost)
    t.throws(budget.check, LeaseLost)
    disk.full = false
    disk.syncFails = undefined
    await t.rejects(lease.append(done('4')), LeaseLost, 'not even when the disk works again')
    await t.rejects(lease.close(), LeaseLost)
    const names = await sound.list()
    const next = await openLease(sound, { ...options, force: true })
    t.ok(next.state.rows.has('a.b[1]'))
    t.notOk(next.state.rows.has('a.b[4]'))
    t.same(
      next.inherited.map((entry) => entry.op),
      ['2'],
    )
    t.equal((await sound.list()).length, names.length + 1)
  })
}

t.test(
  'a disk that is full from the start is an error that says what to do, and costs no lease',
  async (t) => {
    const { disk, store, sound } = place(t)
    disk.full = true
    t.match(
      await failureOf(openLease(store, options)),
      /^state\/file\nwriting .*lineage.*ENOSPC.*\nMake room on the disk/,
    )
    t.same(await sound.list(), [])
    t.equal((await readState(sound, environment)).live, undefined)
  },
)
