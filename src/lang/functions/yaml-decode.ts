import type { Node, Pair, Scalar } from 'yaml'
import { deepestNesting, tooDeep } from '../../core/extent.js'
import { parseNumber } from '../../core/number.js'
import {
  boolValue,
  nullValue,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  type Value,
} from '../../core/value.js'
import { isAlias, isMap, isScalar, library } from '../yaml/library.js'
import { functionFailure } from './function.js'
import { rfc3339 } from './time.js'

interface Reading {
  /** What every anchor stands for; undefined while it is still being read. */
  readonly anchors: Map<string, Value | undefined>
  /** How many nodes, with those that aliases repeat. */
  nodes: number
}

const mostNodes = 1_000_000

/** The value of one YAML document, with the plain words that Terraform takes for bools, nulls and numbers. */
export function fromYaml(text: string): Value {
  const documents = library().parseAllDocuments(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
    stringKeys: false,
    resolveKnownTags: false,
  })
  if ('empty' in documents || documents.length === 0) throw functionFailure('The text holds no document.')
  const [document, another] = documents
  if (document === undefined) throw functionFailure('The text holds no document.')
  const mistake = documents.flatMap((each) => each.errors)[0]
  if (mistake !== undefined) {
    const before = text.slice(0, mistake.pos[0]).split('\n')
    throw functionFailure(
      `Line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${mistake.message}`,
    )
  }
  if (another !== undefined) throw functionFailure('The text holds more than one document.')
  const { contents } = document
  const isEmpty = isScalar(contents) && contents.source === '' && contents.type === 'PLAIN'
  if ((contents === null || isEmpty) && !/^(---|%)/m.test(text))
    throw functionFailure('The text holds no document.')
  return read(contents, { anchors: new Map(), nodes: 0 }, 0)
}

function read(node: Node | null, reading: Reading, depth: number): Value {
  if (depth > deepestNesting) throw tooDeep()
  if (++reading.nodes > mostNodes) throw functionFailure(`The document has more than ${mostNodes} parts.`)
  if (node === null) return nullValue()
  if (isAlias(node)) return resolve(node.source, reading)
  const anchor = 'anchor' in node ? node.anchor : undefined
  if (anchor !== undefined) reading.anchors.set(anchor, undefined)
  const value = isScalar(node) ? scalar(node) : collection(node, reading, depth)
  if (anchor !== undefined) reading.anchors.set(anchor, value)
  return value
}

/** A value is shared, however often it is referred to, but whoever writes it out would write it as often. */
function resolve(name: string, reading: Reading): Value {
  const value = reading.anchors.get(name)
  if (value === undefined) {
    const inside = reading.anchors.has(name)
    throw functionFailure(
      inside
        ? `The anchor ${name} is referred to inside itself.`
        : `There is no anchor named ${name} before.`,
    )
  }
  reading.nodes += count(value, mostNodes)
  return value
}

function count(value: Value, most: number): number {
  const parts = 'items' in value ? value.items : 'entries' in value ? [...value.entries.values()] : []
  let total = 1
  for (const part of parts) {
    total += count(part, most - total)
    if (total > most) break
  }
  return total
}

function collection(node: Node, reading: Reading, depth: number): Value {
  const tag = node.tag
  if (isMap(node)) {
    refuseTag(tag, 'map')
    return mapping(node.items as readonly Pair<Node, Node | null>[], reading, depth)
  }
  refuseTag(tag, 'seq')
  const { items } = node as unknown as { readonly items: readonly (Node | null)[] }
  return tupleValue(items.map((item) => read(item, reading, depth + 1)))
}

function mapping(pairs: readonly Pair<Node, Node | null>[], reading: Reading, depth: number): Value {
  const entries = new Map<string, Value>()
  for (const pair of pairs) {
    const value = (): Value => read(pair.value, reading, depth + 1)
    if (
      isScalar(pair.key) &&
      pair.key.type === 'PLAIN' &&
      pair.key.source === '<<' &&
      pair.key.tag === undefined
    ) {
      const merged = value()
      if (!('entries' in merged))
        throw functionFailure('Only a mapping can be merged into another with "<<".')
      for (const [key, entry] of merged.entries) entries.set(key, entry)
      continue
    }
    entries.set(keyOf(read(pair.key, reading, depth + 1)), value())
  }
  return objectValue(entries)
}

function keyOf(key: Value): string {
  switch (key.kind) {
    case 'string':
      return key.value
    case 'number':
    case 'bool':
      return String(key.value)
    case 'null':
      throw functionFailure('A key of a mapping is null.')
    default:
      throw functionFailure('A key of a mapping must be a string.')
  }
}

function refuseTag(tag: string | undefined, own: string): void {
  if (tag === undefined || tag === `tag:yaml.org,2002:${own}` || tag === '!') return
  throw functionFailure(`The tag ${tag} is not known.`)
}

const bools: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', 'y'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', 'n'].map((word) => [word, false] as const),
])

/** `word`, `Word` and `WORD`, but no other mixture. */
function wordOf(text: string): string | undefined {
  return /^([a-z]+|[A-Z][a-z]*|[A-Z]+)$/.test(text) ? text.toLowerCase() : undefined
}

const standardTag = /^tag:yaml.org,2002:(null|bool|int|float|timestamp)$/

function scalar(node: Scalar): Value {
  const text = node.type === 'PLAIN' ? (node.source ?? '') : String(node.value ?? '').toWellFormed()
  // Quotes make a string whatever the tag says.
  if (node.type !== 'PLAIN' && standardTag.test(node.tag ?? '')) return stringValue(text)
  switch (node.tag?.replace('tag:yaml.org,2002:', '!!')) {
    case undefined:
      return node.type === 'PLAIN' ? plain(text) : stringValue(text)
    case '!':
    case '!!str':
      return stringValue(text)
    case '!!binary':
      // Its text is Base64 already, which is how this language holds bytes.
      return stringValue(text.replace(/\s/g, ''))
    case '!!null':
      return nullValue()
    case '!!bool':
      return requiredAs(text, 'bool', asBool(text))
    case '!!int':
    case '!!float':
      return requiredAs(text, 'number', asNumber(text))
    case '!!timestamp':
      return requiredAs(text, 'timestamp', asTimestamp(text))
    default:
      throw functionFailure(`The tag ${node.tag} is not known.`)
  }
}

function requiredAs(text: string, what: string, value: Value | undefined): Value {
  if (value === undefined) throw functionFailure(`${JSON.stringify(text)} is no ${what}, as its tag says.`)
  return value
}

function plain(text: string): Value {
  if (text === '' || text === '~' || wordOf(text) === 'null') return nullValue()
  return asBool(text) ?? asNumber(text) ?? asTimestamp(text) ?? stringValue(text)
}

function asBool(text: string): Value | undefined {
  const truth = bools.get(wordOf(text) ?? '')
  return truth === undefined ? undefined : boolValue(truth)
}

function asNumber(text: string): Value | undefined {
  if (/^0x[0-9a-fA-F]{1,1000}$/.test(text) || /^0o[0-7]{1,1000}$/.test(text)) {
    return numberValue(parseNumber(BigInt(text).toString()))
  }
  if (/^[+-]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/.test(text)) {
    throw functionFailure(`${text} is a number that has no end, or none at all.`)
  }
  if (!/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(text)) return undefined
  return numberValue(parseNumber(text))
}

function asTimestamp(text: string): Value | undefined {
  const day = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)
  const moment =
    /^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(Z|z|[+-][0-9]{2}:[0-9]{2})$/.exec(
      text,
    )
  if (!day && moment === null) return undefined
  return rfc3339(day ? `${text}T00:00:00Z` : `${moment?.[1]}T${moment?.[2]}${moment?.[3]?.toUpperCase()}`)
}
