import type { Scalar } from 'yaml'

/** What a scalar says, and which offset of the file each of its UTF-16 units comes from. */
export interface ScalarText {
  readonly value: string
  /** The offset in the file of the unit `index`; `value.length` gives the end of the text. */
  offset(index: number): number
  /** The text stands in the file exactly as it is, on one line, from `offset(0)` on. */
  readonly verbatim: boolean
  readonly plain: boolean
}

type Range = readonly [number, number, number]

/** The text of a scalar with its places. Where they cannot be told apart, every unit has the place of the whole scalar. */
export function scalarText(node: Scalar<string>, text: string): ScalarText {
  const [start, end] = node.range as Range
  const plain = node.type === 'PLAIN'
  const value = node.value
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE'
  const from = quoted ? start + 1 : start
  if (text.startsWith(value, from) && from + value.length === (quoted ? end - 1 : end)) {
    return { value, plain, verbatim: true, offset: (index) => from + index }
  }
  const offsets =
    node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
      ? blockOffsets(value, text, start, end)
      : flowOffsets(value, text, from, quoted ? end - 1 : end, node.type)
  return {
    value,
    plain,
    verbatim: false,
    offset: (index) => offsets?.[Math.min(index, value.length)] ?? (index < value.length ? start : end),
  }
}

/** A plain or quoted scalar: its escapes and folded line breaks are followed; undefined if the result is not `value`. */
function flowOffsets(
  value: string,
  text: string,
  start: number,
  end: number,
  style: Scalar['type'],
): readonly number[] | undefined {
  const offsets: number[] = []
  let made = ''
  const put = (what: string, at: number): void => {
    for (let i = 0; i < what.length; i++) offsets.push(at)
    made += what
  }
  let i = start
  while (i < end) {
    const c = text[i] as string
    if (c === ' ' || c === '\t' || c === '\n' || c === '\r') {
      const [next, breaks] = skipWhite(text, i, end)
      if (breaks === 0) for (; i < next; i++) put(text[i] as string, i)
      else put(breaks === 1 ? ' ' : '\n'.repeat(breaks - 1), i)
      i = next
    } else if (c === "'" && style === 'QUOTE_SINGLE') {
      put("'", i)
      i += 2
    } else if (c === '\\' && style === 'QUOTE_DOUBLE') {
      const escaped = text[i + 1] as string
      if (escaped === '\n' || escaped === '\r') {
        const [next, breaks] = skipWhite(text, i + 1, end)
        put('\n'.repeat(breaks - 1), i)
        i = next
        continue
      }
      const digits = { x: 2, u: 4, U: 8 }[escaped] ?? 0
      // Only the length matters, and only U can stand for two units; what they are is taken from the value.
      const code = Number.parseInt(text.slice(i + 2, i + 2 + digits), 16)
      put(value.slice(made.length, made.length + (code > 0xffff ? 2 : 1)), i)
      i += 2 + digits
    } else {
      put(c, i)
      i++
    }
  }
  offsets.push(end)
  return made === value ? offsets : undefined
}

/** The end of the white space at `i`, and how many line breaks are in it. */
function skipWhite(text: string, i: number, end: number): readonly [number, number] {
  let breaks = 0
  for (; i < end; i++) {
    const c = text[i]
    if (c === '\n' || (c === '\r' && text[i + 1] !== '\n')) breaks++
    else if (c !== ' ' && c !== '\t' && c !== '\r') break
  }
  return [i, breaks]
}

/** A block scalar: the lines of the file, without their indentation, are found again in the value one after the other. */
function blockOffsets(
  value: string,
  text: string,
  start: number,
  end: number,
): readonly number[] | undefined {
  const header = text.indexOf('\n', start)
  if (header < 0) return undefined
  const offsets: number[] = []
  const indent = blockIndent(value, text, header + 1, end)
  let lineStart = header + 1
  while (lineStart < end && offsets.length < value.length) {
    const newline = text.indexOf('\n', lineStart)
    let lineEnd = newline < 0 || newline > end ? end : newline
    const next = lineEnd + 1
    if (text[lineEnd - 1] === '\r') lineEnd--
    for (let i = Math.min(lineStart + indent, lineEnd); i < lineEnd; i++) {
      if (text[i] !== value[offsets.length]) return undefined
      offsets.push(i)
    }
    // A break is kept, became a space, or was folded away.
    const after = value[offsets.length]
    if (after === '\n' || after === ' ') offsets.push(lineEnd)
    lineStart = next
  }
  while (offsets.length <= value.length) offsets.push(end)
  return offsets
}

/** How far the content is indented: by what its first line with text has more than the value's. */
function blockIndent(value: string, text: string, from: number, end: number): number {
  const spaces = (s: string): number => /^(?: *\r?\n)*( *)/.exec(s)?.[1]?.length ?? 0
  return Math.max(0, spaces(text.slice(from, end)) - spaces(value))
}
