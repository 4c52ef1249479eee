import t from 'tap'
import type { StateStore } from '../../src/core/state.js'

/** A place that several stores can open, as several processes would. */
export interface Place {
  open(): StateStore
  close?(): Promise<void>
}

const bytes = (text: string) => Buffer.from(text)
const textOf = (found: Uint8Array | undefined) =>
  found === undefined ? undefined : Buffer.from(found).toString()

/** What every store must keep to. A new one plugs in with one line: `storeContract('s3', async () => ({ open: … }))`. */
export function storeContract(name: string, makePlace: () => Promise<Place>): void {
  const test = (what: string, run: (t: Tap, place: Place, store: StateStore) => Promise<void>) =>
    t.test(`${name}: ${what}`, async (t) => {
      const place = await makePlace()
      t.teardown(() => place.close?.())
      await run(t, place, place.open())
    })

  test('a place that nobody wrote to is empty', async (t, _, store) => {
    t.same(await store.list(), [])
    t.equal(await store.get('lineage'), undefined)
    t.equal(await store.get('ab/journal/00000000000000000001'), undefined)
    await store.delete('ab/journal/00000000000000000001')
  })

  test('what was put is read back by everyone, byte for byte', async (t, place, store) => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i)
    t.equal(await store.putIfAbsent('ab/journal/00000000000000000001', all), true)
    t.same([...((await place.open().get('ab/journal/00000000000000000001')) ?? [])], [...all])
    t.equal(await store.putIfAbsent('ab/journal/00000000000000000002', new Uint8Array()), true)
    t.equal((await place.open().get('ab/journal/00000000000000000002'))?.length, 0)
  })

  test('a name that is taken is refused, and what it names is untouched', async (t, place, store) => {
    t.equal(await store.putIfAbsent('lineage', bytes('first')), true)
    t.equal(await place.open().putIfAbsent('lineage', bytes('second')), false)
    t.equal(await store.putIfAbsent('lineage', bytes('first')), false)
    t.equal(textOf(await store.get('lineage')), 'first')
  })

  test('of many that put one name at the same time exactly one succeeds', async (t, place) => {
    for (let round = 0; round < 5; round++) {
      const name = `ab/journal/0000000000000000000${round}`
      const results = await Promise.all(
        Array.from({ length: 8 }, async (_, i) => ({
          i,
          put: await place.open().putIfAbsent(name, bytes(`writer ${i}`)),
        })),
      )
      const winners = results.filter(({ put }) => put)
      t.equal(winners.length, 1)
      t.equal(textOf(await place.open().get(name)), `writer ${winners[0]?.i}`)
    }
  })

  test('all names are listed, whatever folder they are in', async (t, place, store) => {
    const names = [
      'lineage',
      'ab/journal/00000000000000000001',
      'ab/snapshot/00000000000000000001',
      'cd/journal/00000000000000000001',
    ]
    for (const name of names) await store.putIfAbsent(name, bytes(name))
    t.same([...(await store.list())].sort(), [...names].sort())
    t.same([...(await place.open().list())].sort(), [...names].sort())
  })

  test('more names than fit on one page are listed', async (t, _, store) => {
    const names = Array.from({ length: 1_100 }, (_, i) => `ab/journal/${String(i).padStart(20, '0')}`)
    for (let i = 0; i < names.length; i += 50) {
      await Promise.all(names.slice(i, i + 50).map((name) => store.putIfAbsent(name, bytes('x'))))
    }
    t.same([...(await store.list())].sort(), names)
  })

  test('what is deleted is gone, its name is free, and deleting again does nothing', async (t, place, store) => {
    await store.putIfAbsent('ab/snapshot/00000000000000000007', bytes('old'))
    await place.open().delete('ab/snapshot/00000000000000000007')
    await store.delete('ab/snapshot/00000000000000000007')
    t.equal(await store.get('ab/snapshot/00000000000000000007'), undefined)
    t.same(await store.list(), [])
    t.equal(await store.putIfAbsent('ab/snapshot/00000000000000000007', bytes('new')), true)
    t.equal(textOf(await store.get('ab/snapshot/00000000000000000007')), 'new')
  })

  test('an object of several megabytes is kept', async (t, _, store) => {
    const large = Buffer.alloc(5_000_000, 'abcdefg')
    t.equal(await store.putIfAbsent('ab/snapshot/00000000000000000001', large), true)
    t.ok(large.equals((await store.get('ab/snapshot/00000000000000000001')) ?? Buffer.alloc(0)))
  })

  test('bytes that the caller changes afterwards are not what is kept', async (t, _, store) => {
    const own = bytes('before')
    const put = store.putIfAbsent('lineage', own)
    await put
    own.fill(0)
    t.equal(textOf(await store.get('lineage')), 'before')
    const read = await store.get('lineage')
    read?.fill(0)
    t.equal(textOf(await store.get('lineage')), 'before')
  })

  test('a message can say where it is, and how holders are judged is known', async (t, _, store) => {
    t.not(store.where, '')
    t.ok(['process', 'heartbeat'].includes(store.liveness))
    t.equal(store.liveness === 'heartbeat', store.beat !== undefined && store.lastBeat !== undefined)
  })

  test('every beat differs from the one before', async (t, place, store) => {
    if (store.beat === undefined) return
    const holder = {
      run: 'r1',
      who: 'jane',
      operation: 'apply',
      host: 'h',
      pid: 1,
      version: '0',
      created: '',
    }
    t.equal(await place.open().lastBeat?.(), undefined)
    await store.beat(holder)
    const first = await place.open().lastBeat?.()
    await store.beat(holder)
    t.not(first, undefined)
    t.not(await place.open().lastBeat?.(), first)
    t.ok((await store.list()).every((name) => !name.includes('/journal/')))
  })
}

type Tap = Pick<typeof t, 'equal' | 'same' | 'ok' | 'not'>
