import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { Objection } from '../../core/aws.js'
import { type Diagnostic, error, type Span } from '../../core/diagnostic.js'
import type { Fixture } from './fixture.js'

/** A value of a fixture: all scalars are texts as they are written, so that an account's leading zeros stay. */
export type FixtureValue = string | null | readonly FixtureValue[] | { readonly [key: string]: FixtureValue }

/** A fixture's file while it is read: what is wrong with it is collected. */
export interface FixtureText {
  readonly root: Node | null
  readonly diagnostics: Diagnostic[]
  /** Notes what is wrong with a node, or at the file's beginning. */
  wrong(node: Node | null | undefined, detail: string, help?: string): void
  /** A node's entries, each with the node of its key; none (and an error) if it is no mapping. An absent node has none. */
  entries(node: Node | null | undefined, noun: string): readonly FixtureEntry[]
  /** The items of a list; a single item stands for a list of one. */
  items(node: Node | null | undefined): readonly Node[]
  text(node: Node | null | undefined, noun: string): string | undefined
  plain(node: Node): FixtureValue
  /** Has what a node names looked up once all is read: `problem` says what is wrong with it, if anything is. */
  later(node: Node | undefined, problem: (fixture: Fixture) => Objection | undefined): void
  /** Looks up everything that was put off. */
  lookUp(fixture: Fixture): void
}

export interface FixtureEntry {
  readonly name: string
  readonly key: Node
  readonly value: Node | null
}

/** Above what people write; below what takes memory or time to read. In UTF-16 units. */
const longest = 4 * 1024 * 1024

/** Reads the YAML (or JSON) of a fixture. `file` is how messages name it. */
export function readFixtureText(text: string, file: string): FixtureText {
  const lines = new LineCounter()
  const diagnostics: Diagnostic[] = []
  const tooLong = text.length > longest
  const document = parseDocument(tooLong ? '' : text, {
    schema: 'failsafe',
    lineCounter: lines,
    prettyErrors: false,
  })
  const span = (start: number, end: number): Span => {
    const at = (offset: number) => {
      const { line, col } = lines.linePos(offset)
      return { line: Math.max(line, 1), column: Math.max(col, 1), offset }
    }
    return { file, start: at(start), end: at(Math.max(start, end)) }
  }
  const report = (detail: string, range: readonly [number, number], help?: string): void => {
    diagnostics.push(
      error('server/sandbox-fixture', 'The fixture of the AWS sandbox is not valid', {
        detail,
        span: span(...range),
        ...(help === undefined ? {} : { help }),
      }),
    )
  }
  if (tooLong) report(`The file has ${text.length} characters; at most ${longest} are read.`, [0, 0])
  for (const { message, pos } of document.errors) report(message, pos)
  const resolved = (node: Node | null | undefined): Node | null => {
    if (!isAlias(node)) return node ?? null
    const target = node.resolve(document) ?? null
    return isAlias(target) ? null : target
  }
  const checks: ((fixture: Fixture) => void)[] = []
  const reader: FixtureText = {
    root: document.errors.length > 0 ? null : resolved(document.contents),
    diagnostics,
    wrong(node, detail, help) {
      const [start, end] = node?.range ?? [0, 0]
      report(detail, [start, end], help)
    },
    entries(given, noun) {
      const node = resolved(given)
      if (node === null || (isScalar(node) && node.value === '')) return []
      if (!isMap(node)) {
        reader.wrong(node, `${noun} must be a mapping: names, each with a colon.`)
        return []
      }
      return node.items.flatMap(({ key, value }) => {
        if (isScalar(key)) return [{ name: String(key.value), key, value: resolved(value as Node | null) }]
        reader.wrong(node, `${noun} has a key that is no text.`)
        return []
      })
    },
    items(given) {
      const node = resolved(given)
      if (node === null) return []
      return isSeq(node) ? node.items.flatMap((item) => resolved(item as Node | null) ?? []) : [node]
    },
    text(given, noun) {
      const node = resolved(given)
      if (node === null) return undefined
      if (isScalar(node) && typeof node.value === 'string') return node.value
      reader.wrong(node, `${noun} must be a text.`)
      return undefined
    },
    later(node, problem) {
      checks.push((fixture) => {
        const objection = problem(fixture)
        if (objection !== undefined) reader.wrong(node, objection.problem, objection.help)
      })
    },
    lookUp(fixture) {
      for (const check of checks) check(fixture)
    },
    plain: (node) => node.toJS(document, { maxAliasCount: 1000 }) as FixtureValue,
  }
  return reader
}
