import { invalid } from './api-error.js'

/** What `embed=awsConfig(fields=id;role)` asks for: each association, and the fields of it (null: all). */
export type Embeds = ReadonlyMap<string, { readonly fields: string | null }>

/**
 * Parses the `embed` parameter: `a,b(limit=1,fields=id)`. An association that the kind of object does not have is refused
 * with the list of those it has.
 */
export function parseEmbed(text: string | null, kind: string, associations: readonly string[]): Embeds {
  const embeds = new Map<string, { fields: string | null }>()
  for (const part of splitOutsideParentheses(text ?? '')) {
    const match = /^([A-Za-z_]+)(?:\((.*)\))?$/.exec(part)
    if (match === null) throw invalid('the query parameter embed must look like name or name(fields=id;role)')
    const [, name = '', argumentText = ''] = match
    if (!associations.includes(name)) {
      const legal = associations.length === 0 ? 'none' : associations.join(', ')
      throw invalid(`${name} is not an association of ${kind}. Associations: ${legal}`)
    }
    embeds.set(name, { fields: fieldsArgument(argumentText) })
  }
  return embeds
}

function fieldsArgument(text: string): string | null {
  for (const argument of text.split(',')) {
    const [name, value] = argument.split('=')
    if (name?.trim() === 'fields' && value !== undefined) return value
  }
  return null
}

function splitOutsideParentheses(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const character of text) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character === ',' && depth === 0) {
      parts.push(part.trim())
      part = ''
    } else part += character
  }
  if (text.trim() !== '') parts.push(part.trim())
  return parts
}
