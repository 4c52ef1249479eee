import { nearest } from '../../core/nearest.js'
import { configurationGrammar, type Grammar } from '../grammar.js'
import type { SchemaSource } from './schema-source.js'

/** A part of a text, as offsets. */
export type TextRange = readonly [from: number, to: number]

const word =
  /(?<![\p{ID_Continue}.$-])["']?([\p{ID_Start}_][\p{ID_Continue}-]*)["']?([ \t]*(?:[=:]|(?=["'<{])))?[ \t]*/gu

/** What stands before the name of an argument. */
const itemStart = /(?:^|[\n{,;])[ \t]*$/

/**
 * Where secrets may stand in a text that no parser understood: all that follows a name which `isSecret` knows, to the end of its
 * line, and the lines below that are indented deeper or belong to its heredoc. Blanks and quotes are left out, so that the line
 * can still be recognised. Rather too much than too little.
 */
export function secretRanges(text: string, isSecret: (name: string) => boolean): readonly TextRange[] {
  const ranges: TextRange[] = []
  for (const match of text.matchAll(word)) {
    const [all, name = '', assignment] = match
    if (!isSecret(name)) continue
    // Where the sign between them is forgotten, the value follows all the same.
    if (assignment === undefined && !itemStart.test(text.slice(Math.max(0, match.index - 200), match.index)))
      continue
    // A label, not the block that it names.
    if (/["']/.test(all) && text[match.index + all.length] === '{' && assignment?.trim() === '') continue
    const from = match.index + all.length
    const value = text.slice(from, valueEnd(text, from))
    for (const part of value.matchAll(/[^\s"']+/g))
      ranges.push([from + part.index, from + part.index + part[0].length])
  }
  return ranges
}

/**
 * Is the value of an attribute of this name a secret, in some type? So is that of a name which is none and looks like one of these.
 * Asked only of what is not understood: it loads all schemas.
 */
export function secretNames(schemas: SchemaSource): (name: string) => boolean {
  let known = bySource.get(schemas)
  if (known === undefined) {
    known = namesOf(schemas)
    bySource.set(schemas, known)
  }
  return known
}

const bySource = new WeakMap<SchemaSource, (name: string) => boolean>()

function namesOf(schemas: SchemaSource): (name: string) => boolean {
  const { resources, data, providers } = schemas.types()
  const attributes = [
    ...resources.map((type) => schemas.resource(type)),
    ...data.map((type) => schemas.data(type)),
    ...providers.map((name) => schemas.provider(name)),
  ].flatMap((schema) => [...(schema?.attributes.values() ?? [])])
  const secret = new Set(attributes.filter(({ sensitive }) => sensitive).map(({ name }) => name))
  const known = new Set([...attributes.map(({ name }) => name), ...wordsOf(configurationGrammar)])
  const found = new Map<string, boolean>()
  return (name) => {
    let is = found.get(name)
    if (is === undefined) {
      is =
        secret.has(name) || (!known.has(name) && (soundsSecret(name) || nearest(name, secret) !== undefined))
      found.set(name, is)
    }
    return is
  }
}

/** Does a name that people choose say that it is one of a secret? */
export function soundsSecret(name: string): boolean {
  return /key|secret|token|passw/i.test(name)
}

function wordsOf({ attributes, blocks }: Grammar): readonly string[] {
  return [...attributes.keys(), ...[...blocks].flatMap(([name, inner]) => [name, ...wordsOf(inner)])]
}

/** The end of the value that begins at `from`. */
function valueEnd(text: string, from: number): number {
  const lineStart = text.lastIndexOf('\n', from - 1) + 1
  const indentation = indentationOf(text.slice(lineStart, from))
  let end = lineEnd(text, from)
  const tag = /<<[-~]?["']?([\p{ID_Start}_][\p{ID_Continue}-]*)/u.exec(text.slice(from, end))?.[1]
  while (end < text.length) {
    const next = lineEnd(text, end + 1)
    const line = text.slice(end + 1, next)
    if (tag !== undefined) {
      if (line.trim() === tag) break
    } else if (line.trim() !== '' && indentationOf(line) <= indentation && !/^\s*["']/.test(line)) break
    end = next
  }
  return end
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from)
  return newline < 0 ? text.length : newline
}

function indentationOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0
}
