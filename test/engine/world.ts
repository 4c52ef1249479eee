import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import {
  type Ambient,
  type ApplyOptions,
  type DriftReport,
  openWorkspace,
  type PlanOptions,
  type SavedPlan,
  type TestHooks,
  type Workspace,
} from '../../src/app.js'
import { type Diagnostic, Failure } from '../../src/core/diagnostic.js'
import {
  type Applied,
  type Change,
  Fingerprint,
  Pending,
  type Plan,
  type Progress,
  type Shown,
} from '../../src/core/plan.js'
import type { Provider } from '../../src/core/resource.js'
import type { Row, State, StateStore } from '../../src/core/state.js'
import { memoryPlace, memoryStore } from '../../src/state/memory.js'
import { memoryProvider } from '../fixtures/memory-provider.js'
import { type MemoryService, memoryService } from '../fixtures/memory-service.js'

/** A folder, its state, and a service, all of them gone with the test. */
export interface World {
  readonly service: MemoryService
  /** The service behind another endpoint. */
  at(endpoint: string): MemoryService
  /** What was written to the state so far: one for each append. */
  writes(): number
  plan(hcl: string, options?: PlanOptions & Hooks): Promise<Planning>
  apply(hcl: string, options?: Partial<ApplyOptions> & Hooks): Promise<Applying>
  drift(hcl: string, options?: PlanOptions & { readonly unmanaged?: boolean }): Promise<Drifting>
  /** Applies what must go well. */
  given(hcl: string, options?: Partial<ApplyOptions>): Promise<Applying>
  state(): Promise<State>
  row(address: string): Promise<Row | undefined>
  readonly store: StateStore
  open<T>(hcl: string, work: (workspace: Workspace) => Promise<T>, hooks?: Hooks): Promise<T>
}

export interface Hooks {
  readonly stop?: AbortSignal
  readonly trace?: TestHooks['trace']
  readonly settle?: TestHooks['settle']
  readonly sleep?: NonNullable<TestHooks['sleep']>
  progress?(event: Progress): void
}

interface Told {
  readonly errors: readonly Diagnostic[]
  readonly warnings: readonly Diagnostic[]
  /** What the service was asked meanwhile. */
  readonly requests: readonly string[]
}

export interface Planning extends Told {
  /** Undefined when there are errors. */
  readonly plan: Plan | undefined
  readonly saved: SavedPlan | undefined
  readonly again?: readonly string[] | undefined
  readonly live: string | undefined
  /** `create mem_person.jane`, `update mem_person.jane: name, note`, …; what is kept is left out. */
  readonly changes: readonly string[]
  change(address: string): Change
}

export interface Applying extends Planning {
  readonly applied: Applied | undefined
  /** `create mem_person.jane: done`, in the order in which they ended. */
  readonly results: readonly string[]
}

export interface Drifting extends Told {
  readonly report: DriftReport | undefined
  /** `changed mem_person.jane: name`. */
  readonly drift: readonly string[]
}

/** With another provider than the one in memory, `requests` is where its service logs what it is asked. */
export function openWorld(
  t: Test,
  other?: { readonly provider: Provider; readonly requests: readonly string[] },
): World {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-engine-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const services = new Map<string, MemoryService>()
  const at = (endpoint: string) => {
    const service = services.get(endpoint) ?? memoryService()
    services.set(endpoint, service)
    return service
  }
  const service = at('mem://one')
  const place = memoryPlace()
  let writes = 0
  const store = memoryStore({
    place,
    fault: (verb) => {
      if (verb === 'put') writes++
      return undefined
    },
  })
  const providers = new Map<string, Provider>([['mem', memoryProvider(at)]])
  if (other !== undefined) providers.set(other.provider.name, other.provider)
  const log = other?.requests ?? service.requests

  async function open<T>(
    hcl: string,
    work: (workspace: Workspace) => Promise<T>,
    hooks: Hooks = {},
  ): Promise<T> {
    writeFileSync(join(folder, 'main.hcl'), hcl)
    const ambient: Ambient = {
      cwd: folder,
      env: { SECRET: 's3cret', OTHER_SECRET: '0ther' },
      now: () => new Date(0),
      stop: hooks.stop ?? new AbortController().signal,
      progress: (event) => hooks.progress?.(event),
      test: {
        settle: hooks.settle ?? 0,
        providers,
        store,
        ...(hooks.sleep !== undefined && { sleep: hooks.sleep }),
        ...(hooks.trace !== undefined && { trace: hooks.trace }),
      },
    }
    const workspace = await openWorkspace(ambient)
    try {
      return await work(workspace)
    } finally {
      await workspace.close()
    }
  }

  async function told<T>(work: () => Promise<T>): Promise<Told & { readonly result: T | undefined }> {
    const before = log.length
    try {
      const result = await work()
      return { result, errors: [], warnings: [], requests: log.slice(before) }
    } catch (cause) {
      if (!(cause instanceof Failure)) throw cause
      return {
        result: undefined,
        errors: cause.diagnostics.filter((d) => d.severity === 'error'),
        warnings: cause.diagnostics.filter((d) => d.severity === 'warning'),
        requests: log.slice(before),
      }
    }
  }

  const world: World = {
    service,
    at,
    store,
    open,
    writes: () => writes,
    async plan(hcl, options = {}) {
      const { result, ...rest } = await told(() => open(hcl, (w) => w.plan(options), options))
      const seen = planning(result?.plan, {
        ...rest,
        warnings: [...rest.warnings, ...warningsIn(result?.plan)],
      })
      return { ...seen, saved: result?.save(), again: result?.givenAgain(), live: result?.live?.run }
    },
    async apply(hcl, options = {}) {
      let shown: Plan | undefined
      const confirm = options.confirm ?? (async () => true)
      const { result, ...rest } = await told(() =>
        open(
          hcl,
          (w) =>
            w.apply({
              ...options,
              confirm(planned) {
                shown = planned.plan
                return confirm(planned)
              },
            }),
          options,
        ),
      )
      const diagnostics = result?.diagnostics ?? []
      return {
        ...planning(result?.plan ?? shown, {
          ...rest,
          errors: [...rest.errors, ...diagnostics.filter((d) => d.severity === 'error')],
          warnings: [...rest.warnings, ...diagnostics.filter((d) => d.severity === 'warning')],
        }),
        saved: undefined,
        live: undefined,
        applied: result,
        results: (result?.results ?? []).map(
          (r) =>
            `${r.verb} ${r.address}: ${r.outcome}${r.cause === undefined ? '' : ` because of ${r.cause}`}`,
        ),
      }
    },
    async given(hcl, options) {
      const applied = await world.apply(hcl, options)
      if (applied.errors.length > 0) throw new Error(`not a good start: ${say(applied.errors)}`)
      return applied
    },
    async drift(hcl, options = {}) {
      const { result, ...rest } = await told(() => open(hcl, (w) => w.drift(options)))
      return {
        ...rest,
        report: result,
        drift: (result?.drift ?? []).map(
          (d) => `${d.kind} ${d.address ?? d.id}${listed(d.fields.map((f) => f.name))}`,
        ),
      }
    },
    state: async () => (await open('', (w) => w.readState())).state,
    row: async (address) => (await world.state()).rows.get(address),
  }
  return world
}

function planning(plan: Plan | undefined, told: Told): Omit<Planning, 'saved' | 'live'> {
  return {
    ...told,
    plan,
    changes: (plan?.changes ?? []).filter((c) => c.action !== 'keep').map(headline),
    change(address) {
      const found = plan?.changes.find((c) => c.address === address)
      if (found === undefined) throw new Error(`the plan has nothing for ${address}: ${say(told.errors)}`)
      return found
    },
  }
}

function headline(change: Change): string {
  const from = change.previousAddress === undefined ? '' : ` from ${change.previousAddress}`
  const deposed = change.deposedKey === undefined ? '' : ' (deposed)'
  const fields = change.action === 'update' || change.action === 'adopt' || change.action === 'replace'
  return `${change.action} ${change.address}${deposed}${from}${fields ? listed(change.fields.map((f) => f.name)) : ''}`
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? '' : `: ${names.join(', ')}`
}

function warningsIn(plan: Plan | undefined): readonly Diagnostic[] {
  return (plan?.diagnostics ?? []).filter((d) => d.severity === 'warning')
}

/** `name: a -> b`, for one change; what is known after apply is `?`, a secret `***`. */
export function fieldsOf(change: Change): readonly string[] {
  return change.fields.map((f) => `${f.name}: ${shown(f.before)} -> ${shown(f.after)}`)
}

export function shown(value: Shown | undefined): string {
  if (value === undefined) return 'nothing'
  if (value instanceof Pending) return '?'
  if (value instanceof Fingerprint) return '***'
  return JSON.stringify(value)
}

/** All that is said, as one text. */
export function say(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((d) => [d.code, d.summary, d.detail, d.help].filter(Boolean).join(' | ')).join('\n')
}

export function codes(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map((d) => d.code)
}

/** Requests that write. */
export function writing(requests: readonly string[]): readonly string[] {
  return requests.filter((r) => /^(POST|PUT|PATCH|DELETE) /.test(r))
}

/** Applies until the given occurrence of a point of the protocol (the first is 1), where the run dies. Whether it came to its end. */
export async function applyUntil(cut: number, world: World, hcl: string): Promise<boolean> {
  let points = 0
  const trace = (point: string) => {
    if (/^(begin:|sent|committed|done:)/.test(point) && ++points === cut) throw new Error('cut')
  }
  try {
    return (await world.apply(hcl, { trace })).errors.length === 0
  } catch (cause) {
    if (!(cause instanceof Error) || cause.message !== 'cut') throw cause
    return false
  }
}
