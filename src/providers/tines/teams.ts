import { type Inputs, type Objection, ServiceError } from '../../core/resource.js'
import type { Answer } from '../../http/client.js'
import { objectIn } from '../../http/reading.js'
import { textOf } from '../inputs.js'
import { unlessAbsent } from '../meaning.js'
import type { TinesApi } from './api.js'
import { listAll } from './lists.js'
import { idIn, idOf, textIn } from './wire.js'

const checkTeam =
  'Tines would put the credential in your personal team without a word. A data source "tines_team" finds a team by its name.'

/**
 * Throws if there is no such team. Asked before anything is made for it, because the service would make it elsewhere without a word.
 * A key that may not read teams cannot know: then what was made is looked at afterwards.
 */
export async function requireTeam(api: TinesApi, id: string, doing: string): Promise<void> {
  if (await hasTeam(api, id)) return
  throw new ServiceError(doing, {
    words: `there is no team ${id}, or this key does not see it`,
    help: `Check team_id: ${checkTeam}`,
  })
}

/** What a new credential needs and is not there: its team, and the folder in it. */
export async function lacks(api: TinesApi, inputs: Inputs): Promise<readonly Objection[]> {
  const team = textOf(inputs.team_id)
  if (team === null) return []
  if (!(await hasTeam(api, team)))
    return [
      {
        text: `There is no team ${team}, or this key does not see it.`,
        help: checkTeam,
        attribute: 'team_id',
      },
    ]
  const folder = textOf(inputs.folder_id)
  if (folder === null || (await hasFolder(api, folder, team))) return []
  return [
    {
      text: `There is no folder ${folder} for credentials in team ${team}, or this key does not see it.`,
      help: 'A credential can only be in a folder of its own team. A data source "tines_folder" finds one by its name.',
      attribute: 'folder_id',
    },
  ]
}

/** Whether there is such a team; also yes to a key that may not read teams. */
function hasTeam(api: TinesApi, id: string): Promise<boolean> {
  return askedOnce(api.shared.teams, id, () => askForTeam(api, id))
}

function hasFolder(api: TinesApi, id: string, team: string): Promise<boolean> {
  return askedOnce(api.shared.folders, `${team}/${id}`, () => askForFolder(api, id, team))
}

/** Many credentials share what they need. What is not there may be made in the meantime, and is asked for again. */
function askedOnce(
  answers: Map<string, Promise<boolean>>,
  key: string,
  ask: () => Promise<boolean>,
): Promise<boolean> {
  const known = answers.get(key)
  if (known !== undefined) return known
  const asked = ask()
  answers.set(key, asked)
  const forget = () => answers.delete(key)
  asked.then((is) => is || forget(), forget)
  return asked
}

async function askForTeam(api: TinesApi, id: string): Promise<boolean> {
  const answer = await seen(api, ['teams', id], `reading team ${id}`)
  return answer !== undefined || (await isListed(api, id))
}

async function askForFolder(api: TinesApi, id: string, team: string): Promise<boolean> {
  const answer = await seen(api, ['folders', id], `reading folder ${id}`)
  if (answer === 'hidden') return true
  if (answer === undefined) return false
  const { team_id: of, content_type: type } = objectIn(answer.body, answer.reading)
  return (idIn(of) ?? team) === team && (textIn(type) ?? 'CREDENTIAL') === 'CREDENTIAL'
}

async function seen(
  api: TinesApi,
  path: readonly string[],
  doing: string,
): Promise<Answer | 'hidden' | undefined> {
  const request = { method: 'GET' as const, path, doing, accept: [200] }
  return unlessAbsent(api.send(request)).catch((cause: unknown) => {
    if (isForbidden(cause)) return 'hidden' as const
    throw cause
  })
}

/** A personal team may be in the list alone, which a key of one team may not read. */
async function isListed(api: TinesApi, id: string): Promise<boolean> {
  try {
    for await (const { object, reading } of listAll(api, 'teams', { include_personal_teams: true }))
      if (idOf(object, reading) === id) return true
    return false
  } catch (cause) {
    if (isForbidden(cause)) return true
    throw cause
  }
}

function isForbidden(cause: unknown): boolean {
  return cause instanceof ServiceError && cause.facts.status === 403
}
