import {
  type Consequence,
  type Gone,
  type Inputs,
  type Outputs,
  type ResourceType,
  ServiceError,
} from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { Secret } from '../../core/secret.js'
import type { Row } from '../../core/state.js'
import type { Body } from '../../http/client.js'
import { objectIn } from '../../http/reading.js'
import { flagOf, textOf } from '../inputs.js'
import { meaningOf, unlessAbsent } from '../meaning.js'
import { loadSchemas } from '../schemas.js'
import { randomPassword, type TrifactaApi } from './api.js'
import { normalEmail, personAsked, personByEmail, personById, refuseForCaller } from './find-person.js'
import { people } from './lists.js'
import { unlessNoRoute } from './refusal.js'
import { idOf, type WirePerson } from './wire.js'

/** Attributes by their names at the service, all of which may be changed. */
const changeable = {
  name: 'name',
  is_admin: 'isAdmin',
  is_disabled: 'isDisabled',
  force_password_change: 'forcePasswordChange',
  sso_principal: 'ssoPrincipal',
  hadoop_principal: 'hadoopPrincipal',
  output_home_dir: 'outputHomeDir',
  file_upload_path: 'fileUploadPath',
} as const

/** Those that creating takes; the others are changed afterwards. */
const atCreation: readonly string[] = ['is_admin', 'sso_principal', 'hadoop_principal']

type Changes = Readonly<Record<string, Body>>

export const person: ResourceType<TrifactaApi> = {
  schema: loadSchemas('trifacta').resources.get('trifacta_person') as Schema,

  async *list(api) {
    for (const found of await people(api)) yield outputsOf(found)
  },

  async read(api, id) {
    const found = await personById(api, id)
    return found === undefined ? undefined : outputsOf(found)
  },

  async find(api, inputs) {
    const email = textOf(inputs.email)
    const found = email === null ? undefined : await personByEmail(api, email)
    return found === undefined ? undefined : outputsOf(found)
  },

  async create(api, inputs) {
    const email = requireEmail(inputs)
    const there = await personAsked(api, email)
    if (there !== undefined) throw exists(email, there.id)
    const id = await post(api, inputs, email)
    const current = await personById(api, id)
    if (current === undefined) throw vanished(`creating the person ${email}`, id)
    const rest = changesOf(inputs, outputsOf(current))
    await patch(api, id, email, rest)
    return Object.keys(rest).length === 0
      ? outputsOf(current)
      : readAgain(api, id, `creating the person ${email}`)
  },

  async update(api, inputs, current, prior) {
    const email = requireEmail(inputs)
    if (flagOf(inputs.is_disabled) === true && current.is_disabled !== true)
      await refuseForCaller(api, { id: current.id, email }, `disabling the person ${email}`)
    const trusted = prior === undefined && inputs.on_adopt === 'trust'
    const changes = { ...changesOf(inputs, current), ...(trusted ? {} : passwordOf(inputs)) }
    await patch(api, current.id, email, changes)
    return readAgain(api, current.id, `updating the person ${email}`)
  },

  async delete(api, prior, current) {
    const email = textOf(current.email) ?? prior.naturalKey
    switch (onDestroy(prior)) {
      case 'keep':
        return {}
      case 'disable':
        return disable(api, current.id, email)
      case 'delete':
        return erase(api, current.id, email)
    }
  },

  normalize(inputs) {
    const email = textOf(inputs.email)
    return email === null ? inputs : { ...inputs, email: normalEmail(email) }
  },

  // What a replacement means is what becomes of the one account and what the other one may do.
  consequences: ({ before, after, prior, replaces }) =>
    replaces === undefined ? consequences(before, after, prior) : [],

  onDestroy,

  async importId(api, text) {
    if (!text.includes('@')) return person.read(api, text)
    const found = await personByEmail(api, text)
    return found === undefined ? undefined : outputsOf(found)
  },
}

function onDestroy(prior: Row): 'delete' | 'disable' | 'keep' {
  const said = prior.onDestroy ?? prior.inputs.on_destroy
  if (said === 'delete' || said === 'disable' || said === 'keep') return said
  return prior.origin === 'created' ? 'disable' : 'keep'
}

function outputsOf(found: WirePerson): Outputs {
  const { isAdmin, isDisabled } = found
  if (isAdmin === undefined || isDisabled === undefined)
    throw new ServiceError(`reading the person ${found.email}`, {
      words: 'the service does not show whether the account is an administrator’s or disabled',
      help: 'Use the token of an administrator: others see names and e-mail addresses only.',
    })
  return {
    id: found.id,
    email: normalEmail(found.email),
    name: found.name,
    is_admin: isAdmin,
    is_disabled: isDisabled,
    force_password_change: found.forcePasswordChange ?? null,
    sso_principal: found.ssoPrincipal,
    hadoop_principal: found.hadoopPrincipal,
    output_home_dir: found.outputHomeDir,
    file_upload_path: found.fileUploadPath,
    state: found.state,
    last_login_time: found.lastLoginTime,
    created_at: found.createdAt,
    updated_at: found.updatedAt,
  }
}

function requireEmail(inputs: Inputs): string {
  const email = textOf(inputs.email)
  if (email === null) throw new Error('a person without an e-mail address came through validation')
  return normalEmail(email)
}

/** What is declared and differs. What is not declared stays as the service has it. */
function changesOf(inputs: Inputs, current: Outputs): Changes {
  const changes: Record<string, Body> = {}
  for (const [attribute, member] of Object.entries(changeable)) {
    const wanted = inputs[attribute]
    if (typeof wanted !== 'string' && typeof wanted !== 'boolean') continue
    if (wanted !== current[attribute]) changes[member] = wanted
  }
  return changes
}

function passwordOf(inputs: Inputs): Changes {
  const { password } = inputs
  if (!(password instanceof Secret) && typeof password !== 'string') return {}
  const secret = typeof password === 'string' ? new Secret(password) : password
  return { password: secret, password2: secret }
}

/** Creates the account; returns its id. */
async function post(api: TrifactaApi, inputs: Inputs, email: string): Promise<string> {
  const doing = `creating the person ${email}`
  const password = passwordOf(inputs).password ?? randomPassword(api)
  const body: Record<string, Body> = {
    accept: 'accept',
    email,
    name: textOf(inputs.name) ?? email,
    password,
    password2: password,
  }
  for (const [attribute, member] of Object.entries(changeable)) {
    const wanted = inputs[attribute]
    if (atCreation.includes(attribute) && (typeof wanted === 'string' || typeof wanted === 'boolean'))
      body[member] = wanted
  }
  const answer = await unlessNoRoute(
    api.send({ method: 'POST', path: ['people', ''], body, doing, accept: [200, 201] }),
  )
  if (answer === 'no-route')
    throw new ServiceError(doing, {
      words: 'this service has no call that creates accounts',
      help: `Invite ${email} in the application, or let single sign-on create the account; the next plan takes it over.`,
    })
  return idOf(objectIn(answer.body, answer.reading), answer.reading)
}

async function patch(api: TrifactaApi, id: string, email: string, changes: Changes): Promise<void> {
  if (Object.keys(changes).length === 0) return
  const doing = `updating the person ${email}`
  const request = { method: 'PATCH', path: ['people', id], body: changes, doing, accept: [200, 204] } as const
  if ((await unlessNoRoute(api.send(request))) === 'no-route')
    throw new ServiceError(doing, {
      words: 'this service has no call that changes accounts',
      help: 'Change it in the application, or leave these attributes out so that they stay as they are.',
    })
}

async function readAgain(api: TrifactaApi, id: string, doing: string): Promise<Outputs> {
  const found = await personById(api, id)
  if (found === undefined) throw vanished(doing, id)
  return outputsOf(found)
}

/** However equal it is: the next plan shows what taking it over means. What a run that was cut off had made is found by the engine. */
function exists(email: string, id: string): ServiceError {
  return new ServiceError(`creating the person ${email}`, {
    words: `there is an account with this address already (person ${id})`,
    help: 'It was not there when the plan was made: plan again, and see what taking it over means.',
  })
}

function vanished(doing: string, id: string): ServiceError {
  return new ServiceError(doing, {
    words: `person ${id} is gone`,
    help: 'Someone deleted it meanwhile: plan again.',
  })
}

async function disable(api: TrifactaApi, id: string, email: string): Promise<Gone> {
  const doing = `disabling the person ${email}`
  const current = await personById(api, id)
  if (current === undefined || current.isDisabled === true) return {}
  await refuseForCaller(api, { id, email }, doing)
  const body = { isDisabled: true }
  const answer = await unlessNoRoute(
    unlessAbsent(api.send({ method: 'PATCH', path: ['people', id], body, doing, accept: [200, 204] })),
  )
  if (answer !== 'no-route') return {}
  throw new ServiceError(doing, {
    words: 'this service has no call that changes accounts',
    help: 'Disable the account in the application, and set on_destroy = "keep" or run "rolecall state rm".',
  })
}

async function erase(api: TrifactaApi, id: string, email: string): Promise<Gone> {
  const doing = `deleting the person ${email}`
  if ((await personById(api, id)) === undefined) return {}
  await refuseForCaller(api, { id, email }, doing)
  try {
    await api.send({ method: 'DELETE', path: ['people', id], doing, accept: [200, 204] })
    return {}
  } catch (error) {
    const meaning = meaningOf(error)
    if (meaning === 'absent') return {}
    if (meaning !== 'no-route') throw error
    await disable(api, id, email)
    return {
      left: `The account ${email} is disabled, not deleted: this service has no call that deletes accounts.`,
    }
  }
}

function consequences(
  before: Outputs | undefined,
  after: Inputs | undefined,
  prior: Row | undefined,
): readonly Consequence[] {
  const email = textOf(after?.email) ?? textOf(before?.email) ?? prior?.naturalKey ?? 'the person'
  const found: Consequence[] = []
  if (after === undefined) {
    const way = prior === undefined ? 'keep' : onDestroy(prior)
    if (way !== 'keep')
      found.push({ kind: 'loses-access', text: `${email} can no longer sign in: the account is ${way}d.` })
    else found.push({ kind: 'note', text: `The account ${email} stays as it is.` })
    return found
  }
  if (before?.is_disabled === true && after.is_disabled === false)
    found.push({ kind: 'widens-access', text: `${email} can sign in again.` })
  if (before?.is_disabled === false && after.is_disabled === true)
    found.push({ kind: 'loses-access', text: `${email} can no longer sign in.` })
  if (before?.is_admin !== true && after.is_admin === true)
    found.push({ kind: 'widens-access', text: `${email} becomes an administrator.` })
  return found
}
