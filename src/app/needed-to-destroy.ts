import type { Configuration } from '../core/configuration.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Project } from './project.js'
import { reach } from './reach.js'

/** What has to be right in a configuration, so that everything it manages can be destroyed. */
export interface Needed {
  /** `local.x`, `var.x`, `data.trifacta_people.all`. */
  readonly subjects: ReadonlySet<string>
  readonly variables: ReadonlySet<string>
}

/** What the provider blocks are made of. Objects are destroyed as they are recorded, whatever their blocks say now. */
export function neededToDestroy(configuration: Configuration): Needed {
  const references = [...configuration.providers.values()].flatMap(({ body }) => body.references)
  const subjects = reach(configuration, references)
  const variables = [...configuration.variables.keys()].filter((name) => subjects.has(`var.${name}`))
  return { subjects, variables: new Set(variables) }
}

/** Drops the mistakes in declarations that are not needed. What cannot be parsed may hide anything, so it stays a mistake. */
export function withoutMistakesElsewhere(project: Project, { subjects }: Needed): Project {
  const matters = ({ severity, code, span }: Diagnostic): boolean => {
    if (severity !== 'error' || span === undefined || /^(hcl\/|lang\/yaml-)/.test(code)) return true
    const owner = project.declarationAt(span)
    if (owner === undefined || owner === 'rolecall' || owner.startsWith('provider.')) return true
    return subjects.has(owner)
  }
  return { ...project, diagnostics: project.diagnostics.filter(matters) }
}
