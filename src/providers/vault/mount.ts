import {
  type Inputs,
  type Outputs,
  type PossibleConsequence,
  type ResourceType,
  ServiceError,
} from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { someoneWasFaster, stillThere } from '../meanwhile.js'
import { loadSchemas } from '../schemas.js'
import { remove, textOf, type VaultApi, write } from './api.js'
import { hiddenVisibility, isAnother, mountBody, outputsOf, tuning, unheededFields } from './mount-content.js'
import { contentsOf, contentWords, inTheWayOf, noteContents, noteOthers } from './mount-holdings.js'
import { isAws, mounts, type WireMount } from './mounts.js'
import { pathOf } from './place.js'
import { requireHeeded } from './refusal.js'
import { remount } from './remount.js'
import { withoutNothing } from './wire.js'

/** A mount of the AWS secrets engine, known by its accessor, which it keeps wherever it is moved. */
export const mount: ResourceType<VaultApi> = {
  schema: loadSchemas('vault').resources.get('vault_aws_mount') as Schema,

  async *list(api) {
    const all = await mounts(api)
    const ours = all.filter(isAws)
    for (const out of await Promise.all(ours.map((one) => seen(api, one, all)))) yield out
  },

  async read(api, id) {
    const all = await mounts(api)
    const found = all.filter(isAws).find(({ accessor }) => accessor === id)
    return found === undefined ? undefined : seen(api, found, all)
  },

  async find(api, inputs) {
    const path = textOf(inputs.path)
    const all = await mounts(api)
    const found = all.find((one) => one.path === path)
    if (found === undefined) return undefined
    if (isAws(found)) return seen(api, found, all)
    throw new ServiceError(`looking for the mount ${path}`, {
      words: `the engine at this path is of the type "${found.type}"`,
      help: 'Give the AWS engine another path.',
    })
  },

  async create(api, inputs) {
    const path = textOf(inputs.path) ?? ''
    const doing = `enabling the AWS engine at ${path}`
    const left = await mount.find(api, inputs)
    // What an interrupted run of this verb has made.
    if (left !== undefined && !isAnother(inputs, left) && Object.keys(tuning(inputs, left)).length === 0)
      return left
    if (left !== undefined) throw someoneWasFaster(doing, 'mounted one there meanwhile')
    await write(api, ['sys', 'mounts', ...pathOf(path)], mountBody(inputs), doing)
    return heeded(inputs, stillThere(await mount.find(api, inputs), doing), doing)
  },

  async update(api, inputs, current) {
    const from = textOf(current.path) ?? ''
    const to = textOf(inputs.path) ?? from
    const changes = tuning(inputs, current)
    // The move comes last: it may take long, and nothing is sent after it.
    if (Object.keys(changes).length > 0)
      await write(api, ['sys', 'mounts', ...pathOf(from), 'tune'], changes, `tuning the mount ${from}`)
    if (to !== from) await remount(api, from, to)
    const doing = `updating the mount ${to}`
    return heeded(inputs, stillThere(await mount.find(api, { ...inputs, path: to }), doing), doing)
  },

  async delete(api, _, current) {
    const path = textOf(current.path)
    if (path === null) throw new Error('a mount without a path')
    await remove(api, ['sys', 'mounts', ...pathOf(path)], `disabling the engine at ${path}`)
    return {}
  },

  normalize: (inputs) => withoutNothing(inputs, ['default_lease_ttl', 'max_lease_ttl'], hiddenVisibility),

  consequences: ({ before, after }) => consequences(before, after),

  async importId(api, text) {
    const path = text.replace(/^\/+|\/+$/g, '')
    return (await mount.read(api, text)) ?? (await mount.find(api, { path }))
  },
}

/** The mount as it is; with what it holds, where a plan may have to say that it goes. */
async function seen(api: VaultApi, wire: WireMount, all: readonly WireMount[]): Promise<Outputs> {
  const out = outputsOf(wire)
  if (api.call.readOnly) {
    noteContents(out, await contentsOf(api, wire.path))
    noteOthers(
      out,
      all.filter((other) => other !== wire).map(({ path }) => path),
    )
  }
  return out
}

function heeded(inputs: Inputs, out: Outputs, doing: string): Outputs {
  requireHeeded(unheededFields(inputs, out), doing)
  return out
}

function consequences(
  before: Outputs | undefined,
  after: Inputs | undefined,
): readonly PossibleConsequence[] {
  if (before === undefined) return []
  const stays = after !== undefined && !isAnother(after, before)
  if (!stays) return [{ kind: 'loses-access', text: contentWords(before) }]
  const to = textOf(after.path)
  if (to === null || to === before.path) return []
  const text = `Who asks for credentials at ${before.path} has to ask at ${to}; leases of the old path are revoked by the move.`
  const there = inTheWayOf(before, to)
  if (there === undefined) return [{ kind: 'loses-access', text }]
  return [
    { kind: 'loses-access', text },
    {
      kind: 'note',
      text: `There is a mount at ${there}: the server refuses the move unless this plan takes it away first.`,
    },
  ]
}
