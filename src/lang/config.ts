import type {
  Configuration,
  Loaded,
  LocalValue,
  OutputBlock,
  ProviderBlock,
  ResourceBlock,
  VariableBlock,
} from '../core/configuration.js'
import { type Diagnostic, hasErrors, type Span } from '../core/diagnostic.js'
import { concealAll, concealing } from './config/conceal.js'
import { coverUp, coverUpAfter, coverUpComments } from './config/cover-up.js'
import { reportCycles } from './config/cycles.js'
import { parseFiles } from './config/files.js'
import { gapsOf } from './config/gaps.js'
import { hideSecret } from './config/hide-secret.js'
import { inTextOrder } from './config/in-text-order.js'
import type { Loading } from './config/loading.js'
import { collectNames, type Names } from './config/names.js'
import { readObject } from './config/object.js'
import { readOutput } from './config/output.js'
import { declarationAt } from './config/places.js'
import { impliedProviders, readProvider } from './config/provider.js'
import { reportProviderDependencies } from './config/provider-dependencies.js'
import { addEdge, checkReferences, type Edges } from './config/references.js'
import { reportSameObjects } from './config/same-object.js'
import type { SchemaSource } from './config/schema-source.js'
import { secretNames, soundsSecret } from './config/secret-text.js'
import { readSettings } from './config/settings.js'
import { checkShape } from './config/shape.js'
import type { Use } from './config/uses.js'
import { readVariable } from './config/variable.js'
import { toExpression } from './expression.js'
import { configurationGrammar } from './grammar.js'

export { concealAll } from './config/conceal.js'
export { coverUp, coverUpAfter, coverUpComments } from './config/cover-up.js'
export { isConfigurationFile, isVariableFile } from './config/files.js'
export { inTextOrder } from './config/in-text-order.js'
export type { SchemaSource } from './config/schema-source.js'

/**
 * Reads a folder's files (name to text) as one configuration, and checks all that can be known without variables and
 * services: every mistake of every file is in the diagnostics, each with its place. Files that are not ours are passed over.
 * The configuration is what could be understood; with errors among the diagnostics it must not be applied. `version` is this
 * tool's own, for `required_version`. Pure.
 */
export function loadConfiguration(
  files: ReadonlyMap<string, string>,
  schemas: SchemaSource,
  version: string,
): Loaded {
  const diagnostics: Diagnostic[] = []
  const hidden: Span[] = []
  const unread: Span[] = []
  const ends: Span[] = []
  const doubtful = new Set<string>()
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic)
  const parsed = parseFiles(files, { report })
  const loading: Loading = {
    schemas,
    report,
    hide: (span) => hidden.push(span),
    hideAfter: (span) => ends.push(span),
    unread: (span) => unread.push(span),
    doubtful,
    gaps: gapsOf(parsed),
  }
  for (const { body } of parsed) {
    // Where the indentation is broken, YAML takes arguments for blocks.
    const report = (one: Diagnostic): void => {
      if (one.span === undefined || !loading.gaps.onLine(one.span)) loading.report(one)
    }
    checkShape(body, configurationGrammar, undefined, { ...loading, report })
  }
  const bodies = parsed.map(({ body }) => body)
  const names = collectNames(bodies, loading)
  const uses: Use[] = []
  const declarations = readDeclarations(names, uses, loading)
  const settings = readSettings(names.settings, version, loading)
  const edges = checkReferences(uses, names, loading)
  checkDependencies(names, declarations, edges, loading)
  reportSameObjects(names, (address) => declarations.resources.get(address)?.provider, loading)
  const configuration: Configuration = { settings, ...declarations }
  const covered = new Map(
    parsed.map((file) => {
      const text = coverUp(file.name, coverUpComments(file.name, file.text, ends), hidden)
      const parts = unread.filter((span) => span.file === file.name)
      const shown = withoutSecrets(text, hasErrors(file.diagnostics) ? undefined : parts, schemas)
      return [file.name, { text: file.text, shown }]
    }),
  )
  return {
    configuration,
    diagnostics: inTextOrder(concealAll(diagnostics, covered)),
    doubtful,
    sources: new Map([...covered].map(([name, { shown }]) => [name, shown])),
    declarationAt: (place) => declarationAt(bodies, place),
  }
}

/** Of what is not understood, all or some parts of a text, nobody knows whether it is a secret: the names have to tell. */
function withoutSecrets(text: string, parts: readonly Span[] | undefined, schemas: SchemaSource): string {
  if (parts?.length === 0) return text
  const isSecret = secretNames(schemas)
  const hasSensitive = /\bsensitive\b/.test(text)
  return coverUpAfter(
    text,
    (name) => isSecret(name) || (name === 'default' && hasSensitive),
    parts?.map(({ start, end }) => [start.offset, end.offset]),
  )
}

type Declarations = Omit<Configuration, 'settings'>

function readDeclarations(names: Names, uses: Use[], loading: Loading): Declarations {
  const variables = new Map<string, VariableBlock>()
  for (const [name, declared] of names.variables) {
    variables.set(name, readVariable(name, declared, uses, loading))
  }
  const locals = new Map<string, LocalValue>()
  for (const [name, { node, within }] of names.locals) {
    const secret = soundsSecret(name)
    if (secret) hideSecret(node.value, loading)
    if (node.value.kind !== 'literal')
      uses.push({ expr: node.value, from: `local.${name}`, place: 'general', secret })
    if (loading.gaps.blur(node, within)) loading.doubtful.add(`local.${name}`)
    const value = toExpression(node.value)
    locals.set(name, { name, value: secret ? concealing(value, name) : value })
  }
  const written = new Map<string, ProviderBlock>()
  for (const [name, declared] of names.providers) {
    const block = readProvider(name, declared, uses, loading)
    if (block !== undefined) written.set(name, block)
  }
  const resources = new Map<string, ResourceBlock>()
  for (const [address, declared] of names.objects) {
    const block = readObject(address, declared, names, uses, loading)
    if (block !== undefined) resources.set(address, block)
  }
  const outputs = new Map<string, OutputBlock>()
  for (const [name, declared] of names.outputs) {
    const block = readOutput(name, declared, uses, loading)
    if (block !== undefined) outputs.set(name, block)
  }
  const providers = impliedProviders(written, names, resources.values(), loading)
  return { variables, locals, providers, resources, outputs }
}

function checkDependencies(names: Names, declarations: Declarations, edges: Edges, loading: Loading): void {
  reportProviderDependencies(
    declarations.providers.keys(),
    new Set([...names.objects].filter(([, one]) => one.mode === 'managed').map(([address]) => address)),
    edges,
    loading,
  )
  // An object needs its provider. Providers that reach a managed object are reported already, so this matters for data sources.
  for (const { mode, address, provider, span } of declarations.resources.values()) {
    if (mode === 'data') addEdge(edges, address, `provider.${provider}`, span)
  }
  reportCycles(edges, loading)
}
