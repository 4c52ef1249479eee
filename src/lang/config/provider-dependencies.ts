import { error, type Span } from '../../core/diagnostic.js'
import { type Loading, placeOf } from './loading.js'
import type { Edges } from './references.js'

/**
 * A provider must be configured before the first of its objects is made, so its settings must never wait for a managed
 * object: neither directly nor through locals or data sources.
 */
export function reportProviderDependencies(
  providers: Iterable<string>,
  managed: ReadonlySet<string>,
  edges: Edges,
  loading: Loading,
): void {
  for (const provider of providers) {
    const start = `provider.${provider}`
    const path = pathToManaged(start, managed, edges)
    if (path === undefined) continue
    const spans = path
      .slice(0, -1)
      .map((from, i) => edges.get(from)?.get(path[i + 1] as string))
      .filter((span): span is Span => span !== undefined)
    loading.report(
      error('lang/provider-depends-on-resource', 'Provider settings depend on a resource', {
        detail: `${path.join(' -> ')} (${spans.map(placeOf).join(', ')}): the provider would be needed before its settings are known.`,
        help: 'Take the setting from a variable, from env("NAME"), or from a data source that depends on no resource.',
        ...(spans[0] === undefined ? {} : { span: spans[0] }),
      }),
    )
  }
}

function pathToManaged(
  start: string,
  managed: ReadonlySet<string>,
  edges: Edges,
): readonly string[] | undefined {
  const before = new Map<string, string>()
  const queue = [start]
  for (const node of queue) {
    if (managed.has(node)) {
      const path = [node]
      for (let at = node; at !== start; ) {
        at = before.get(at) as string
        path.unshift(at)
      }
      return path
    }
    for (const next of edges.get(node)?.keys() ?? []) {
      // Another provider that depends on a resource is reported by itself.
      if (before.has(next) || next.startsWith('provider.')) continue
      before.set(next, node)
      queue.push(next)
    }
  }
  return undefined
}
