import type { Diagnostic } from '../../../src/core/diagnostic.js'
import { formatNumber } from '../../../src/core/number.js'
import type { Body, Expr, TemplatePart } from '../../../src/lang/hcl/ast.js'

/** A tree in a short notation that shows how it is nested, without places: `(a + (b * 2))`, `a[*]<@.b>`. */
export function showExpression(e: Expr | undefined): string {
  if (e === undefined) return '_'
  switch (e.kind) {
    case 'literal':
      return e.value !== null && (typeof e.value === 'number' || typeof e.value === 'object')
        ? formatNumber(e.value)
        : JSON.stringify(e.value)
    case 'template':
      return `template(${e.parts.map(showPart).join(' ')})`
    case 'variable':
      return e.name
    case 'attribute':
      return `${showExpression(e.object)}.${e.name}`
    case 'index':
      return e.legacy
        ? `${showExpression(e.object)}.${showExpression(e.key)}`
        : `${showExpression(e.object)}[${showExpression(e.key)}]`
    case 'splat':
      return `${showExpression(e.object)}${e.full ? '[*]' : '.*'}<${showExpression(e.each)}>`
    case 'splat-item':
      return '@'
    case 'call':
      return `${e.name}(${e.arguments.map(showExpression).join(', ')}${e.expand ? '...' : ''})`
    case 'unary':
      return `(${e.operator}${showExpression(e.operand)})`
    case 'binary':
      return `(${showExpression(e.left)} ${e.operator} ${showExpression(e.right)})`
    case 'conditional':
      return `(${showExpression(e.condition)} ? ${showExpression(e.then)} : ${showExpression(e.else)})`
    case 'tuple':
      return `[${e.items.map(showExpression).join(', ')}]`
    case 'object':
      return `{${e.items.map((i) => `${showExpression(i.key)} = ${showExpression(i.value)}`).join(', ')}}`
    case 'for': {
      const names = e.keyName === undefined ? e.valueName : `${e.keyName}, ${e.valueName}`
      const key = e.key === undefined ? '' : `${showExpression(e.key)} => `
      const condition = e.condition === undefined ? '' : ` if ${showExpression(e.condition)}`
      const value = `${showExpression(e.value)}${e.group ? '...' : ''}`
      return `for(${names} in ${showExpression(e.collection)}: ${key}${value}${condition})`
    }
    case 'parentheses':
      return `par(${showExpression(e.inner)})`
    case 'broken':
      return 'BROKEN'
  }
}

export function showPart(part: TemplatePart): string {
  switch (part.kind) {
    case 'text':
      return JSON.stringify(part.value)
    case 'interpolation':
      return `$(${showExpression(part.value)})`
    case 'if':
      return `if(${showExpression(part.condition)} ? ${part.then.map(showPart).join(' ')} : ${part.else.map(showPart).join(' ')})`
    case 'for': {
      const names = part.keyName === undefined ? part.valueName : `${part.keyName}, ${part.valueName}`
      return `for(${names} in ${showExpression(part.collection)}: ${part.body.map(showPart).join(' ')})`
    }
  }
}

/** One line per attribute and per block, indented. */
export function showBody(body: Body, indent = ''): string {
  const attributes = body.attributes.map((a) => `${indent}${a.name} = ${showExpression(a.value)}\n`)
  const blocks = body.blocks.map((b) => {
    const labels = b.labels.map((l) => ` ${JSON.stringify(l.text)}`).join('')
    return `${indent}${b.type}${labels} {\n${showBody(b.body, `${indent}  `)}${indent}}\n`
  })
  return attributes.join('') + blocks.join('')
}

/** `code line:column` of each diagnostic. */
export function showPlaces(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((d) => `${d.code} ${d.span?.start.line}:${d.span?.start.column}`)
}
