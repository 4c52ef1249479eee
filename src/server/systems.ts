import type { AsyncLocalStorage } from 'node:async_hooks'
import type { AccessLogLine } from './access-log.js'
import type { ControlPlaneOptions } from './control-plane.js'
import type { Database } from './database.js'
import { anybody, type System, type SystemContext, type SystemName } from './system.js'
import type { Admission, TokenGate } from './token-gate.js'
import type { Service } from './trifacta/service.js'

export interface Systems {
  open(name: SystemName): Promise<System>
  close(): Promise<void>
}

/** What is found out about a request while it is answered, for its line in the log. */
export type Notes = Partial<Pick<AccessLogLine, 'from' | 'caller' | 'refused' | 'error'>>

export function note(notes: AsyncLocalStorage<Notes>, found: Notes): void {
  Object.assign(notes.getStore() ?? {}, found)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The services of a plane, each opened with its first request. */
export function openedOnce(
  options: ControlPlaneOptions,
  database: Database,
  gate: TokenGate,
  notes: AsyncLocalStorage<Notes>,
): Systems {
  const opened = new Map<SystemName, Promise<System>>()
  const contextOf = (name: SystemName): SystemContext => ({
    database,
    aws: () => options.aws?.() ?? Promise.resolve({ env: () => undefined }),
    async grant(request) {
      const grant = await options.authorize?.(request, name)
      const admission: Admission =
        options.authorize === undefined
          ? await gate(request, name)
          : grant === undefined
            ? { refused: 'wrong credentials' }
            : { grant }
      if ('refused' in admission) {
        note(notes, { refused: admission.refused })
        return undefined
      }
      if (admission.grant !== anybody) note(notes, { caller: admission.grant.name })
      const { from } = notes.getStore() ?? {}
      return from === undefined ? admission.grant : { ...admission.grant, from }
    },
    now: () => options.now(),
    random: (bytes) => options.random(bytes),
    onError: (error) => note(notes, { error: messageOf(error) }),
    onWorkError: (work, error, again) =>
      options.logWork?.({
        at: options.now().toISOString(),
        system: name,
        work,
        error: messageOf(error),
        ...(again !== undefined && { again: again.toISOString() }),
      }),
  })
  return {
    open(name) {
      let system = opened.get(name)
      if (system === undefined) {
        system = openSystem(name, options, contextOf(name))
        opened.set(name, system)
        // What could not be opened is tried again with the next request.
        system.catch(() => opened.delete(name))
      }
      return system
    },
    async close() {
      const systems = await Promise.allSettled(opened.values())
      for (const system of systems) if (system.status === 'fulfilled') await system.value.close?.()
    },
  }
}

async function openSystem(
  name: SystemName,
  options: ControlPlaneOptions,
  context: SystemContext,
): Promise<System> {
  switch (name) {
    case 'tines': {
      const { openTines } = await import('./tines/system.js')
      return await openTines(context)
    }
    case 'trifacta': {
      const { openTrifacta } = await import('./trifacta/system.js')
      return openTrifacta(context, trifactaService(options, context.database), options.authenticate)
    }
    case 'outerproduct': {
      const { openOuterproduct } = await import('./outerproduct/system.js')
      return await openOuterproduct(context)
    }
    case 'vault': {
      const { openVault } = await import('./vault/system.js')
      return await openVault(context, options.vaultGeneration ?? 'today')
    }
  }
}

export function trifactaService(options: ControlPlaneOptions, database: Database): Service {
  return {
    database,
    generation: options.generation ?? 'C',
    allowConfigDelete: options.allowConfigDelete ?? false,
    allowPeopleWrites: options.allowPeopleWrites ?? true,
    now: () => options.now(),
    random: (bytes) => options.random(bytes),
  }
}
