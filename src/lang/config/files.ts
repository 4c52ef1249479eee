import { type Diagnostic, warning } from '../../core/diagnostic.js'
import { nearest } from '../../core/nearest.js'
import { compareCodePoints } from '../../core/type.js'
import { configurationGrammar } from '../grammar.js'
import type { Body } from '../hcl/ast.js'
import { parseHcl } from '../hcl/parser.js'
import { parseYaml } from '../yaml.js'
import type { Loading } from './loading.js'
import { unnested } from './shape.js'

type Reporting = Pick<Loading, 'report'>

/** One file of a configuration, parsed. */
export interface ConfigurationFile {
  readonly name: string
  readonly text: string
  readonly body: Body
  /** What the parser said of it: nothing of what it declares yet. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Is a file of the folder one of ours, by its name? Hidden files and files of variable values are not. */
export function isConfigurationFile(name: string): boolean {
  const base = baseOf(name)
  return /\.(?:hcl|ya?ml)$/.test(base) && !base.startsWith('.') && !/\.vars\.(?:hcl|ya?ml)$/.test(base)
}

/** Is a file read for variable values without being asked for? */
export function isVariableFile(name: string): boolean {
  const base = baseOf(name)
  return /\.auto\.vars\.(?:hcl|ya?ml|json)$/.test(base) && !base.startsWith('.')
}

/** YAML by its name; everything else is HCL. */
export function isYaml(name: string): boolean {
  return /\.ya?ml$/.test(name)
}

function baseOf(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
}

/** Parses the files that are ours, in the order of their names. */
export function parseFiles(
  files: ReadonlyMap<string, string>,
  loading: Reporting,
): readonly ConfigurationFile[] {
  const parsed: ConfigurationFile[] = []
  for (const name of [...files.keys()].filter(isConfigurationFile).sort(compareCodePoints)) {
    const text = files.get(name) as string
    const yaml = isYaml(name)
    const { body, diagnostics } = yaml ? parseYaml(text, name) : parseHcl(text, name)
    if (yaml && !isOurs(body, text)) {
      warnOfNearMiss(body, loading)
      continue
    }
    for (const diagnostic of diagnostics) loading.report(diagnostic)
    const unclosed = diagnostics.some(({ code }) => code === 'hcl/unclosed-block')
    parsed.push({ name, text, body: unclosed ? unnested(body) : body, diagnostics })
  }
  return parsed
}

/** Folders hold other people's YAML too: ours has a key of ours at the top, also where it is empty or the file is broken. */
function isOurs(body: Body, text: string): boolean {
  return body.blocks.length > 0 || ourKey.test(text)
}

const ourKey = new RegExp(`^["']?(?:${[...configurationGrammar.blocks.keys()].join('|')})["']?\\s*:`, 'm')

/** A file that is passed over because of a slip must not go unnoticed. */
function warnOfNearMiss(body: Body, loading: Reporting): void {
  for (const { name, nameSpan } of body.attributes) {
    const meant = nearest(name, configurationGrammar.blocks.keys())
    if (meant === undefined || (meant.length !== name.length && `${meant}s` !== name)) continue
    loading.report(
      warning('lang/yaml-ignored', 'YAML file passed over', {
        detail: `No key at the top of this file is one of Rolecall's, so the file is taken for another program's.`,
        help: `If it is not, write "${meant}" instead of "${name}".`,
        span: nameSpan,
      }),
    )
    return
  }
}
