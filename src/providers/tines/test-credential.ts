import {
  type Inputs,
  type Outputs,
  type Plain,
  type ResourceType,
  ServiceError,
} from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import type { Body } from '../../http/client.js'
import { textOf } from '../inputs.js'
import { unlessAbsent } from '../meaning.js'
import { loadSchemas } from '../schemas.js'
import type { TinesApi } from './api.js'
import { idNumber } from './credential-members.js'
import { credentialById } from './credential-view.js'
import { credentials } from './lists.js'
import { clearedSince, modeMembers } from './modes.js'
import { credentialIn, type WireCredential, type WireTwin } from './wire.js'

/** The test twin of a credential. It has no number of its own: everything about it is said to the live one. */
export const testCredential: ResourceType<TinesApi> = {
  schema: loadSchemas('tines').resources.get('tines_test_credential') as Schema,

  async *list(api) {
    for (const live of await credentials(api)) {
      const twin = twinOf(live)
      if (twin !== undefined) yield outputsOf(live, twin)
    }
  },

  async read(api, id) {
    const live = await liveWithTwin(api, id)
    const twin = live === undefined ? undefined : twinOf(live)
    return live === undefined || twin === undefined ? undefined : outputsOf(live, twin)
  },

  consequences({ before, after, withParent }) {
    if (before === undefined || after !== undefined || withParent === true) return []
    const text = `The test credential stays at the service with what it holds, barred from use: there is no call that deletes it.${forgottenTtl(before.mode)}`
    return [{ kind: 'note', text }]
  },

  find: (api, inputs) => testCredential.read(api, textOf(inputs.live_credential_id) ?? ''),

  async create(api, inputs) {
    const id = textOf(inputs.live_credential_id) ?? ''
    const doing = `creating the test credential of credential ${id}`
    const live = await liveWithTwin(api, id)
    if (live === undefined)
      throw new ServiceError(doing, {
        words: `there is no credential ${id}`,
        help: 'It may have been deleted meanwhile: plan again.',
      })
    requireMode(inputs, live, doing)
    // One that was destroyed is still there, and barred from use.
    if (live.test !== null && live.test !== undefined)
      return put(api, inputs, modeMembers(api, inputs), doing)
    const body = {
      name: live.name,
      mode: live.mode,
      team_id: idNumber(live.teamId),
      live_credential_id: idNumber(id),
      ...modeMembers(api, inputs),
    }
    const path = ['user_credentials']
    await api.send({ method: 'POST', path, body, doing, accept: [200, 201] })
    const made = await liveWithTwin(api, id)
    const twin = made === undefined ? undefined : twinOf(made)
    if (made !== undefined && twin !== undefined) return outputsOf(made, twin)
    return put(api, inputs, modeMembers(api, inputs), doing)
  },

  async update(api, inputs, current, prior, applied = new Set()) {
    const members = modeMembers(api, inputs, clearedSince(inputs, prior, applied), applied)
    if (Object.keys(members).length === 0) return current
    return put(api, inputs, members, `updating the test credential of credential ${current.id}`)
  },

  async delete(api, _, current) {
    const path = ['user_credentials', current.id]
    const doing = `disabling the test credential of credential ${current.id}`
    const mode = textOf(current.mode)
    const body = { mode, test_credential_enabled: false }
    await unlessAbsent(api.send({ method: 'PUT', path, body, doing, accept: [200, 201] }))
    return {
      left: `The test credential of credential ${current.id} had to stay at the service, barred from use, with what it holds: there is no call that deletes it. It goes with the live one.${forgottenTtl(mode)}`,
    }
  },
}

/** Any request about a credential of these modes that does not name this option empties it. */
function forgottenTtl(mode: Plain | undefined): string {
  const forgets = mode === 'HTTP_REQUEST_AGENT' || mode === 'MULTI_REQUEST'
  return forgets ? ' That takes away the http_request_ttl of the live one: apply it again.' : ''
}

async function put(
  api: TinesApi,
  inputs: Inputs,
  members: Readonly<Record<string, Body>>,
  doing: string,
): Promise<Outputs> {
  const id = textOf(inputs.live_credential_id) ?? ''
  const body = { mode: textOf(inputs.mode), is_test: true, test_credential_enabled: true, ...members }
  const path = ['user_credentials', id]
  const answer = await api.send({ method: 'PUT', path, body, doing, accept: [200, 201] })
  const after = credentialIn(answer.body, answer.reading)
  const known = after.test === undefined ? await liveWithTwin(api, id) : after
  const twin = known === undefined ? undefined : twinOf(known)
  if (known !== undefined && twin !== undefined) return outputsOf(known, twin)
  throw new ServiceError(doing, {
    words: 'the service took the request, but there is no test credential in use afterwards',
    help: 'Plan again; if this stays, make it in Tines.',
  })
}

/** The twin, if there is one and it is in use. */
function twinOf(live: WireCredential): WireTwin | undefined {
  return live.testEnabled === false ? undefined : (live.test ?? undefined)
}

/** The live credential. Reads of one do not always say whether it has a twin: lists do. */
async function liveWithTwin(api: TinesApi, id: string): Promise<WireCredential | undefined> {
  const live = await credentialById(api, id)
  if (live === undefined || live.test !== undefined) return live
  return (await credentials(api, live.teamId)).find((one) => one.id === id) ?? live
}

function requireMode(inputs: Inputs, live: WireCredential, doing: string): void {
  if (inputs.mode === live.mode) return
  throw new ServiceError(doing, {
    words: `credential ${live.id} has the mode ${live.mode}, and its test credential must have the same`,
    help: `Declare mode = ${JSON.stringify(live.mode)} here, or refer to another credential.`,
  })
}

function outputsOf(live: WireCredential, twin: WireTwin): Outputs {
  return {
    id: live.id,
    live_credential_id: live.id,
    mode: live.mode,
    created_at: twin.createdAt,
    updated_at: twin.updatedAt,
  }
}
