/**
 * The types of the language: HCL's, as Terraform's users know them. `dynamic` is "any type", the type of a null literal
 * and of an unknown of which nothing is known. Attributes of an object type are kept in code-point order.
 */
export type Type =
  | { readonly kind: 'string' }
  | { readonly kind: 'number' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'dynamic' }
  | { readonly kind: 'list'; readonly element: Type }
  | { readonly kind: 'set'; readonly element: Type }
  | { readonly kind: 'map'; readonly element: Type }
  | { readonly kind: 'tuple'; readonly elements: readonly Type[] }
  | {
      readonly kind: 'object'
      readonly attributes: ReadonlyMap<string, Type>
      readonly optional: ReadonlySet<string>
    }

export const string: Type = { kind: 'string' }
export const number: Type = { kind: 'number' }
export const bool: Type = { kind: 'bool' }
export const dynamic: Type = { kind: 'dynamic' }
export const list = (element: Type): Type => ({ kind: 'list', element })
export const set = (element: Type): Type => ({ kind: 'set', element })
export const map = (element: Type): Type => ({ kind: 'map', element })
export const tuple = (elements: readonly Type[]): Type => ({ kind: 'tuple', elements })

const nothing: ReadonlySet<string> = new Set()

/** An object type. The attributes may come in any order. */
export function object(
  attributes: Iterable<readonly [string, Type]>,
  optional: ReadonlySet<string> = nothing,
): Type {
  return { kind: 'object', attributes: new Map([...attributes].sort(byCodePoint)), optional }
}

/** The order of strings in this language: by Unicode code point (JavaScript's own order is by UTF-16 unit). */
export function compareCodePoints(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    // A surrogate stands for a code point above every other unit.
    const xs = x >= 0xd800 && x <= 0xdfff
    const ys = y >= 0xd800 && y <= 0xdfff
    if (xs !== ys) return xs ? 1 : -1
    return x - y
  }
  return a.length - b.length
}

function byCodePoint(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return compareCodePoints(a[0], b[0])
}

export function typeEquals(a: Type, b: Type): boolean {
  if (a === b) return true
  switch (a.kind) {
    case 'string':
    case 'number':
    case 'bool':
    case 'dynamic':
      return a.kind === b.kind
    case 'list':
    case 'set':
    case 'map':
      return a.kind === b.kind && typeEquals(a.element, (b as { element: Type }).element)
    case 'tuple':
      return (
        b.kind === 'tuple' &&
        a.elements.length === b.elements.length &&
        a.elements.every((e, i) => typeEquals(e, b.elements[i] as Type))
      )
    case 'object': {
      if (b.kind !== 'object' || a.attributes.size !== b.attributes.size) return false
      for (const [name, type] of a.attributes) {
        const other = b.attributes.get(name)
        if (other === undefined || !typeEquals(type, other)) return false
        if (a.optional.has(name) !== b.optional.has(name)) return false
      }
      return true
    }
  }
}

/** Does the type leave anything open? */
export function hasDynamic(type: Type): boolean {
  switch (type.kind) {
    case 'dynamic':
      return true
    case 'list':
    case 'set':
    case 'map':
      return hasDynamic(type.element)
    case 'tuple':
      return type.elements.some(hasDynamic)
    case 'object':
      for (const attribute of type.attributes.values()) if (hasDynamic(attribute)) return true
      return false
    default:
      return false
  }
}

/** The type as a configuration writes it: `list(string)`, `object({ a = number, b = optional(bool) })`; `dynamic` is `any`. */
export function formatType(type: Type): string {
  switch (type.kind) {
    case 'dynamic':
      return 'any'
    case 'list':
    case 'set':
    case 'map':
      return `${type.kind}(${formatType(type.element)})`
    case 'tuple':
      return `tuple([${type.elements.map(formatType).join(', ')}])`
    case 'object': {
      if (type.attributes.size === 0) return 'object({})'
      const attributes = [...type.attributes].map(([name, attribute]) => {
        const text = formatType(attribute)
        return `${name} = ${type.optional.has(name) ? `optional(${text})` : text}`
      })
      return `object({ ${attributes.join(', ')} })`
    }
    default:
      return type.kind
  }
}

/** The type in a few words, for messages: structures are not spelled out. */
export function describeType(type: Type): string {
  switch (type.kind) {
    case 'dynamic':
      return 'a value of any type'
    case 'list':
    case 'set':
    case 'map':
      return `a ${type.kind} of ${manyOf(type.element)}`
    case 'object':
      return 'an object'
    default:
      return `a ${type.kind}`
  }
}

function manyOf(type: Type): string {
  switch (type.kind) {
    case 'dynamic':
      return 'anything'
    case 'list':
    case 'set':
    case 'map':
      return `${type.kind}s of ${manyOf(type.element)}`
    default:
      return `${type.kind}s`
  }
}
