import { nearest } from '../../core/nearest.js'
import { type DataType, type Inputs, ServiceError } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { objectIn } from '../../http/reading.js'
import { textOf } from '../inputs.js'
import { unlessAbsent } from '../meaning.js'
import { loadSchemas } from '../schemas.js'
import { folded, type TinesApi } from './api.js'
import { credentialByName, outputsOf } from './credential-view.js'
import { type Listed, listAll } from './lists.js'
import { idIn, idOf, textIn } from './wire.js'

const schema = (name: string) => loadSchemas('tines').data.get(name) as Schema

/** A team, by name or number. */
export const teamData: DataType<TinesApi> = {
  schema: schema('tines_team'),
  async read(api, inputs) {
    const id = textOf(inputs.id)
    const name = textOf(inputs.name) ?? ''
    const doing = `looking for the team ${id ?? JSON.stringify(name)}`
    const { object, reading } =
      id === null ? await named(api, 'teams', name, withPersonal, doing) : await teamById(api, id, doing)
    return { id: idOf(object, reading), name: textIn(object.name) ?? name, slug: textIn(object.slug) }
  },
}

/** The service leaves personal teams out of its list otherwise. */
const withPersonal = { include_personal_teams: 'true' }

async function teamById(api: TinesApi, id: string, doing: string): Promise<Listed> {
  const answer = await unlessAbsent(api.send({ method: 'GET', path: ['teams', id], doing, accept: [200] }))
  if (answer !== undefined) return { object: objectIn(answer.body, answer.reading), reading: answer.reading }
  throw new ServiceError(doing, {
    words: 'there is no such team, or this key does not see it',
    help: 'Look its name up instead, with name.',
  })
}

/** A folder of a team. */
export const folderData: DataType<TinesApi> = {
  schema: schema('tines_folder'),
  async read(api, inputs) {
    const name = textOf(inputs.name) ?? ''
    const teamId = textOf(inputs.team_id) ?? ''
    const type = textOf(inputs.content_type) ?? 'CREDENTIAL'
    const doing = `looking for the ${type} folder ${JSON.stringify(name)} of team ${teamId}`
    const query = { team_id: teamId, content_type: type }
    const { object, reading } = await named(api, 'folders', name, query, doing)
    return {
      team_id: teamId,
      name: textIn(object.name) ?? name,
      content_type: type,
      id: idOf(object, reading),
      parent_folder_id: idIn(object.parent_folder_id),
    }
  },
}

/** A credential that others look after. */
export const credentialData: DataType<TinesApi> = {
  schema: schema('tines_credential'),
  async read(api, inputs) {
    const name = textOf(inputs.name) ?? ''
    const teamId = textOf(inputs.team_id) ?? ''
    const found = await credentialByName(api, teamId, name)
    if (found === undefined)
      throw new ServiceError(`looking for the credential ${JSON.stringify(name)} of team ${teamId}`, {
        words: 'there is no credential of this name in the team, or this key does not see it',
        help: 'Check the spelling and the team. A resource "tines_credential" would create it.',
      })
    const outputs = outputsOf(found)
    const shown = [...schema('tines_credential').attributes.keys()]
    return Object.fromEntries(shown.map((attribute) => [attribute, outputs[attribute] ?? null])) as Inputs
  },
}

/** The one object of a list that has a name. A service that does not mind the query gives those of other teams, too. */
async function named(
  api: TinesApi,
  path: 'teams' | 'folders',
  name: string,
  query: Readonly<Record<string, string>>,
  doing: string,
): Promise<Listed> {
  const found: Listed[] = []
  const others = new Set<string>()
  for await (const listed of listAll(api, path, query)) {
    const { object } = listed
    const fits = Object.entries(query).every(([key, value]) => String(object[key] ?? value) === value)
    const itsName = textIn(object.name)
    if (!fits || itsName === null) continue
    if (folded(itsName) === folded(name)) found.push(listed)
    else others.add(itsName)
  }
  const [first, ...more] = found
  if (first === undefined)
    throw new ServiceError(doing, {
      words: 'there is none of this name, or this key does not see it',
      help: `${inPlaceOf(name, [...others])} Upper and lower case make no difference.`,
    })
  if (more.length === 0) return first
  throw new ServiceError(doing, {
    words: `${found.length} have this name: ${found.map(({ object, reading }) => idOf(object, reading)).join(', ')}`,
    help: 'Rename all but one of them in Tines, or use the number of the one that is meant.',
  })
}

/** No error lists more names than this. */
const mostNames = 5

function inPlaceOf(name: string, others: readonly string[]): string {
  const meant = nearest(name, others)
  if (meant !== undefined) return `Did you mean ${JSON.stringify(meant)}?`
  if (others.length === 0) return 'It sees none at all: check what it may do.'
  const shown = others.slice(0, mostNames).map((other) => JSON.stringify(other))
  const more = others.length > mostNames ? ` and ${others.length - mostNames} more` : ''
  return `There are ${shown.join(', ')}${more}.`
}
