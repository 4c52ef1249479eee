import type { Diagnostic, Span } from '../../core/diagnostic.js'
import type { AttributeNode } from '../hcl/ast.js'
import { isYaml } from './files.js'

/** Parts of files that could not be understood. What may stand there is not called missing, and what it would say is unknown. */
export interface Gaps {
  /** Is it not certain what this argument of a block is: is a part of it not understood, or does it stand there twice? */
  blur(argument: AttributeNode, block: Span): boolean
  /** Could an argument of this name stand in a part of the place that was not understood? */
  mayHold(place: Span, name: string): boolean
  /** Is something on the first line of this place no YAML, or a key that stands there twice? */
  onLine(place: Span): boolean
  /** Could a declaration, for references that begin with `root`: `var`, `local`, a type? */
  mayDeclare(root: string, name: string): boolean
}

type Range = readonly [from: number, to: number]

interface Parsed {
  readonly name: string
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
}

export const noGaps: Gaps = {
  blur: () => false,
  mayHold: () => false,
  onLine: () => false,
  mayDeclare: () => false,
}

/** Finds the gaps by the syntax errors of the files. */
export function gapsOf(files: readonly Parsed[]): Gaps {
  const broken = new Map<string, { readonly text: string; readonly places: readonly Range[] }>()
  for (const { name, text, diagnostics } of files) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    const places = errors.map(({ span }) => [span?.start.offset ?? 0, span?.end.offset ?? 0] as const)
    if (errors.length > 0) broken.set(name, { text, places })
  }
  if (broken.size === 0) return noGaps
  const lines = new Set(
    files.flatMap(({ diagnostics }) =>
      diagnostics.flatMap(({ code, span }) =>
        (code === 'lang/yaml-syntax' || code === 'lang/yaml-duplicate-key') && span !== undefined
          ? [`${span.file}:${span.start.line}`]
          : [],
      ),
    ),
  )
  const inYaml = new Map<string, ReadonlySet<string>>()
  const inside = ({ file, start, end }: Span): readonly Range[] =>
    broken.get(file)?.places.filter(([at]) => start.offset <= at && at < end.offset) ?? []
  return {
    blur({ name, value }, block) {
      if (inside(value.span).length > 0) return true
      const text = broken.get(block.file)?.text ?? ''
      return inside(block).some(([from, to]) => text.slice(from, to).replace(/^"|"$/g, '') === name)
    },
    mayHold(place, name) {
      if (inside(place).length === 0) return false
      const text = broken.get(place.file)?.text.slice(place.start.offset, place.end.offset) ?? ''
      return new RegExp(`(?<![\\w.-])${escaped(name)}(?![\\w-])`, 'u').test(text)
    },
    onLine: ({ file, start }) => lines.has(`${file}:${start.line}`),
    mayDeclare(root, name) {
      const block = root === 'local' ? 'locals' : (declaredBy.get(root) ?? 'resource')
      const inHcl = new RegExp(
        root === 'local' ? `^\\s*${escaped(name)}\\s*=` : `^\\s*${block}\\b.*?[\\s"]"?${escaped(name)}"?`,
        'mu',
      )
      return [...broken].some(([file, { text }]) => {
        if (!isYaml(file)) return inHcl.test(text)
        let declared = inYaml.get(file)
        if (declared === undefined) {
          declared = declaredInYaml(text, (line) => lines.has(`${file}:${line}`))
          inYaml.set(file, declared)
        }
        return declared.has(`${block} ${name}`)
      })
    },
  }
}

const yamlKey = /(?<=^|[\s{,])["']?([\p{ID_Start}_][\p{ID_Continue}-]*)["']?\s*(?::|$)/gu

/**
 * The names of keys that stand where YAML declares something, after the word of their block: right below it, for an object below its
 * type. On a line that is broken the indentation says nothing.
 */
function declaredInYaml(text: string, isBroken: (line: number) => boolean): ReadonlySet<string> {
  const found = new Set<string>()
  /** Indentations of the lines that the current one is below of; the first is that of the block. */
  let above: number[] = []
  let block = ''
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const indentation = line.search(/\S/)
    above = [...above.filter((other) => other < indentation), indentation]
    if (indentation === 0) block = /^["']?([\w-]*)/.exec(line)?.[1] ?? ''
    const depth = block === 'resource' || block === 'data' ? 2 : 1
    if (above.length - 1 !== depth && !isBroken(index + 1) && !/[{:]\s*\{/.test(line)) continue
    for (const [, name] of line.matchAll(yamlKey)) found.add(`${block} ${name}`)
  }
  return found
}

/** What the first name of a reference is declared by. */
export const declaredBy: ReadonlyMap<string, string> = new Map([
  ['var', 'variable'],
  ['data', 'data'],
  ['provider', 'provider'],
])

function escaped(name: string): string {
  return name.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, '\\$&')
}
