import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type FileSystem, fileStore } from '../../src/state/file.js'
import { failureOf } from './failure-of.js'
import { storeContract } from './store-contract.js'

const random = (bytes: number) => randomBytes(bytes)

function folder(t: { teardown(f: () => void): unknown }): string {
  const made = mkdtempSync(join(tmpdir(), 'rolecall-state-'))
  t.teardown(() => rmSync(made, { recursive: true, force: true }))
  return join(made, 'project', '.rolecall', 'state')
}

storeContract('file', async () => {
  const made = mkdtempSync(join(tmpdir(), 'rolecall-state-'))
  return {
    open: () => fileStore({ path: join(made, 'state'), random }),
    close: async () => rmSync(made, { recursive: true, force: true }),
  }
})

const one = 'ab/journal/00000000000000000001'
const bytes = Buffer.from('{}')

/** The real file system, of which some calls fail. */
function failing(calls: Partial<FileSystem>): FileSystem {
  return { ...fs, ...calls }
}

function refusing(code: string, message = `${code}: refused`): () => never {
  return () => {
    throw Object.assign(new Error(message), { code })
  }
}

t.test('folders are for their owner only, and so are the files', async (t) => {
  const path = folder(t)
  await fileStore({ path, random }).putIfAbsent(one, bytes)
  for (const made of [path, join(path, 'ab'), join(path, 'ab', 'journal'), join(path, 'tmp')]) {
    t.equal(statSync(made).mode & 0o777, 0o700, made)
  }
  t.equal(statSync(join(path, one)).mode & 0o777, 0o600)
})

t.test('looking at a state makes no folder', async (t) => {
  const path = folder(t)
  const store = fileStore({ path, random })
  t.same(await store.list(), [])
  t.equal(await store.get('lineage'), undefined)
  t.notOk(fs.existsSync(path))
})

t.test('file and folder are synced, the file before it has its name, the folder after', async (t) => {
  const path = folder(t)
  const events: string[] = []
  const files = failing({
    writeSync: ((...args: Parameters<typeof fs.writeSync>) => {
      events.push('write')
      return fs.writeSync(...args)
    }) as typeof fs.writeSync,
    fsync: ((file: number, done: fs.NoParamCallback) => {
      events.push(fs.fstatSync(file).isDirectory() ? 'sync folder' : 'sync file')
      fs.fsync(file, done)
    }) as typeof fs.fsync,
    linkSync: (from, to) => {
      events.push('link')
      fs.linkSync(from, to)
    },
  })
  const store = fileStore({ path, random, files })
  await store.putIfAbsent(one, bytes)
  t.same(events.slice(-4), ['write', 'sync file', 'link', 'sync folder'])
  t.ok(
    events.filter((event) => event === 'sync folder').length > 4,
    'the names of new folders are durable too',
  )
  events.length = 0
  await store.putIfAbsent('ab/journal/00000000000000000002', bytes)
  t.same(events, ['write', 'sync file', 'link', 'sync folder'], 'the second append costs no more than that')
})

t.test('short writes are continued', async (t) => {
  const path = folder(t)
  const files = failing({
    writeSync: ((file: number, from: Uint8Array, at: number) =>
      fs.writeSync(file, from, at, Math.min(3, from.length - at))) as typeof fs.writeSync,
  })
  const store = fileStore({ path, random, files })
  await store.putIfAbsent(one, Buffer.from('0123456789'))
  t.equal(fs.readFileSync(join(path, one), 'utf8'), '0123456789')
})

t.test('no temporary file is left, whether the name was free, taken or failed', async (t) => {
  const path = folder(t)
  await fileStore({ path, random }).putIfAbsent(one, bytes)
  await fileStore({ path, random }).putIfAbsent(one, bytes)
  const full = fileStore({ path, random, files: failing({ writeSync: refusing('ENOSPC') }) })
  await t.rejects(full.putIfAbsent('ab/journal/00000000000000000002', bytes))
  t.same(readdirSync(join(path, 'tmp')), [])
})

t.test('temporary files of crashed writers are removed; those of live ones are not', async (t) => {
  const path = folder(t)
  await fileStore({ path, random }).putIfAbsent(one, bytes)
  const [old, fresh] = [join(path, 'tmp', 'old'), join(path, 'tmp', 'fresh')]
  writeFileSync(old, 'half a wri')
  writeFileSync(fresh, 'half a wri')
  const twoHoursAgo = Date.now() / 1000 - 7200
  utimesSync(old, twoHoursAgo, twoHoursAgo)
  const store = fileStore({ path, random })
  t.same(await store.list(), [one], 'they are never listed')
  await store.putIfAbsent('ab/journal/00000000000000000002', bytes)
  t.same(readdirSync(join(path, 'tmp')), ['fresh'])
})

t.test('a full disk is an error that says so, and nothing has the name', async (t) => {
  const path = folder(t)
  const store = fileStore({
    path,
    random,
    files: failing({ writeSync: refusing('ENOSPC', 'ENOSPC: no space left on device') }),
  })
  t.match(
    await failureOf(store.putIfAbsent(one, bytes)),
    /state\/file\nwriting .*ENOSPC.*\nMake room on the disk/,
  )
  t.equal(await store.get(one), undefined)
})

t.test('a sync that fails, of the file or of the folder, is an error', async (t) => {
  for (const what of ['file', 'folder']) {
    const path = folder(t)
    await fileStore({ path, random }).putIfAbsent('ab/journal/00000000000000000009', bytes)
    const files = failing({
      fsync: ((file: number, done: fs.NoParamCallback) => {
        const isFolder = fs.fstatSync(file).isDirectory()
        if (isFolder === (what === 'folder'))
          done(Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' }))
        else fs.fsync(file, done)
      }) as typeof fs.fsync,
    })
    t.match(
      await failureOf(fileStore({ path, random, files }).putIfAbsent(one, bytes)),
      /EIO: i\/o error, fsync/,
      what,
    )
  }
})

t.test('a file system without hard links is refused with the way out', async (t) => {
  const store = fileStore({ path: folder(t), random, files: failing({ linkSync: refusing('EPERM') }) })
  t.match(await failureOf(store.putIfAbsent(one, bytes)), /needs a file system with hard links/)
})

t.test('a folder that vanishes while it is in use does not come back half empty', async (t) => {
  const path = folder(t)
  const store = fileStore({ path, random })
  await store.putIfAbsent(one, bytes)
  rmSync(path, { recursive: true })
  t.match(
    await failureOf(store.putIfAbsent('ab/journal/00000000000000000002', bytes)),
    /was removed or replaced while it was in use/,
  )
  t.notOk(fs.existsSync(path))
})

t.test('a file that is far too large is not read', async (t) => {
  const path = folder(t)
  const store = fileStore({ path, random })
  await store.putIfAbsent(one, bytes)
  fs.truncateSync(join(path, one), 300 * 1024 * 1024)
  t.match(await failureOf(store.get(one)), /it has 314572800 bytes, the limit is 268435456/)
})

t.test('names that would lead out of the folder are a bug', async (t) => {
  const store = fileStore({ path: folder(t), random })
  for (const name of ['../x', 'a/../../x', '/etc/passwd', 'a//b', '.hidden', 'a\\b', 'tmp/x', '', 'a\0b']) {
    await t.rejects(async () => store.get(name), /not a name for a state store/, JSON.stringify(name))
  }
})

t.test('files that an editor or a system left are not listed', async (t) => {
  const path = folder(t)
  const store = fileStore({ path, random })
  await store.putIfAbsent(one, bytes)
  writeFileSync(join(path, '.DS_Store'), '')
  writeFileSync(join(path, 'ab', 'journal', '.swp'), '')
  t.same(await store.list(), [one])
})
