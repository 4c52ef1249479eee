import t, { type Test } from 'tap'
import type { PlanOptions } from '../../src/app.js'
import type { Action, Change, Plan } from '../../src/core/plan.js'
import type { ControlPlane } from '../../src/server/control-plane.js'
import { type Folder, openFolder, type Service, type Setup } from '../fixtures/plane-folder.js'

/** A resource type and the texts that lead it through its whole life. */
export interface Conforming {
  readonly name: string
  /** The object; what else the texts declare is there for its sake. */
  readonly address: string
  readonly generations: readonly Setup['generation'][]
  readonly declared: string
  /** Changes the object in place. Absent: nothing does. */
  readonly updated?: string
  /** Makes another object of it. Absent: nothing does, and it is replaced on request. */
  readonly replaced?: string
  /** Another service than Trifacta. */
  readonly service?: Service
  /** Makes what must be there and the texts cannot declare. */
  prepare?(plane: ControlPlane): Promise<unknown>
  /** Changes, behind the tool's back, what the last text declares. Absent: the service has no call that could. */
  drift?(plane: ControlPlane, id: string): Promise<unknown>
  /** Removes the object behind the tool's back. */
  vanish(plane: ControlPlane, id: string): Promise<unknown>
  /** Releases in which the new object of a replacement may be the old one, which could not be deleted, used again. */
  readonly reused?: readonly Setup['generation'][]
  /** Its id is its name: another object by that name has it, too. Then `replaced`, if there is one, gives another name. */
  readonly named?: boolean
  /** What the object is imported by. Absent: its id. */
  readonly importId?: string | ((id: string) => string)
}

/** Leads a type through its life, for each release that has it, in process and over a socket. */
export function conforms(type: Conforming): void {
  for (const generation of type.generations)
    for (const transport of ['in process', 'over a socket'] as const)
      t.test(`${type.name}, generation ${generation}, ${transport}`, (t) =>
        live(t, type, {
          generation,
          transport,
          ...(type.service !== undefined && { service: type.service }),
        }),
      )
}

async function live(t: Test, type: Conforming, setup: Setup): Promise<void> {
  const folder = await openFolder(t, setup)
  await type.prepare?.(folder.plane)
  const { address } = type
  const change = async (options?: PlanOptions) => changeOf(await folder.plan(options), address)
  const id = async () => (await folder.state()).rows.get(address)?.id ?? ''

  await t.test('is created, and found unchanged', async (t) => {
    folder.declare(type.declared)
    t.match(await change(), { action: 'create' })
    await settles(t, folder)
    t.not(await id(), '')
  })

  const { updated, drift: changeBehind } = type
  if (updated !== undefined)
    await t.test('is updated in place', async (t) => {
      const before = await id()
      folder.declare(updated)
      t.match(await change(), { action: 'update' })
      await settles(t, folder)
      t.equal(await id(), before)
    })

  await t.test('is replaced', async (t) => {
    const before = await id()
    const options = type.replaced === undefined ? { replace: [address] } : {}
    if (type.replaced !== undefined) folder.declare(type.replaced)
    t.match(await change(options), { action: 'replace' })
    await settles(t, folder, options)
    const same = type.reused?.includes(setup.generation) || (type.named && type.replaced === undefined)
    if (!same) t.not(await id(), before)
  })

  if (changeBehind !== undefined)
    await t.test('is repaired when someone changed it', async (t) => {
      const before = await id()
      await changeBehind(folder.plane, before)
      const contents = await folder.contents()
      const { drift } = await folder.drift()
      t.match(
        drift.filter((one) => one.address === address),
        [{ kind: 'changed', id: before }],
      )
      t.match(await change(), { action: 'update' })
      t.equal(await folder.contents(), contents, 'looking changes nothing')
      await settles(t, folder)
      t.equal(await id(), before)
    })

  await t.test('is made again when it vanished', async (t) => {
    const before = await id()
    await type.vanish(folder.plane, before)
    const { drift } = await folder.drift()
    t.match(
      drift.filter((one) => one.address === address),
      [{ kind: 'vanished', id: before }],
    )
    t.match(await change(), { action: 'create', reason: 'vanished' })
    await settles(t, folder)
    t.equal((await id()) === before, type.named === true)
  })

  await t.test('is taken over when the state is lost', async (t) => {
    const before = await id()
    folder.loseState()
    t.match(
      (await folder.drift()).drift.find((one) => one.address === address),
      { kind: 'not-adopted', id: before },
    )
    const plan = await folder.plan()
    t.match(changeOf(plan, address), { action: 'adopt', importing: { id: before } })
    t.match(actions(plan), new Set(['adopt']), 'nothing is made anew')
    await settles(t, folder)
    t.equal(await id(), before)
  })

  await t.test('is imported', async (t) => {
    const before = await id()
    folder.loseState()
    const contents = await folder.contents()
    await folder.import(
      address,
      typeof type.importId === 'function' ? type.importId(before) : (type.importId ?? before),
    )
    t.equal(await folder.contents(), contents, 'importing changes nothing at the service')
    t.equal(await id(), before)
    const { action, fields } = (await change()) as Change
    // What cannot be read back is sent once.
    t.ok(
      action === 'keep' || (action === 'update' && fields.every((f) => f.writeOnly || isFollower(f.after))),
    )
    await settles(t, folder)
  })

  await t.test('is destroyed, and gone', async (t) => {
    t.match((await folder.apply({ mode: 'destroy' })).counts, { failed: 0, skipped: 0 })
    t.equal((await folder.state()).rows.size, 0)
    t.match(await change(), { action: 'create' })
  })
}

/** Applies; then there is nothing left to do, and nothing is seen to have drifted. */
async function settles(t: Test, folder: Folder, options: PlanOptions = {}): Promise<void> {
  const applied = await folder.apply(options)
  t.match(applied.counts, { failed: 0, skipped: 0 }, applied.diagnostics.map((d) => d.detail).join('; '))
  t.strictSame(actions(await folder.plan()), new Set(['keep']))
  t.strictSame((await folder.drift()).drift, [])
}

function changeOf(plan: Plan, address: string): Change | undefined {
  return plan.changes.find((change) => change.address === address)
}

function actions(plan: Plan): ReadonlySet<Action> {
  return new Set(plan.changes.map((change) => change.action))
}

function isFollower(after: unknown): boolean {
  return typeof after === 'object' && after !== null && 'waits' in after
}
