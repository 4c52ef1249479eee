import { type DataType, type Plain, ServiceError } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { compareCodePoints } from '../../core/type.js'
import { flagOf, textOf } from '../inputs.js'
import { loadSchemas } from '../schemas.js'
import type { TrifactaApi } from './api.js'
import { normalEmail } from './find-person.js'
import { people } from './lists.js'
import type { WirePerson } from './wire.js'

/** All accounts, or those that match. */
export const peopleData: DataType<TrifactaApi> = {
  schema: loadSchemas('trifacta').data.get('trifacta_people') as Schema,

  async read(api, inputs) {
    const pattern = textOf(inputs.email_pattern)
    const disabled = flagOf(inputs.disabled)
    const matches = pattern === null ? () => true : matcher(pattern)
    const all = await people(api)
    if (disabled !== null && all.some((person) => person.isDisabled === undefined))
      throw new ServiceError('listing people', {
        words: 'the service does not show which accounts are disabled',
        help: 'Use the token of an administrator, or leave out "disabled".',
      })
    const found = all
      .filter((person) => matches(normalEmail(person.email)))
      .filter((person) => disabled === null || person.isDisabled === disabled)
      .sort(
        (a, b) =>
          compareCodePoints(normalEmail(a.email), normalEmail(b.email)) || Number(a.id) - Number(b.id),
      )
    return { email_pattern: pattern, disabled, people: found.map(entryOf) }
  },
}

function entryOf(person: WirePerson): ReadonlyMap<string, Plain> {
  return new Map<string, Plain>([
    ['id', person.id],
    ['email', normalEmail(person.email)],
    ['name', person.name],
    ['is_admin', person.isAdmin ?? null],
    ['is_disabled', person.isDisabled ?? null],
    ['state', person.state],
  ])
}

/** Matches whole texts: `*` is any text, `?` one character, everything else itself; case makes no difference. */
export function matcher(pattern: string): (text: string) => boolean {
  const wanted = [...pattern.toLowerCase()]
  return (text) => {
    const characters = [...text.toLowerCase()]
    // Remembers the last star, to let it take one character more: no regular expression, so no pattern is slow.
    let p = 0
    let star = -1
    let resume = 0
    for (let i = 0; i < characters.length; ) {
      if (wanted[p] === '*') {
        star = p++
        resume = i
      } else if (wanted[p] === '?' || wanted[p] === characters[i]) {
        p++
        i++
      } else if (star >= 0) {
        p = star + 1
        i = ++resume
      } else return false
    }
    while (wanted[p] === '*') p++
    return p === wanted.length
  }
}
