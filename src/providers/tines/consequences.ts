import type { Consequence, Inputs, Outputs } from '../../core/resource.js'
import type { Row } from '../../core/state.js'
import { textOf, textsOf } from '../inputs.js'
import { references } from './credential-view.js'

/** What a change of a credential means for those who use it. What waits for apply is null in `after`, and nothing is said of it. */
export function consequences(change: {
  readonly before?: Outputs
  readonly after?: Inputs
  readonly replaces?: 'old-first' | 'new-first'
  readonly prior?: Row
}): readonly Consequence[] {
  const { before, after, replaces, prior } = change
  if (before === undefined) return []
  if (after === undefined) return usedBy(before, 'it goes')
  if (replaces !== undefined) {
    const gap = replaces === 'old-first' ? 'it is replaced: until that is done they fail' : 'it is replaced'
    return [...usedBy(before, gap), ...newExternalId(before)]
  }
  return [
    ...renamed(before, after),
    ...anotherRole(after, prior),
    ...shared(before, after),
    ...switchedExternalId(before, after),
  ]
}

function usedBy(before: Outputs, what: string): readonly Consequence[] {
  const used = usersOf(before)
  if (used === undefined) return []
  return [
    { kind: 'loses-access', text: `${used} ${verb(used)} it as CREDENTIAL.${slugOf(before)}; ${what}.` },
  ]
}

/** `Story 3 and actions 5, 6`; undefined: nothing, or the service does not say. */
function usersOf(before: Outputs): string | undefined {
  const found = references(before)
  if (found === undefined) return undefined
  const parts = [
    counted('story', 'stories', found.stories),
    counted('action', 'actions', found.actions),
  ].filter((part) => part !== undefined)
  if (parts.length === 0) return undefined
  const text = parts.join(' and ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function counted(one: string, many: string, ids: readonly string[]): string | undefined {
  if (ids.length === 0) return undefined
  const shown = ids.slice(0, 10).join(', ')
  const more = ids.length > 10 ? ` and ${ids.length - 10} more` : ''
  return `${ids.length === 1 ? one : many} ${shown}${more}`
}

function verb(users: string): string {
  return /^(?:Story|Action) \d+$/.test(users) ? 'uses' : 'use'
}

function newExternalId(before: Outputs): readonly Consequence[] {
  if (before.mode !== 'AWS' || before.use_static_external_id === true) return []
  return [
    {
      kind: 'note',
      text: `The new credential gets another aws_assumed_role_external_id: the trust policy of its role must follow, from ${textOf(before.aws_assumed_role_external_id)}.`,
    },
  ]
}

/** Another role may allow anything, so it counts as wider. Which one it was only the record says. */
function anotherRole(after: Inputs, prior: Row | undefined): readonly Consequence[] {
  const role = textOf(after.aws_assumed_role_arn)
  const former = prior?.inputs.aws_assumed_role_arn ?? null
  if (role === null || typeof former !== 'string' || role === former) return []
  return [{ kind: 'widens-access', text: `AWS is reached as ${role}, instead of ${former}.` }]
}

function switchedExternalId(before: Outputs, after: Inputs): readonly Consequence[] {
  if (before.mode !== 'AWS' || after.use_static_external_id === before.use_static_external_id) return []
  return [
    {
      kind: 'note',
      text: `Its aws_assumed_role_external_id changes, from ${textOf(before.aws_assumed_role_external_id)}: the trust policy of its role must follow.`,
    },
  ]
}

function renamed(before: Outputs, after: Inputs): readonly Consequence[] {
  const name = textOf(after.name)
  if (name === null || name === before.name) return []
  const users = usersOf(before)
  const gone = `CREDENTIAL.${slugOf(before)} is no more`
  const text =
    users !== undefined
      ? `${users} must be changed: ${gone}.`
      : references(before) === undefined
        ? `Stories that refer to it must be changed: ${gone}.`
        : `${gone}, but nothing refers to it yet.`
  return [{ kind: users === undefined ? 'note' : 'loses-access', text: `Its slug follows the name. ${text}` }]
}

/** How far it reaches: 0 the team, 1 some teams, 2 all. */
function reachOf(access: string | null): number {
  return access === 'GLOBAL' ? 2 : access === 'SPECIFIC_TEAMS' ? 1 : 0
}

function shared(before: Outputs, after: Inputs): readonly Consequence[] {
  const found: Consequence[] = []
  const access = textOf(after.read_access)
  if (access !== null && reachOf(access) === 2 && before.read_access !== access)
    found.push({ kind: 'widens-access', text: 'Every team can use it.' })
  if (access !== null && reachOf(access) < reachOf(textOf(before.read_access)))
    found.push({
      kind: 'loses-access',
      text:
        access === 'TEAM'
          ? 'Other teams can use it no more.'
          : 'Teams that are not named can use it no more.',
    })
  const had = new Set(textsOf(before.shared_team_slugs))
  const has = new Set(textsOf(after.shared_team_slugs))
  const more = [...has].filter((slug) => !had.has(slug))
  const less = [...had].filter((slug) => !has.has(slug))
  if (access === 'SPECIFIC_TEAMS' && before.read_access !== 'GLOBAL' && more.length > 0)
    found.push({ kind: 'widens-access', text: `${more.join(', ')} can use it.` })
  if (access === 'SPECIFIC_TEAMS' && before.read_access === access && less.length > 0)
    found.push({ kind: 'loses-access', text: `${less.join(', ')} can use it no more.` })
  const hosts = textsOf(after.allowed_hosts)
  const before_hosts = textsOf(before.allowed_hosts)
  const gained = hosts.filter((host) => !before_hosts.includes(host))
  if (before_hosts.length > 0 && hosts.length === 0 && after.allowed_hosts !== undefined)
    found.push({ kind: 'widens-access', text: 'It can be sent to any host.' })
  else if (before_hosts.length > 0 && gained.length > 0)
    found.push({ kind: 'widens-access', text: `It can be sent to ${gained.join(', ')} too.` })
  return found
}

function slugOf(before: Outputs): string {
  return textOf(before.slug) ?? '?'
}
