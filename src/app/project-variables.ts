import { resolve } from 'node:path'
import type { PlanOptions } from '../app.js'
import { type Diagnostic, hasErrors } from '../core/diagnostic.js'
import type { Value } from '../core/value.js'
import { concealAll, coverUp, coverUpAfter, coverUpComments, isVariableFile } from '../lang/config.js'
import {
  parseVariableFile,
  resolveVariables,
  type VariableFile,
  type VariableSources,
} from '../lang/variables.js'
import { decode, readFolder, unreadable } from './folder-files.js'
import { readRegularOrPiped } from './piped-file.js'
import type { Place, Project } from './project.js'

export interface VariableNeeds extends Pick<VariableSources, 'partial' | 'only' | 'settled'> {
  /** Whether somebody may be asked for what is missing. */
  readonly asks?: boolean
}

export interface ProjectVariables {
  readonly values: ReadonlyMap<string, Value>
  /** Those that have their default's value, because no source gives one. */
  readonly byDefault: ReadonlySet<string>
  readonly diagnostics: readonly Diagnostic[]
}

/** The values of the variables, from all their sources; the user is the last of them. */
export async function projectVariables(
  { folder, ambient, sources }: Place,
  project: Project,
  options: Pick<PlanOptions, 'variables'>,
  { asks = false, ...needs }: VariableNeeds,
): Promise<ProjectVariables> {
  const diagnostics: Diagnostic[] = []
  const read = (name: string, text: string): VariableFile => {
    const file = parseVariableFile(text, name)
    const shown = withoutSecrets(file, text, project)
    sources.set(name, shown)
    diagnostics.push(...concealAll(file.diagnostics, new Map([[name, { text, shown }]])))
    return file
  }
  const files = [...readFolder(folder, isVariableFile)].map(([name, text]) => read(name, text))
  const flags: VariableSources['flags'][number][] = []
  for (const one of options.variables ?? [])
    flags.push('flag' in one ? one : { file: read(one.file, await textOfFile(one.file)) })
  const given: VariableSources = {
    environment: ambient.env,
    files,
    flags,
    doubtful: project.doubtful,
    ...needs,
  }
  let resolved = resolveVariables(project.configuration, given)
  const { ask } = ambient
  // Nobody should type in what is thrown away: with another mistake the command cannot succeed.
  const wrong = [...project.diagnostics, ...diagnostics, ...resolved.diagnostics]
  if (asks && ask !== undefined && onlyMissing(wrong)) {
    const answers = new Map<string, string>()
    for (const { name, description, sensitive } of resolved.missing) {
      const answer = await ask({ name, sensitive, ...(description !== undefined && { description }) })
      if (answer === undefined) break
      answers.set(name, answer)
    }
    resolved = resolveVariables(project.configuration, { ...given, answers })
  }
  return { ...resolved, diagnostics: [...diagnostics, ...resolved.diagnostics] }

  async function textOfFile(name: string): Promise<string> {
    try {
      return decode(name, await readRegularOrPiped(resolve(folder, name), ambient.stop))
    } catch (cause) {
      if (ambient.stop.aborted) throw cause
      throw unreadable(name, cause)
    }
  }
}

function onlyMissing(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.every(({ severity, code }) => severity !== 'error' || code === 'lang/missing-variable')
}

/** The text of a file of values as messages may show it. */
function withoutSecrets(
  file: VariableFile & Pick<Project, 'diagnostics'>,
  text: string,
  { configuration }: Project,
): string {
  // A name that is not declared may be a secret's, misspelt.
  const isShown = (name: string) => configuration.variables.get(name)?.sensitive === false
  const secret = file.places.filter(({ name }) => !isShown(name)).map(({ span }) => span)
  const covered = coverUp(file.file, coverUpComments(file.file, text, secret), secret)
  // In a broken file a value may stand where none was found.
  return hasErrors(file.diagnostics) ? coverUpAfter(covered, (name) => !isShown(name)) : covered
}
