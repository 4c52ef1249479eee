/**
 * The name of one thing in a configuration: `trifacta_person.jane`, `trifacta_aws_config.team["eu"]`,
 * `data.trifacta_people.all`, `trifacta_person.p[0]`. Always in this canonical form, so that equal addresses are equal strings.
 */
export type Address = string

/** The key of one instance of a block: a string from `for_each`, a number from `count`, undefined without either. */
export type InstanceKey = string | number | undefined

export interface AddressParts {
  readonly mode: 'managed' | 'data'
  readonly type: string
  readonly name: string
  readonly key: InstanceKey
}

/** The address of a block: all its instances share it. */
export function blockAddress(mode: 'managed' | 'data', type: string, name: string): Address {
  return mode === 'data' ? `data.${type}.${name}` : `${type}.${name}`
}

/** The address of one instance of a block. */
export function instanceAddress(block: Address, key: InstanceKey): Address {
  if (key === undefined) return block
  return typeof key === 'number' ? `${block}[${key}]` : `${block}[${quoteKey(key)}]`
}

/** A key as it stands in an address: quoted, with control characters, quotes, backslashes and template openings escaped. */
export function quoteKey(key: string): string {
  // `$&` and not a literal: in a replacement text, two dollar signs mean one.
  return JSON.stringify(key).replace(/[$%](?=\{)/g, '$&$&')
}

const identifier = /^[\p{ID_Start}_][\p{ID_Continue}-]*/u

/**
 * Reads an address as a user types it. Besides the canonical form it takes an unquoted key (`type.name[eu]`), because
 * shells eat quotes. Returns undefined for anything else. A number in brackets is a `count` key.
 */
export function parseAddress(text: string): AddressParts | undefined {
  let rest = text.trim()
  let mode: 'managed' | 'data' = 'managed'
  if (rest.startsWith('data.')) {
    mode = 'data'
    rest = rest.slice('data.'.length)
  }
  const type = identifier.exec(rest)?.[0]
  if (type === undefined || rest[type.length] !== '.') return undefined
  rest = rest.slice(type.length + 1)
  const name = identifier.exec(rest)?.[0]
  if (name === undefined) return undefined
  rest = rest.slice(name.length)
  if (rest === '') return { mode, type, name, key: undefined }
  if (!rest.startsWith('[') || !rest.endsWith(']')) return undefined
  const key = parseKey(rest.slice(1, -1))
  return key === undefined ? undefined : { mode, type, name, key }
}

function parseKey(text: string): string | number | undefined {
  if (/^(0|[1-9][0-9]*)$/.test(text)) return Number(text)
  if (!text.startsWith('"')) return text === '' || /["\]]/.test(text) ? undefined : text
  try {
    const key: unknown = JSON.parse(text)
    return typeof key === 'string' ? key.replaceAll('$${', '${').replaceAll('%%{', '%{') : undefined
  } catch {
    return undefined
  }
}

export function formatAddress(parts: AddressParts): Address {
  return instanceAddress(blockAddress(parts.mode, parts.type, parts.name), parts.key)
}

/** The block that an instance belongs to: the address without its key. */
export function blockOf(address: Address): Address {
  const bracket = address.indexOf('[')
  return bracket < 0 ? address : address.slice(0, bracket)
}
