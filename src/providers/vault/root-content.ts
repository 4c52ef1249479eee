import type { JsonObject } from '../../core/json.js'
import type { Inputs, Outputs, Plain } from '../../core/resource.js'
import { Secret } from '../../core/secret.js'
import type { Body } from '../../http/client.js'
import { textsOf } from '../inputs.js'
import { textOf } from './api.js'
import { durationIn, flagIn, secondsOf, textIn, textsIn } from './wire.js'

const texts = [
  'region',
  'iam_endpoint',
  'sts_endpoint',
  'sts_region',
  'role_arn',
  'identity_token_audience',
  'rotation_policy',
] as const
const lists = ['sts_fallback_endpoints', 'sts_fallback_regions'] as const
const durations = ['rotation_period', 'rotation_window'] as const

/** What can be read of a root configuration; a server that does not tell it has none of these. */
export const readableFields = [
  ...texts,
  ...lists,
  ...durations,
  'rotation_schedule',
  'max_retries',
  'username_template',
  'identity_token_ttl',
  'disable_automated_rotation',
]

/** What the server takes for an identity token's lifetime that nobody has set, in seconds. */
const tokenLifetime = 3600

export function outputsOf(mount: string, data: JsonObject): Outputs {
  return {
    id: `${mount}/config/root`,
    mount,
    ...Object.fromEntries(texts.map((field) => [field, textIn(data[field])])),
    ...Object.fromEntries(lists.map((field) => [field, textsIn(data[field])])),
    ...Object.fromEntries(durations.map((field) => [field, durationIn(data[field])])),
    rotation_schedule: textIn(data.rotation_schedule),
    max_retries: typeof data.max_retries === 'number' ? data.max_retries : -1,
    username_template: customTemplate(textIn(data.username_template)),
    identity_token_ttl: durationIn(data.identity_token_ttl) ?? durationIn(tokenLifetime),
    disable_automated_rotation: flagIn(data.disable_automated_rotation),
    current_access_key: textIn(data.access_key),
  }
}

/** A configuration on a server that tells nothing of it. */
export function untoldOutputs(mount: string): Outputs {
  return { id: `${mount}/config/root`, mount, current_access_key: null }
}

/** Whether the server tells what the configuration is. */
export function isTold(out: Outputs): boolean {
  return out.max_retries !== undefined && out.max_retries !== null
}

/** What can be read and is not as declared. */
export function differingFields(inputs: Inputs, out: Outputs): readonly string[] {
  return readableFields.filter((field) => comparable(field, inputs[field]) !== comparable(field, out[field]))
}

/** What is declared and not there at all: this release of the server does not know it. */
export function unheededFields(inputs: Inputs, out: Outputs): readonly string[] {
  return differingFields(inputs, out).filter(
    (field) => comparable(field, out[field]) === comparable(field, null),
  )
}

/** A value in the form in which it is the same if it means the same. */
function comparable(field: string, value: Plain | undefined): string {
  switch (field) {
    case 'sts_fallback_endpoints':
    case 'sts_fallback_regions':
      return JSON.stringify(textsOf(value))
    case 'rotation_period':
    case 'rotation_window':
      return String(secondsOf(value))
    case 'identity_token_ttl':
      return String(secondsOf(value) || tokenLifetime)
    case 'max_retries':
      return String(typeof value === 'number' ? value : -1)
    case 'disable_automated_rotation':
      return String(value === true)
    default:
      return textOf(value) ?? ''
  }
}

/** Null for the built-in template. */
export function customTemplate(text: string | null): string | null {
  return text === null || isBuiltInTemplate(text) ? null : text
}

/** The built-in template, which a server shows where none was set, differs between releases in blanks and numbers only. */
function isBuiltInTemplate(text: string): boolean {
  const bare = text.replace(/\s+/g, '')
  return (
    bare.startsWith('{{if(eq.Type"STS")}}{{printf"vault-%s-%s"') &&
    bare.includes('{{else}}{{printf"vault-%s-%s-%s"(printf"%s-%s"(.DisplayName)(.PolicyName)')
  )
}

/**
 * The whole configuration as it is sent. Servers of one kind replace it, so nothing that is to stay may be left out; those of
 * the other kind merge, so what is to go must be sent empty. What is neither declared nor there is left out, because older
 * servers do not know it. Period and schedule of the rotation must not be sent together, not even empty.
 */
export function wholeBody(inputs: Inputs, current: Outputs | undefined): Readonly<Record<string, Body>> {
  const body: Record<string, Body> = {}
  const put = (field: string, wanted: Body | undefined, there: boolean, empty: Body) => {
    if (wanted !== undefined) body[field] = wanted
    else if (there) body[field] = empty
  }
  const access = textOf(inputs.access_key)
  const secret = secretOf(inputs.secret_key)
  const keyIsThere = textOf(current?.current_access_key) !== null
  put('access_key', access ?? undefined, keyIsThere, '')
  put('secret_key', secret, keyIsThere, '')
  for (const field of texts)
    put(field, textOf(inputs[field]) ?? undefined, textOf(current?.[field]) !== null, '')
  for (const field of lists) {
    const items = textsOf(inputs[field])
    put(field, items.length > 0 ? items : undefined, textsOf(current?.[field]).length > 0, [])
  }
  if (typeof inputs.max_retries === 'number' && inputs.max_retries !== (current?.max_retries ?? -1))
    body.max_retries = inputs.max_retries
  else if (typeof current?.max_retries === 'number' && current.max_retries !== -1)
    body.max_retries = current.max_retries
  // Left out, it becomes the built-in one on every server.
  put('username_template', textOf(inputs.username_template) ?? undefined, false, '')
  const lifetime = secondsOf(inputs.identity_token_ttl) || tokenLifetime
  const former = secondsOf(current?.identity_token_ttl) || tokenLifetime
  put('identity_token_ttl', lifetime === tokenLifetime ? undefined : lifetime, former !== lifetime, lifetime)
  const suspended = inputs.disable_automated_rotation === true
  put(
    'disable_automated_rotation',
    suspended || undefined,
    current?.disable_automated_rotation === true,
    false,
  )
  return { ...body, ...rotation(inputs, current) }
}

function rotation(inputs: Inputs, current: Outputs | undefined): Readonly<Record<string, Body>> {
  const period = number(inputs.rotation_period)
  if (period !== undefined) return { rotation_period: period }
  const schedule = textOf(inputs.rotation_schedule)
  const window = number(inputs.rotation_window)
  const hadWindow = number(current?.rotation_window) !== undefined
  const windowPart =
    window !== undefined ? { rotation_window: window } : hadWindow ? { rotation_window: 0 } : {}
  if (schedule !== null) return { rotation_schedule: schedule, ...windowPart }
  if (textOf(current?.rotation_schedule) !== null) return { rotation_schedule: '', ...windowPart }
  return number(current?.rotation_period) === undefined ? {} : { rotation_period: 0 }
}

function number(value: Plain | undefined): number | undefined {
  return secondsOf(value) === 0 ? undefined : secondsOf(value)
}

function secretOf(value: Plain | undefined): Secret | undefined {
  if (value instanceof Secret) return value
  const text = textOf(value)
  return text === null ? undefined : new Secret(text)
}

/** Whether a change goes from one way of rotating to the other. */
export function changesRotation(inputs: Inputs, current: Outputs): boolean {
  const bySchedule = (from: Inputs) => textOf(from.rotation_schedule) !== null
  const byPeriod = (from: Inputs) => secondsOf(from.rotation_period) > 0
  return (bySchedule(current) && byPeriod(inputs)) || (byPeriod(current) && bySchedule(inputs))
}
