import { setMaxListeners } from 'node:events'
import type { Ambient, Workspace } from '../app.js'
import { failOnErrors } from '../core/diagnostic.js'
import { awsSource } from './aws.js'
import { embeddedPlanes } from './planes.js'
import { allMistakes, loadProject, refuseEmpty } from './project.js'
import { projectVariables } from './project-variables.js'
import type { Session } from './session.js'

/** The operations of a folder, each read anew from its files. Each is loaded when it is used: validating needs no engine. */
export function workspace(folder: string, ambient: Ambient): Workspace {
  const sources = new Map<string, string>()
  const env = (name: string) => ambient.env[name]
  const aws = awsSource({ folder, env, now: () => ambient.now() })
  const planes = embeddedPlanes({
    folder,
    env,
    now: () => ambient.now(),
    aws: () => aws.open(),
    failed: (system, message) => ambient.progress({ kind: 'plane-error', system, message }),
  })
  const session: Session = { folder, ambient, aws, planes, sources }
  // Every request under way listens to it: past ten of them, Node would warn of a leak on stderr.
  setMaxListeners(0, ambient.stop)
  return {
    folder,
    sources,
    async validate(options) {
      const project = loadProject(session)
      refuseEmpty(session)
      const variables = await projectVariables(session, project, options, { partial: true })
      const diagnostics = [...project.diagnostics, ...variables.diagnostics]
      return allMistakes(session, { ...project, diagnostics, variables: variables.values })
    },
    plan: async (options) => (await import('./planning.js')).makePlan(session, options),
    access: async (options) => (await import('./access.js')).findAccess(session, options),
    probe: async (options) => (await import('./probing.js')).probeExisting(session, options),
    apply: async (options) => (await import('./applying.js')).makeApply(session, options),
    drift: async (options) => (await import('./drifting.js')).makeDrift(session, options),
    import: async (address, id, options) =>
      (await import('./importing.js')).importObject(session, address, id, options),
    issue: async (name, options) => (await import('./issuing.js')).issueCredentials(session, name, options),
    console: async (options) => (await import('./console.js')).openConsole(session, options),
    async readState() {
      const [{ readStateOf }, { storeFor }] = await Promise.all([
        import('./planning.js'),
        import('./state-commands.js'),
      ])
      const { state, live } = await readStateOf(session, await storeFor(session))
      return { state, ...(live !== undefined && { live }) }
    },
    stateMove: async (from, to, options) =>
      (await import('./state-commands.js')).moveRows(session, from, to, options),
    stateRemove: async (addresses, options) =>
      (await import('./state-commands.js')).removeRows(session, addresses, options),
    forceUnlock: async (id) => (await import('./state-commands.js')).unlock(session, id),
    async providers() {
      const { configuration, diagnostics } = loadProject(session)
      // What could be read of a file that is broken is not all that is used.
      failOnErrors(diagnostics)
      return [...configuration.providers.values()].map(({ name }) => ({
        name,
        usedBy: [...configuration.resources.values()]
          .filter((b) => b.provider === name)
          .map((b) => b.address),
      }))
    },
    async close() {
      await planes.close()
      await aws.close()
    },
  }
}
