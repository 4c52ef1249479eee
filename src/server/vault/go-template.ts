/** A value within a template. */
export type TemplateValue = string | number | boolean

export type TemplateFunctions = Readonly<
  Record<string, (...values: readonly (TemplateValue | undefined)[]) => TemplateValue>
>

/** Characters of a template, and of what it makes. */
const longest = 10_000

/**
 * Evaluates a template in Go's notation, as far as names need it: text, fields, functions, pipes, parentheses, and
 * `if`/`else`/`end`. Throws a `RangeError` that says what cannot be understood.
 */
export function evaluate(
  template: string,
  fields: Readonly<Record<string, string>>,
  functions: TemplateFunctions,
): string {
  if (template.length > longest) throw new RangeError(`a template has at most ${longest} characters`)
  const known = { ...general, ...functions }
  let result = ''
  // Whether what stands here counts, for each `if` around it; `done`: a branch of it was taken.
  const branches: { on: boolean; done: boolean; outer: boolean }[] = []
  const active = () => branches.at(-1)?.on ?? true
  for (const { literal, action } of piecesOf(template)) {
    if (literal !== undefined) {
      if (active()) result += literal
      continue
    }
    const run = (text: string) => pipe(tokensOf(text), fields, known)
    const [, word = '', rest = ''] = /^(if|else if|else|end)?\b\s*(.*)$/s.exec(action) ?? []
    const branch = branches.at(-1)
    if (word === 'if') {
      const outer = active()
      const on = outer && truthy(run(rest))
      branches.push({ on, done: on, outer })
    } else if (word === '') {
      if (active()) result += String(run(action))
    } else if (branch === undefined) throw new RangeError(`{{ ${word} }} without {{ if }}`)
    else if (word === 'end') branches.pop()
    else {
      branch.on = branch.outer && !branch.done && (word === 'else' || truthy(run(rest)))
      branch.done ||= branch.on
    }
    if (result.length > longest) throw new RangeError('the template makes too long a text')
  }
  if (branches.length > 0) throw new RangeError('{{ if }} without {{ end }}')
  return result
}

const general: TemplateFunctions = {
  eq: (one, ...others) => others.some((other) => other === one),
  ne: (one, other) => one !== other,
  not: (one) => !truthy(one),
  and: (...all) => all.find((one) => !truthy(one)) ?? all.at(-1) ?? false,
  or: (...all) => all.find(truthy) ?? all.at(-1) ?? false,
  len: (one) => String(one).length,
  print: (...all) => all.join(''),
  printf(format, ...all) {
    const rest = [...all]
    return String(format).replaceAll(/%(.)/g, (_, verb: string) => {
      if (verb === '%') return '%'
      if (!['s', 'd', 'v', 'q'].includes(verb)) throw new RangeError(`printf knows no %${verb}`)
      const value = rest.shift()
      if (value === undefined) throw new RangeError('printf has too few values')
      return verb === 'q' ? JSON.stringify(value) : String(value)
    })
  },
}

interface Piece {
  readonly literal?: string
  readonly action: string
}

function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = []
  let [at, trim] = [0, false]
  for (;;) {
    const start = template.indexOf('{{', at)
    let literal = template.slice(at, start === -1 ? undefined : start)
    if (trim) literal = literal.trimStart()
    if (start === -1) {
      pieces.push({ literal, action: '' })
      return pieces
    }
    const end = template.indexOf('}}', start)
    if (end === -1) throw new RangeError('{{ without }}')
    let action = template.slice(start + 2, end)
    if (/^-\s/.test(action)) {
      literal = literal.trimEnd()
      action = action.slice(1)
    }
    trim = /\s-$/.test(action)
    pieces.push({ literal, action: '' }, { action: (trim ? action.slice(0, -1) : action).trim() })
    at = end + 2
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  const token = /\s*("(?:[^"\\]|\\.)*"|`[^`]*`|-?\d+|\.?[A-Za-z_]\w*|[()|])/sy
  while (token.lastIndex < text.length) {
    const at = token.lastIndex
    const match = token.exec(text)
    if (match === null) throw new RangeError(`the template holds ${JSON.stringify(text.slice(at))}`)
    tokens.push(match[1] ?? '')
  }
  return tokens
}

/** Takes its tokens from the front: up to the end, or to the parenthesis that closes it. */
function pipe(
  tokens: string[],
  fields: Readonly<Record<string, string>>,
  functions: TemplateFunctions,
): TemplateValue {
  let value: TemplateValue | undefined
  for (;;) {
    const name = tokens[0]
    const operands: TemplateValue[] = []
    const call = name !== undefined && Object.hasOwn(functions, name) ? functions[name] : undefined
    if (call !== undefined) tokens.shift()
    while (tokens.length > 0 && tokens[0] !== '|' && tokens[0] !== ')')
      operands.push(operand(tokens, fields, functions))
    if (value !== undefined) operands.push(value)
    if (call !== undefined) value = call(...operands)
    else if (operands.length === 1) value = operands[0] ?? ''
    else throw new RangeError('the template holds an action that is no value and calls no function')
    if (tokens[0] !== '|') return value
    tokens.shift()
  }
}

function operand(
  tokens: string[],
  fields: Readonly<Record<string, string>>,
  functions: TemplateFunctions,
): TemplateValue {
  const token = tokens.shift() ?? ''
  if (token === '(') {
    const value = pipe(tokens, fields, functions)
    if (tokens.shift() !== ')') throw new RangeError('( without )')
    return value
  }
  if (token.startsWith('"')) return unquoted(token)
  if (token.startsWith('`')) return token.slice(1, -1)
  if (/^-?\d+$/.test(token)) return Number(token)
  if (token === 'true' || token === 'false') return token === 'true'
  const field = token.startsWith('.') ? token.slice(1) : undefined
  if (field !== undefined && Object.hasOwn(fields, field)) return fields[field] ?? ''
  const call = Object.hasOwn(functions, token) ? functions[token] : undefined
  if (call !== undefined) return call()
  throw new RangeError(`the template knows no ${JSON.stringify(token)}`)
}

function truthy(value: TemplateValue | undefined): boolean {
  return value !== undefined && value !== '' && value !== 0 && value !== false
}

function unquoted(token: string): string {
  try {
    return String(JSON.parse(token))
  } catch {
    throw new RangeError(`the template holds ${token}`)
  }
}
