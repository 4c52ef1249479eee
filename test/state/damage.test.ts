import * as fs from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { State } from '../../src/core/state.js'
import { type FileSystem, fileStore } from '../../src/state/file.js'
import { openLease } from '../../src/state/lease.js'
import { readState } from '../../src/state/read.js'
import { row } from '../core/journal-fixture.js'
import { failureOf } from './failure-of.js'
import { systemEnvironment } from './system-environment.js'

// A missing object is looked for ten times, with pauses: not here.
const environment = {
  ...systemEnvironment({ host: 'test', who: 'test', version: '0' }),
  sleep: async () => {},
}
const { random } = environment

interface Place {
  readonly path: string
  /** All files of the state, by name; the half-written ones are none. */
  files(): readonly string[]
  /** What a reader and what a writer say; `no failure` if they take what is there. */
  read(): Promise<string>
  write(): Promise<string>
  state(): Promise<State>
}

function placeAt(path: string, files?: FileSystem): Place {
  const store = fileStore({ path, where: 'STATE', random, ...(files !== undefined && { files }) })
  const open = async () => {
    const lease = await openLease(store, { operation: 'apply', lockTimeout: 0, environment })
    await lease.append([{ event: 'done', address: 'a.b["later"]', row: row('a.b["later"]', 'later') }])
    await lease.close()
  }
  return {
    path,
    files: () =>
      fs
        .readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory() && !entry.parentPath.endsWith('tmp'))
        .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
        .sort(),
    read: () => failureOf(readState(store, environment)),
    write: () => failureOf(open()),
    state: async () => (await readState(store, environment)).state,
  }
}

const temporary = mkdtempSync(join(tmpdir(), 'rolecall-damage-'))
t.teardown(() => rmSync(temporary, { recursive: true, force: true }))
let copies = 0

function copyOf(place: Place, files?: FileSystem): Place {
  const path = join(temporary, `copy-${copies++}`, 'state')
  fs.cpSync(place.path, path, { recursive: true })
  return placeAt(path, files)
}

/** A state with a snapshot, a takeover under it, and appends after it: one of every kind of file. */
async function recorded(name: string): Promise<Place> {
  const path = join(temporary, name)
  const store = fileStore({ path, random })
  const options = { lockTimeout: 0, environment, outgrown: { appends: 5, bytes: 0 } }
  const first = await openLease(store, { ...options, operation: 'first' })
  await first.append([{ event: 'done', address: 'a.b["one"]', row: row('a.b["one"]', '1') }])
  const second = await openLease(store, { ...options, operation: 'second', force: true })
  for (const id of ['2', '3', '4']) {
    await second.append([{ event: 'done', address: `a.b["${id}"]`, row: row(`a.b["${id}"]`, id) }])
    await second.checkpoint()
  }
  await second.append([{ event: 'done', address: 'a.b["last"]', row: row('a.b["last"]', 'last') }])
  await second.close()
  return placeAt(path)
}

const mine = await recorded('mine')
const theirs = await recorded('theirs')
const names = mine.files()
const kindOf = (name: string): string => {
  const [, kind] = name.split('/')
  if (kind !== 'journal') return kind ?? 'lineage'
  const journal = names.filter((each) => each.includes('/journal/'))
  const covered = Number(names.find((each) => each.includes('/snapshot/'))?.slice(-20))
  if (Number(name.slice(-20)) <= covered) return 'covered append'
  return name === journal.at(-1) ? 'last append' : 'append'
}
/** The file of the other state that is at the same place in it. */
const counterpart = (name: string) => theirs.files()[names.indexOf(name)] ?? ''

/** Fails as a user meets it who may not read that one file: the tests may run as one who may read everything. */
function unreadable(name: string): FileSystem {
  const denied = () => Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
  return {
    ...fs,
    readFileSync: ((path: fs.PathOrFileDescriptor, ...rest: never[]) => {
      if (String(path).endsWith(name)) throw denied()
      return fs.readFileSync(path, ...rest)
    }) as typeof fs.readFileSync,
  }
}

const damages: Readonly<Record<string, (path: string, name: string) => void>> = {
  deleted: (path) => rmSync(path),
  emptied: (path) => fs.truncateSync(path, 0),
  'cut in half': (path) => fs.truncateSync(path, Math.floor(fs.statSync(path).size / 2)),
  'replaced by that of another state': (path, name) =>
    fs.copyFileSync(join(theirs.path, counterpart(name)), path),
  'replaced by another file of this state': (path, name) => {
    const other = names.find((each) => each !== name && dirname(each) === dirname(name)) ?? names[0] ?? ''
    fs.copyFileSync(join(mine.path, other === name ? (names[1] ?? '') : other), path)
  },
  'replaced by a text': (path) => fs.writeFileSync(path, 'nothing to see here\n'),
  'replaced by a document of a later version': (path) => {
    const text = fs.readFileSync(path, 'utf8').replace(/"version":1\b/, '"version":2')
    fs.writeFileSync(path, text)
  },
  'made a folder': (path) => {
    rmSync(path)
    fs.mkdirSync(path)
  },
  'made a link to itself': (path) => {
    rmSync(path)
    fs.symlinkSync(path, path)
  },
}

t.test('the state has a file of every kind', (t) => {
  t.strictSame(
    names.map(kindOf),
    ['covered append', 'covered append', 'append', 'last append', 'snapshot', 'lineage'],
    names.join('\n'),
  )
  t.end()
})

const remedy = /backup|Move|move|Install the version|must be readable/

/** What a reader may say of a state whose file of that kind is so damaged, besides refusing it: nothing, where that does no harm. */
function harmless(kind: string, damage: string): string | undefined {
  // What a snapshot covers is not read any more.
  if (kind === 'covered append') return 'the snapshot says it'
  // It says that the run was closed: without it, the run is taken for one that died, and nothing that it did is forgotten.
  if (kind === 'last append' && (damage === 'deleted' || damage === 'made a folder')) return 'as after a kill'
  return undefined
}

for (const name of names) {
  const kind = kindOf(name)
  t.test(`a damaged ${kind} (${name.slice(-2)}) is refused with what to do, or does no harm`, async (t) => {
    const intact = await mine.state()
    for (const [damage, harm] of Object.entries(damages)) {
      const place = copyOf(mine)
      harm(join(place.path, name), name)
      const said = await place.read()
      if (said === 'no failure') {
        t.ok(harmless(kind, damage), `${damage}: it must be refused`)
        t.strictSame([...(await place.state()).rows], [...intact.rows], `${damage}: nothing is forgotten`)
      } else {
        t.match(said, /^state\/(corrupt|foreign|newer-version|file)\nSTATE\/|^state\/file\n/, damage)
        t.match(said, remedy, `${damage}: ${said}`)
        const before = place.files()
        t.match(await place.write(), /^state\//, `${damage}: nor is it written to`)
        t.strictSame(place.files(), before, `${damage}: nothing is written`)
      }
    }
    const place = copyOf(mine, unreadable(name))
    const said = await place.read()
    if (kind !== 'covered append') {
      t.match(said, /^state\/file\n.*EACCES/, 'unreadable')
      t.match(said, remedy)
    }
  })
}

t.test('a journal without its lineage is refused, and the file can be written again as told', async (t) => {
  const place = copyOf(mine)
  rmSync(join(place.path, 'lineage'))
  const said = await place.read()
  t.match(said, /^state\/foreign\nSTATE\/lineage: it is missing, although a recorded state is there\.\n/)
  const line = /^ {2}(\{.*\})$/m.exec(said)?.[1] ?? ''
  fs.writeFileSync(join(place.path, 'lineage'), `${line}\n`)
  t.equal(await place.write(), 'no failure')
  t.equal((await place.state()).rows.size, (await mine.state()).rows.size + 1)
})

t.test('a journal beside the lineage of another one is refused, also when several lie there', async (t) => {
  const place = copyOf(mine)
  fs.copyFileSync(join(theirs.path, 'lineage'), join(place.path, 'lineage'))
  t.match(await place.read(), /it names the state [0-9a-f]{32}, and of that one nothing is there/)
  const [other] = theirs.files().map((name) => name.split('/')[0] ?? '')
  const both = copyOf(mine)
  fs.cpSync(join(theirs.path, other ?? ''), join(both.path, other ?? ''), { recursive: true })
  t.equal(await both.read(), 'no failure', 'what belongs to the lineage counts')
  rmSync(join(both.path, 'lineage'))
  t.match(await both.read(), new RegExp(`move the others away: .*${other}`))
})

t.test(
  'a state where no folder can be made is refused at once',
  { skip: process.platform !== 'linux' },
  async (t) => {
    t.match(await placeAt('/proc/none/state').write(), /^state\/file\n/)
  },
)

t.test('a state whose folder is none is refused', async (t) => {
  const path = join(temporary, 'no-folder')
  fs.writeFileSync(path, '')
  const place = placeAt(path)
  t.match(await place.read(), /^state\/file\n.*\nSomething else lies where/)
  t.match(await place.write(), /^state\/file\n.*\nSomething else lies where/)
  const blocked = copyOf(mine)
  rmSync(join(blocked.path, 'tmp'), { recursive: true })
  fs.writeFileSync(join(blocked.path, 'tmp'), '')
  t.equal(await blocked.read(), 'no failure')
  t.match(await blocked.write(), /^state\/file\n.*\nSomething else lies where/)
})
