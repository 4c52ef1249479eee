import type { Diagnostic, Span } from '../../core/diagnostic.js'
import type { AttributeNode } from '../hcl/ast.js'

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
      const quoted = `"?${escaped(name)}"?`
      const inHcl =
        root === 'local'
          ? `^\\s*${escaped(name)}\\s*=`
          : `^\\s*${declaredBy.get(root) ?? 'resource'}\\b.*?[\\s"]${quoted}`
      const declaration = new RegExp(`^\\s*${quoted}\\s*:|${inHcl}`, 'mu')
      return [...broken.values()].some(({ text }) => declaration.test(text))
    },
  }
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
