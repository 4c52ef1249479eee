import type { Alias, ParsedNode } from 'yaml'
import { type Diagnostic, error } from '../../core/diagnostic.js'
import type { Source } from '../hcl/source.js'
import { isAlias, isMap, isScalar, isSeq } from './library.js'
import { composeDocuments } from './syntax.js'

/** Far above what people write, far below what exhausts memory or the call stack. Length is in UTF-16 units. */
const limits = { length: 10 * 1024 * 1024, depth: 100 }

/** One YAML document: scalars are strings as they are written (types are decided by `scalar-type`). */
export interface YamlDocument {
  readonly root: ParsedNode | undefined
  /** What each alias stands for. */
  readonly aliases: ReadonlyMap<Alias, ParsedNode>
  /** The lines whose YAML is broken: what the tree has of them is a guess. */
  readonly lines: ReadonlySet<number>
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads the YAML of a file, and refuses what has no meaning here: several documents, tags, merge keys, recursive aliases. */
export function readDocument(source: Source): YamlDocument {
  const { text } = source
  if (text.length > limits.length) {
    return nothing(
      tooMuch(source, 0, `The file has ${text.length} characters; at most ${limits.length} are read.`),
    )
  }
  const parsed = composeDocuments(source, limits.depth)
  if ('deep' in parsed) {
    return nothing(tooMuch(source, parsed.deep, `Values are nested more than ${limits.depth} deep here.`))
  }
  const { documents, lines } = parsed
  const diagnostics = [...parsed.diagnostics]
  const [first, second] = documents
  if (second !== undefined) {
    const at = text.indexOf('---', first?.range[1] ?? 0)
    diagnostics.push(
      error('lang/yaml-documents', 'Several YAML documents in one file', {
        detail: 'A second document starts here; a configuration file has one.',
        help: 'Put the second document into a file of its own, or remove the line "---".',
        span: source.span(Math.max(at, 0), Math.max(at, 0) + 3),
      }),
    )
  }
  const root = first?.contents ?? undefined
  const aliases = new Map<Alias, ParsedNode>()
  if (root !== undefined) inspect(root, source, aliases, diagnostics)
  return { root, aliases, lines, diagnostics }
}

function nothing(problem: Diagnostic): YamlDocument {
  return { root: undefined, aliases: new Map(), lines: new Set(), diagnostics: [problem] }
}

function tooMuch(source: Source, at: number, detail: string): Diagnostic {
  return error('lang/yaml-limit', 'Too much YAML', {
    detail,
    help: 'Split it, or use a local value or a `for_each` instead.',
    span: source.span(at, Math.min(at + 1, source.text.length)),
  })
}

/** Walks the nodes in the order of the text, so that an alias finds the latest anchor of its name before it. */
function inspect(
  root: ParsedNode,
  source: Source,
  aliases: Map<Alias, ParsedNode>,
  diagnostics: Diagnostic[],
): void {
  const anchors = new Map<string, ParsedNode>()
  const open = new Set<ParsedNode>()
  const at = (node: ParsedNode) => source.span(node.range[0], node.range[1])

  const walk = (node: ParsedNode): void => {
    if (isAlias(node)) {
      const target = anchors.get(node.source)
      if (target !== undefined && !open.has(target)) {
        aliases.set(node, target)
        return
      }
      diagnostics.push(
        error('lang/yaml-alias', 'Alias without a value', {
          detail:
            target === undefined
              ? `No anchor "&${node.source}" stands before "*${node.source}".`
              : `"*${node.source}" stands within the value that it names, which would never end.`,
          help:
            target === undefined ? 'Quote the text if a literal * is meant.' : 'Write the inner value out.',
          span: at(node),
        }),
      )
      return
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node)
    if (node.tag !== undefined && !ordinaryTags.has(node.tag)) {
      diagnostics.push(
        error('lang/yaml-tag', 'YAML tag', {
          detail: `The tag "${node.tag.replace('tag:yaml.org,2002:', '!!')}" has no meaning here.`,
          help: 'Remove the tag. Quotes make a string; numbers, true, false and null need no tag.',
          span: at(node),
        }),
      )
    }
    open.add(node)
    if (isSeq(node)) for (const item of node.items) walk(item as ParsedNode)
    if (isMap(node)) {
      const seen = new Map<string, ParsedNode>()
      for (const pair of node.items) {
        if (pair.key) checkKey(pair.key as ParsedNode, seen, source, diagnostics)
        if (pair.key && !isAlias(pair.key)) walk(pair.key as ParsedNode)
        if (pair.value) walk(pair.value as ParsedNode)
      }
    }
    open.delete(node)
  }
  walk(root)
}

const ordinaryTags: ReadonlySet<string> = new Set(
  ['str', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
)

function checkKey(
  key: ParsedNode,
  seen: Map<string, ParsedNode>,
  source: Source,
  diagnostics: Diagnostic[],
): void {
  const span = () => source.span(key.range[0], key.range[1])
  if (!isScalar(key)) {
    diagnostics.push(
      error('lang/yaml-key', 'Key that is not text', {
        detail: 'The keys of a mapping are text.',
        help: "Quote the key, such as '${…}', if it is an expression.",
        span: span(),
      }),
    )
    return
  }
  const name = String(key.value).normalize('NFC')
  if (name === '<<' && key.type === 'PLAIN') {
    diagnostics.push(
      error('lang/yaml-merge-key', 'Merge key', {
        detail: 'The merge key "<<" is not part of YAML 1.2, and it is not supported.',
        help: "Use the function merge: '${merge(local.defaults, { … })}'.",
        span: span(),
      }),
    )
    return
  }
  const first = seen.get(name)
  if (first === undefined) {
    seen.set(name, key)
    return
  }
  diagnostics.push(
    error('lang/yaml-duplicate-key', 'Duplicate key', {
      detail: `"${name}" stands in this mapping twice, first in line ${source.at(first.range[0]).line}.`,
      help: 'Remove one of the two.',
      span: span(),
    }),
  )
}
