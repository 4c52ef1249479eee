import { isUnavailable } from '../database-error.js'
import type { System, SystemContext } from '../system.js'
import { VaultError } from './api-error.js'
import { dispatch } from './dispatch.js'
import { newOwner, retire } from './owner.js'
import { errorResponse } from './reply.js'
import type { VaultGeneration, VaultService } from './service.js'
import { type VaultTables, vaultSteps } from './tables.js'
import { startWorker } from './worker.js'

/** The Vault API: its own paths, and the AWS secrets engine. */
export async function openVault(context: SystemContext, generation: VaultGeneration): Promise<System> {
  await context.database.prepare(vaultSteps)
  const service: VaultService = {
    generation,
    tables: context.database.tables.withTables<VaultTables>(),
    sealer: context.database.sealer,
    planeId: context.database.id,
    owner: newOwner(context),
    aws: () => context.aws(),
    now: () => context.now(),
    random: (bytes) => context.random(bytes),
    workFailed: (work, error, again) => context.onWorkError(work, error, again),
    wake: () => worker.wake(),
  }
  const worker = startWorker(service)
  // What was due while no plane was open.
  worker.wake()
  return {
    async fetch(request) {
      try {
        return await dispatch(service, request, (asked) => context.grant(asked))
      } catch (error) {
        if (error instanceof VaultError) return errorResponse(error)
        context.onError(error, request)
        if (isUnavailable(error)) return errorResponse(new VaultError(503, ['the database does not answer']))
        return errorResponse(new VaultError(500, ['internal error']))
      }
    },
    async close() {
      await worker.close()
      retire(service.owner)
    },
  }
}
