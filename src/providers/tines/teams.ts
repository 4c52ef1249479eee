import { ServiceError } from '../../core/resource.js'
import type { TinesApi } from './api.js'
import { listAll } from './lists.js'
import { unlessAbsent } from './refusal.js'
import { idOf } from './wire.js'

/**
 * Throws if there is no such team. Asked before anything is made for it, because the service would make it elsewhere without a word.
 * A key that may not read teams cannot know: then what was made is looked at afterwards.
 */
export async function requireTeam(api: TinesApi, id: string, doing: string): Promise<void> {
  if (api.shared.teams.has(id)) return
  const request = { method: 'GET' as const, path: ['teams', id], doing: `reading team ${id}`, accept: [200] }
  const answer = await unlessAbsent(api.send(request)).catch((cause: unknown) => {
    if (cause instanceof ServiceError && cause.facts.status === 403) return 'hidden' as const
    throw cause
  })
  if (answer === 'hidden') return
  if (answer === undefined && !(await isListed(api, id)))
    throw new ServiceError(doing, {
      words: `there is no team ${id}, or this key does not see it`,
      help: 'Check team_id: Tines would put the credential in your personal team without a word. A data source "tines_team" finds a team by its name.',
    })
  api.shared.teams.add(id)
}

/** A personal team may be in the list alone. */
async function isListed(api: TinesApi, id: string): Promise<boolean> {
  for await (const { object, reading } of listAll(api, 'teams', { include_personal_teams: true }))
    if (idOf(object, reading) === id) return true
  return false
}
