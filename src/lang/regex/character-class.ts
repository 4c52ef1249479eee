import { PatternError } from './pattern.js'

/** Part of a class: the inside of brackets as JavaScript writes it with the `u` flag, possibly the opposite of it. */
export interface ClassItem {
  readonly inside: string
  readonly negated: boolean
}

const perl: Readonly<Record<string, string>> = { d: '0-9', w: '0-9A-Za-z_', s: '\\t\\n\\f\\r ' }

const posix: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}

/** `\d`, `\W`, …: undefined for other letters. */
export function perlClass(letter: string): ClassItem | undefined {
  const inside = perl[letter.toLowerCase()]
  return inside === undefined ? undefined : { inside, negated: letter !== letter.toLowerCase() }
}

/** The name inside `[:…:]`. */
export function posixClass(name: string): ClassItem {
  const negated = name.startsWith('^')
  const bare = negated ? name.slice(1) : name
  const inside = Object.hasOwn(posix, bare) ? posix[bare] : undefined
  if (inside === undefined) throw new PatternError(`there is no class [:${name}:]`)
  return { inside, negated }
}

/** `\pL`, `\p{Greek}`, `\P{…}`, `\p{^…}`. */
export function unicodeClass(name: string, negated: boolean): ClassItem {
  const opposite = name.startsWith('^')
  const bare = opposite ? name.slice(1) : name
  const inside = bare === 'Any' ? '\\p{Any}' : bare.length <= 2 ? `\\p{${bare}}` : `\\p{Script=${bare}}`
  try {
    if (!/^[A-Za-z_]+$/.test(bare)) throw new SyntaxError('no name')
    new RegExp(inside, 'u')
  } catch (cause) {
    throw new PatternError(`there is no class of characters named ${JSON.stringify(name)}`, { cause })
  }
  return { inside, negated: negated !== opposite }
}

export function literalItem(from: number, to = from): ClassItem {
  const escaped = (codePoint: number) => `\\u{${codePoint.toString(16)}}`
  return { inside: from === to ? escaped(from) : `${escaped(from)}-${escaped(to)}`, negated: false }
}

/** Is the code point in one of the items (or, negated, in none)? */
export function classTest(
  items: readonly ClassItem[],
  negated: boolean,
  foldCase: boolean,
): (codePoint: number) => boolean {
  const flags = foldCase ? 'iu' : 'u'
  const plain = items.filter((item) => !item.negated).map((item) => item.inside)
  const opposites = items
    .filter((item) => item.negated)
    .map((item) => new RegExp(`^[${item.inside}]$`, flags))
  const inside = plain.length === 0 ? undefined : new RegExp(`^[${plain.join('')}]$`, flags)
  const test = (codePoint: number): boolean => {
    const character = String.fromCodePoint(codePoint)
    const found = inside?.test(character) === true || opposites.some((each) => !each.test(character))
    return found !== negated
  }
  // Most text is ASCII: each of its characters is looked up once.
  const known: (boolean | undefined)[] = []
  return (codePoint) => {
    if (codePoint > 127) return test(codePoint)
    known[codePoint] ??= test(codePoint)
    return known[codePoint] === true
  }
}
