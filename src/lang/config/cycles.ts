import { error } from '../../core/diagnostic.js'
import { type Loading, placeOf } from './loading.js'
import type { Edges } from './references.js'

/**
 * Reports each group of declarations that depend on each other in a circle, with one shortest circle. Does not recurse:
 * chains may be as long as the configuration.
 */
export function reportCycles(edges: Edges, loading: Loading): void {
  for (const group of circularGroups(edges)) {
    const path = shortestCycle(edges, group)
    const spans = path.slice(0, -1).map((from, i) => edges.get(from)?.get(path[i + 1] as string))
    const places = spans.flatMap((span) => (span === undefined ? [] : [placeOf(span)]))
    const [first] = spans
    loading.report(
      error('lang/cycle', 'Circular dependency', {
        detail: `${path.join(' -> ')} (${places.join(', ')}).`,
        help:
          path.length === 2
            ? 'A declaration cannot refer to itself: take the value from where it comes from.'
            : 'Remove one of these references.',
        ...(first === undefined ? {} : { span: first }),
      }),
    )
  }
}

/** Tarjan's strongly connected components that hold a cycle, each in the order of `edges`. */
function circularGroups(edges: Edges): readonly ReadonlySet<string>[] {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const groups: ReadonlySet<string>[] = []

  const enter = (node: string) => {
    order.set(node, order.size)
    low.set(node, order.size - 1)
    stack.push(node)
    onStack.add(node)
    return { node, targets: (edges.get(node) ?? new Map<string, unknown>()).keys() }
  }
  const lower = (node: string, to: number | undefined): void => {
    if (to !== undefined && to < (low.get(node) as number)) low.set(node, to)
  }

  for (const start of edges.keys()) {
    if (order.has(start)) continue
    const path = [enter(start)]
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.targets.next()
      if (!next.done) {
        if (!order.has(next.value)) path.push(enter(next.value))
        else if (onStack.has(next.value)) lower(top.node, order.get(next.value))
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent !== undefined) lower(parent.node, low.get(top.node))
      if (low.get(top.node) !== order.get(top.node)) continue
      const group = new Set<string>()
      while (!group.has(top.node)) {
        const member = stack.pop() as string
        onStack.delete(member)
        group.add(member)
      }
      if (group.size > 1 || edges.get(top.node)?.has(top.node)) groups.push(group)
    }
  }
  return groups
}

/** From the first member of the group (in the order of the text) back to itself, over as few others as possible. */
function shortestCycle(edges: Edges, group: ReadonlySet<string>): readonly string[] {
  const start = [...edges.keys()].find((node) => group.has(node)) as string
  const before = new Map<string, string>()
  const queue = [start]
  for (const node of queue) {
    for (const next of edges.get(node)?.keys() ?? []) {
      if (next === start) {
        const path = [start]
        for (let at = node; at !== start; at = before.get(at) as string) path.unshift(at)
        return [start, ...path]
      }
      if (!group.has(next) || before.has(next)) continue
      before.set(next, node)
      queue.push(next)
    }
  }
  throw new Error(`${start} is in a circular group without a cycle`)
}
