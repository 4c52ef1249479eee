import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import hcl2Parser from 'hcl2-parser'
import t from 'tap'
import { formatNumber } from '../../../src/core/number.js'
import type { BlockNode, Body, Expr, TemplatePart } from '../../../src/lang/hcl/ast.js'
import { parseHcl } from '../../../src/lang/hcl/parser.js'

/*
 * HashiCorp's own parser (in Go, compiled to JavaScript, wrapped by a converter to JSON) has to agree with ours on structure
 * and literals. Its known deviations, and how they are dealt with here:
 * - On a syntax error it returns nothing: no message, no place. We must have an error then.
 * - It resolves `$${x}` to the text `${x}`, which in its JSON is the same as the interpolation. We write text like that too.
 * - `1e400` is written out in its JSON but is null once parsed to an object, and infinite here. So it is in ours.
 * - Of sequences it keeps the source text, of directives a form of its own; a conditional in a template looks like one.
 * - It is older than namespaced functions (`a::b()`), takes `a.b = 1` as an object key, and not `a.0.1`.
 * - A null as an object key makes it crash, and so does a block type with and without labels.
 */
const oracle: { parseToString(input: string): unknown } = hcl2Parser

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

function oracleJson(text: string): Json | undefined {
  const result = oracle.parseToString(text)
  const [json] = Array.isArray(result) ? (result as unknown[]) : []
  return typeof json === 'string' && json !== '' ? (JSON.parse(json) as Json) : undefined
}

/** Our tree in the converter's form. */
function bodyJson(body: Body, text: string): { [key: string]: Json } {
  const result: { [key: string]: Json } = Object.create(null)
  for (const { name, value } of body.attributes) result[name] = expressionJson(value, text)
  for (const block of body.blocks) addBlock(result, block, text)
  return result
}

function addBlock(into: { [key: string]: Json }, block: BlockNode, text: string): void {
  const path = [block.type, ...block.labels.map((label) => label.text)]
  const last = path.pop() as string
  let target = into
  for (const step of path) {
    target[step] ??= Object.create(null) as { [key: string]: Json }
    target = target[step] as { [key: string]: Json }
  }
  target[last] ??= []
  ;(target[last] as Json[]).push(bodyJson(block.body, text))
}

function expressionJson(e: Expr, text: string): Json {
  switch (e.kind) {
    case 'literal':
      return e.value !== null && typeof e.value === 'object' ? Number(formatNumber(e.value)) : e.value
    case 'template': {
      const [only] = e.parts
      return e.parts.length === 1 && only?.kind === 'interpolation'
        ? expressionJson(only.value, text)
        : e.parts.map((part) => partText(part, text)).join('')
    }
    case 'tuple':
      return e.items.map((item) => expressionJson(item, text))
    case 'object': {
      const result: { [key: string]: Json } = Object.create(null)
      for (const { key, value } of e.items) result[expressionText(key, text)] = expressionJson(value, text)
      return result
    }
    case 'unary': {
      const { operand } = e
      if (operand.kind !== 'literal') return sourceOf(e, text)
      return e.operator === '-' ? -Number(expressionJson(operand, text)) : !expressionJson(operand, text)
    }
    default:
      return sourceOf(e, text)
  }
}

function partText(part: TemplatePart, text: string): string {
  switch (part.kind) {
    case 'text':
      return part.value
    case 'interpolation':
      return expressionText(part.value, text)
    case 'if':
      return conditionText(part.condition, joined(part.then, text), joined(part.else, text), text)
    case 'for': {
      const names = part.keyName === undefined ? part.valueName : `${part.keyName}, ${part.valueName}`
      return `%{for ${names} in ${raw(part.collection, text)}}${joined(part.body, text)}%{endfor}`
    }
  }
}

function joined(parts: readonly TemplatePart[], text: string): string {
  return parts.map((part) => partText(part, text)).join('')
}

function conditionText(condition: Expr, then: string, otherwise: string, text: string): string {
  return `%{if ${raw(condition, text)}}${then}${otherwise === '' ? '' : `%{else}${otherwise}`}%{endif}`
}

/** An expression as a part of a template or as a key. */
function expressionText(e: Expr, text: string): string {
  switch (e.kind) {
    case 'literal':
      return e.value !== null && (typeof e.value === 'number' || typeof e.value === 'object')
        ? formatNumber(e.value)
        : String(e.value)
    case 'template':
      return joined(e.parts, text)
    case 'conditional':
      return conditionText(e.condition, expressionText(e.then, text), expressionText(e.else, text), text)
    default:
      return sourceOf(e, text)
  }
}

function sourceOf(e: Expr, text: string): string {
  return `\${${raw(e, text)}}`
}

/** The source text of an expression: that it agrees proves our spans. */
function raw(e: Expr, text: string): string {
  return text.slice(e.span.start.offset, e.span.end.offset)
}

const root = process.cwd()
const files = ['examples', 'test']
  .map((folder) => join(root, folder))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.hcl'))
      .map((name) => join(folder, name)),
  )

for (const file of files) {
  t.test(`${relative(root, file)} means the same to HashiCorp's parser`, async (t) => {
    const text = readFileSync(file, 'utf8')
    const { body, diagnostics } = parseHcl(text, file)
    const theirs = oracleJson(text)
    if (diagnostics.length > 0) t.equal(theirs, undefined, 'we found errors, so must they')
    else t.same(JSON.parse(JSON.stringify(bodyJson(body, text))), theirs)
  })
}

const snippets = [
  'a = "${b}"\nc = "${1}"\nd = "${"e"}f"\ng = " ${~ h ~} "\n',
  'a = "x ${b ? "c" : "d"} y"\ne = "${f ? 1 : 2}"\n',
  'a = 1e400\nb = 1.50\nc = 123456789012345678901234567890\nd = 0.1\n',
  'a = -1\nb = - 1.5\nc = !true\nd = -e\nf = -(1)\n',
  'a = "$${b} %%{c} $$${d} $ % \\u00e9\\t"\n',
  'a = { "x${y}" = 1, f(x) = 2, 1 = 3, true = 4, "q" = 5, -1 = 7, (a.b) = 8 }\n',
  'a = <<-EOT\n    x ${y ~}\n      z\n\n    %{ if b ~}\n    c\n    %{ endif ~}\n    EOT\n',
  'a = <<EOT\r\nx\r\n  ${y}\r\nEOT\r\nb = 1\r\n',
  'a "b" c {\n  d = 1\n}\na "b" c {\n  e { f = 2 }\n  e {}\n}\n',
  'a = [for b, c in d : {\n  e = c\n  f : b\n}]\ng = { for h in i : h => h... if j }\n',
  'a = b.0.c\nd = e.*.f.0\ng = h[*].i[j]["k"]\nl = m(n, [o]...)\n',
  'größe = "größe ${größe} 😀"\n',
  '\ufeffa = 1\n',
  '',
]
const mistakes = [
  'a = \n',
  'a = "b\n',
  'a {\n',
  'a = [1 2]\n',
  'a = 1 b = 2\n',
  "a = 'b'\n",
  'a = 1\na = 2\n',
  'a { b = 1, c = 2 }\n',
  'a = <<EOT\nb\nEOT',
  'a = "${b c}"\n',
  'a = "\\x"\n',
  'a = 1.2.3\n',
  'a = b.*.*\n',
  'a = "%{ if b }"\n',
  'a = "b\rc"\n',
  'a b = 1\n',
  'a = {,}\n',
  'a = [for b in c : d => e]\n',
]

t.test('small pieces mean the same to it', async (t) => {
  for (const text of snippets) {
    const { body, diagnostics } = parseHcl(text, 'f')
    t.strictSame(diagnostics, [], JSON.stringify(text))
    t.same(
      JSON.parse(JSON.stringify(bodyJson(body, text))),
      withoutInfinity(oracleJson(text)),
      JSON.stringify(text),
    )
  }
})

t.test('what it refuses, we refuse', async (t) => {
  for (const text of mistakes) {
    t.equal(oracleJson(text), undefined, JSON.stringify(text))
    t.not(parseHcl(text, 'f').diagnostics.length, 0, JSON.stringify(text))
  }
})

/** Numbers beyond all doubles, as JSON has them. */
function withoutInfinity(json: Json | undefined): unknown {
  return JSON.parse(JSON.stringify(json ?? null))
}
