import { setMaxListeners } from 'node:events'
import type { Ambient, Workspace } from '../app.js'
import { hasErrors } from '../core/diagnostic.js'
import { validateConfiguration } from '../lang/validate.js'
import { makeApply } from './applying.js'
import { openConsole } from './console.js'
import { makeDrift } from './drifting.js'
import { importObject } from './importing.js'
import { embeddedPlanes } from './planes.js'
import { makePlan, readStateOf } from './planning.js'
import { functionEnvironment, loadProject, projectVariables, refuseEmpty, schemaSource } from './project.js'
import type { Session } from './session.js'
import { moveRows, removeRows, storeFor, unlock } from './state-commands.js'

/** The operations of a folder, each read anew from its files. */
export function workspace(folder: string, ambient: Ambient): Workspace {
  const sources = new Map<string, string>()
  const planes = embeddedPlanes(folder, () => ambient.now())
  const session: Session = { folder, ambient, planes, sources }
  // Every request under way listens to it: past ten of them, Node would warn of a leak on stderr.
  setMaxListeners(0, ambient.stop)
  return {
    folder,
    sources,
    async validate(options) {
      const project = loadProject(session)
      refuseEmpty(session)
      const variables = projectVariables(session, project, options, { partial: true })
      const found = [...project.diagnostics, ...variables.diagnostics]
      if (hasErrors(found)) return found
      const schemas = schemaSource(ambient.test?.providers)
      const environment = functionEnvironment(session)
      return [
        ...found,
        ...validateConfiguration(project.configuration, schemas, variables.values, environment),
      ]
    },
    plan: (options) => makePlan(session, options),
    apply: (options) => makeApply(session, options),
    drift: (options) => makeDrift(session, options),
    import: (address, id, options) => importObject(session, address, id, options),
    console: (options) => openConsole(session, options),
    async readState() {
      const { state, live } = await readStateOf(session, await storeFor(session))
      return { state, ...(live !== undefined && { live }) }
    },
    stateMove: (from, to, options) => moveRows(session, from, to, options),
    stateRemove: (addresses, options) => removeRows(session, addresses, options),
    forceUnlock: (id) => unlock(session, id),
    async providers() {
      const { configuration } = loadProject(session)
      return [...configuration.providers.values()].map(({ name }) => ({
        name,
        usedBy: [...configuration.resources.values()]
          .filter((b) => b.provider === name)
          .map((b) => b.address),
      }))
    },
    close: () => planes.close(),
  }
}
