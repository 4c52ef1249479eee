import {
  type Alias,
  Composer,
  CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  Parser,
  type YAMLError,
} from 'yaml'
import { type Diagnostic, error } from '../../core/diagnostic.js'
import type { Source } from '../hcl/source.js'

/** Far above what people write, far below what exhausts memory or the call stack. */
const limits = { bytes: 16 * 1024 * 1024, depth: 100 }

/** One YAML document: scalars are strings as they are written (types are decided by `scalar-type`). */
export interface YamlDocument {
  readonly root: ParsedNode | undefined
  /** What each alias stands for. */
  readonly aliases: ReadonlyMap<Alias, ParsedNode>
  /** Whether the text is YAML at all; if not, the tree is a guess. */
  readonly broken: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads the YAML of a file, and refuses what has no meaning here: several documents, tags, merge keys, recursive aliases. */
export function readDocument(source: Source): YamlDocument {
  const { text } = source
  if (text.length > limits.bytes) {
    return nothing(
      tooMuch(source, 0, `The file has ${text.length} characters; at most ${limits.bytes} are read.`),
    )
  }
  const tokens = [...new Parser().parse(text)]
  const deep = tooDeep(tokens)
  if (deep !== undefined) {
    return nothing(tooMuch(source, deep, `Values are nested more than ${limits.depth} deep here.`))
  }
  // With the failsafe schema every scalar stays text: numbers keep their digits and `yes` stays a word.
  const composer = new Composer({
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  const documents: Document.Parsed[] = [...composer.compose(tokens, false, text.length)]
  const syntax = documents
    .flatMap((document) => document.errors)
    .map((problem) => syntaxError(problem, source))
  const [first, second] = documents
  const diagnostics = [...syntax]
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
  return { root, aliases, broken: syntax.length > 0, diagnostics }
}

function nothing(problem: Diagnostic): YamlDocument {
  return { root: undefined, aliases: new Map(), broken: true, diagnostics: [problem] }
}

function tooMuch(source: Source, at: number, detail: string): Diagnostic {
  return error('lang/yaml-limit', 'Too much YAML', {
    detail,
    help: 'Split it, or use a local value or a `for_each` instead.',
    span: source.span(at, Math.min(at + 1, source.text.length)),
  })
}

/** The offset of the first value that is nested too deep. Does not recurse: the depth is the attacker's. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = tokens.map((token) => ({
    token,
    depth: 0,
  }))
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next
    if (depth > limits.depth) return token.offset
    if (token.type === 'document') {
      if (token.value !== undefined) open.push({ token: token.value, depth })
    } else if (CST.isCollection(token)) {
      for (const item of token.items) {
        if (item.key) open.push({ token: item.key, depth: depth + 1 })
        if (item.value) open.push({ token: item.value, depth: depth + 1 })
      }
    }
  }
  return undefined
}

function syntaxError(problem: YAMLError, source: Source): Diagnostic {
  const { text } = source
  const [start, end] = problem.pos
  const at = Math.min(start, text.length)
  const lineStart = Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1
  const newline = text.indexOf('\n', at)
  const line = text.slice(lineStart, newline < 0 ? text.length : newline)
  return error('lang/yaml-syntax', 'Invalid YAML', {
    detail: `${problem.message}.`,
    ...(helpFor(problem, line) ?? {}),
    span: source.span(at, Math.min(Math.max(end, at), text.length)),
  })
}

function helpFor(problem: YAMLError, line: string): { readonly help: string } | undefined {
  if (/[$%]\{/.test(line)) {
    return {
      help: 'Quote it: YAML gives the characters { } [ ] , # and ": " a meaning of their own, so write \'${…}\' in single quotes.',
    }
  }
  if (problem.code === 'TAB_AS_INDENT') return { help: 'Indent with spaces.' }
  if (problem.code === 'BAD_SCALAR_START') return { help: 'Put the text in quotes.' }
  if (problem.code === 'BAD_DQ_ESCAPE') {
    return { help: 'Write \\\\ for a backslash, or use single quotes, in which a backslash means itself.' }
  }
  return undefined
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
