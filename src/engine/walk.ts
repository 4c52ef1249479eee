import { type Address, blockOf } from '../core/address.js'
import { type Diagnostic, hasErrors } from '../core/diagnostic.js'
import type { Change, Counts, Drift, OutputChange } from '../core/plan.js'
import type { Call } from '../core/resource.js'
import type { Row } from '../core/state.js'
import { compareCodePoints } from '../core/type.js'
import { blockOrder, localReach, topological } from './block-order.js'
import { createConnections, resourceType } from './connections.js'
import { spreadCreateBeforeDestroy } from './create-before-destroy.js'
import { type Deletion, guardPrevented, planDeletions, whyNotDeclared, withParents } from './deletions.js'
import { prepareDestroy } from './destroy.js'
import { declaration } from './evaluate-nodes.js'
import { createEvaluation } from './evaluation.js'
import { causeKey } from './failure-cause.js'
import { guardMass } from './guard.js'
import type { Expansion, Node } from './node.js'
import { createObserver, type Observer } from './observe.js'
import { type Operation, operations } from './operations.js'
import { type EvaluatedOutput, evaluateOutputs, outputChanges } from './outputs.js'
import { refuseOwned } from './owned.js'
import { includeMoves, keepWhatIsInUse, leftWithOld, stillInUse } from './partial.js'
import { indexRows } from './row-index.js'
import { addressesOf, everything, type Selection, select } from './select.js'
import { withToldConsequences } from './told-consequences.js'
import { refuseNamedTwice } from './unique-names.js'
import { orderUnreferenced } from './unreferenced.js'
import { createVisits } from './visits.js'
import { diagnosticsOf, type WalkContext, type WalkInput } from './walk-context.js'

/** What a walk found: everything that a plan shows and an apply needs. Nothing was written. */
export interface Walk {
  readonly context: WalkContext
  readonly deletions: readonly Deletion[]
  /** What an apply does, by name, each with what it has to wait for. */
  readonly operations: ReadonlyMap<string, Operation>
  /** In dependency order; deletions last. */
  readonly changes: readonly Change[]
  readonly outputs: readonly EvaluatedOutput[]
  readonly outputChanges: readonly OutputChange[]
  readonly drift: readonly Drift[]
  readonly diagnostics: readonly Diagnostic[]
  readonly leftOut: readonly Address[]
  readonly counts: Counts
}

/** Prepares a walk: connections and the scope can be used on their own (recovery, console). */
export function createWalkContext(input: WalkInput, only?: Selection): WalkContext {
  const { configuration, state, options, providers } = input
  const order = blockOrder(configuration)
  const diagnostics: Diagnostic[] = []
  const told = new Set<string>()
  const expansions = new Map<Address, Expansion>()
  const nodes = new Map<Address, Node>()
  const evaluation = createEvaluation({
    configuration,
    variables: input.variables,
    environment: input.functions,
    expansion: (block) => expansions.get(block),
  })
  const rows = indexRows(state.rows.values())
  const reach = localReach(configuration)
  const connections = createConnections(
    configuration,
    providers,
    input.providerEnvironment,
    async (block) => {
      const needed = new Set<Address>()
      reach(block.body.references, needed)
      await Promise.all([...needed].map((address) => context.visit(address)))
      return block.body.evaluate(evaluation.scope(new Set()))
    },
  )
  const snapshots = new Map<string, unknown>()
  const observers = new Map<string, Promise<Observer>>()
  const readCall: Call = { readOnly: true, snapshot: true, ...(input.signal && { signal: input.signal }) }
  const context: WalkContext = {
    input,
    order,
    selection:
      only ??
      (options.targets.length + options.excludes.length === 0
        ? everything
        : select(configuration, state, order, options.targets, options.excludes, diagnostics)),
    evaluation,
    connections,
    expansions,
    nodes,
    rows,
    replace: addressesOf(options.replace, '--replace', configuration, state, diagnostics),
    keys: new Map(),
    claimed: new Map(),
    displaced: [],
    readCall,
    after: [],
    drift: [],
    diagnostics,
    visit: (address) => visits.visit(address),
    observer(typeName, provider) {
      const name = `${provider} ${typeName}`
      let observer = observers.get(name)
      if (observer === undefined) {
        observer = connections.get(provider).then((connection) => {
          const type = resourceType(providers, typeName)
          if (type === undefined) throw new Error(`no provider has the type ${typeName}`)
          return createObserver({
            type,
            provider,
            connection,
            lists: options.targets.length === 0,
            expected: rows.count(typeName),
            parallelism: options.parallelism,
            ...(input.signal && { signal: input.signal }),
            progress: input.progress,
            snapshot() {
              const shared = snapshots.get(provider) ?? connection.api(readCall)
              snapshots.set(provider, shared)
              return shared
            },
          })
        })
        observers.set(name, observer)
      }
      return observer
    },
    report(cause, node) {
      const key = causeKey(cause)
      if (key !== undefined) {
        const once = `${key} ${node?.block.provider ?? ''}`
        if (told.has(once)) return
        told.add(once)
      }
      for (const diagnostic of diagnosticsOf(cause, node?.address, node?.block.span)) {
        const text = `${diagnostic.code} ${diagnostic.detail} ${diagnostic.span?.file}:${diagnostic.span?.start.offset}`
        // One mistake in a block with many instances is one mistake.
        if (told.has(text)) continue
        told.add(text)
        diagnostics.push(diagnostic)
      }
    },
  }
  const visits = createVisits(context)
  return context
}

/**
 * One pass over the configuration in dependency order. Mistakes and refusals are collected in `diagnostics`; what depends on
 * something that failed is not planned. Throws only for bugs.
 */
export async function walk(context: WalkContext): Promise<Walk> {
  const { input, selection, diagnostics } = context
  const { options } = input
  if (!hasErrors(diagnostics)) {
    if (options.mode === 'destroy') await prepareDestroy(context)
    else await Promise.all(topological(context.order).map((address) => context.visit(address)))
  }
  if (options.mode === 'normal') {
    refuseOwned(context)
    refuseNamedTwice(context)
  }
  const deletions =
    hasErrors(diagnostics) || options.mode === 'refresh-only' ? [] : await deletionsOf(context)
  const planned = [...context.nodes.values()].flatMap((node) => node.change ?? [])
  // Refreshing only looks at what is not declared any more.
  const ends = options.mode === 'refresh-only' ? [] : deletions.map((d) => d.change)
  const spread = spreadCreateBeforeDestroy(context, planned)
  const changes = withToldConsequences(context, [...spread, ...ends])
  if (options.guarded) guardPrevented(context, changes, (address) => input.state.rows.get(address))
  if (options.guarded && options.mode !== 'destroy') diagnostics.push(...guardMass(context, changes))
  if (options.guarded && options.mode === 'normal') orderUnreferenced(context)
  const order = options.guarded ? orderOf(context, deletions) : new Map<string, Operation>()
  const outputs = options.mode === 'destroy' || hasErrors(diagnostics) ? [] : evaluateOutputs(context)
  return {
    context,
    deletions,
    operations: order,
    changes,
    outputs,
    outputChanges: outputChanges(context, outputs),
    drift: context.drift,
    diagnostics,
    leftOut: selection.partial ? leftOut(context, changes) : [],
    counts: countChanges(changes),
  }
}

function orderOf(context: WalkContext, deletions: readonly Deletion[]): ReadonlyMap<string, Operation> {
  try {
    return operations({ context, deletions })
  } catch (cause) {
    context.report(cause)
    return new Map()
  }
}

async function deletionsOf(context: WalkContext): Promise<readonly Deletion[]> {
  const { input, rows, selection } = context
  const destroying = input.options.mode === 'destroy'
  const goes = (row: Row) => selection.row(row.address) && !input.blocked.has(row.address)
  const undeclared = () =>
    [...rows.values()].filter(
      (row) => (destroying || declaration(context, row.address) === 'gone') && goes(row),
    )
  if (!destroying) await includeMoves(context, [...undeclared(), ...context.displaced])
  const going = keepWhatIsInUse(context, undeclared())
  if (input.options.targets.length > 0)
    for (const [address, by] of going.inUse) context.diagnostics.push(stillInUse(address, by))
  if (!destroying) context.diagnostics.push(...leftWithOld(context))
  const why = whyNotDeclared(context)
  const deletions = await planDeletions(
    context,
    [...going.rows, ...rows.deposed.filter(goes), ...context.displaced],
    (row) => {
      if (context.displaced.includes(row)) return 'displaced'
      return destroying && row.deposedKey === undefined ? 'destroy-requested' : why(row)
    },
  )
  return withParents(context, deletions)
}

function leftOut(context: WalkContext, changes: readonly Change[]): readonly Address[] {
  const taken = new Set(changes.map((change) => change.address))
  const all = new Set<Address>(context.input.configuration.resources.keys())
  for (const address of taken) all.delete(blockOf(address))
  for (const node of context.nodes.values()) all.delete(node.block.address)
  for (const node of context.nodes.values()) if (node.excluded) all.add(node.address)
  for (const row of context.rows.values()) {
    if (taken.has(row.address) || context.nodes.has(row.address)) continue
    // A block whose instances are recorded is told by them.
    all.delete(blockOf(row.address))
    all.add(row.address)
  }
  return [...all].sort(compareCodePoints)
}

export function countChanges(changes: readonly Change[]): Counts {
  const counts = { adopt: 0, add: 0, change: 0, destroy: 0, move: 0, forget: 0 }
  for (const change of changes) {
    if (change.previousAddress !== undefined) counts.move++
    switch (change.action) {
      case 'create':
        counts.add++
        break
      case 'adopt':
        counts.adopt++
        if (change.fields.length > 0) counts.change++
        break
      case 'update':
        counts.change++
        break
      case 'replace':
        counts.add++
        if (change.destroys === 'keep') counts.forget++
        else counts.destroy++
        break
      case 'delete':
        counts.destroy++
        break
      case 'forget':
        counts.forget++
        break
      case 'move':
      case 'keep':
      case 'read':
        break
    }
  }
  return counts
}
