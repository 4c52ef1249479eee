import type { Json, JsonObject } from '../../core/json.js'
import { type Issued, type IssueRequest, ServiceError } from '../../core/resource.js'
import { Secret } from '../../core/secret.js'
import { objectIn, type Reading, unexpected } from '../../http/reading.js'
import { unlessAbsent } from '../meaning.js'
import { dataIn, readObject, type VaultApi } from './api.js'
import { type Place, pathOf } from './place.js'
import { textIn, textsIn } from './wire.js'

/** Gets credentials from a role. It is a write: each call makes something in AWS, and none is ever repeated. */
export async function issue(api: VaultApi, { mount, name }: Place, request: IssueRequest): Promise<Issued> {
  const { roleArn, ttl, sessionName, mfaCode } = request
  const doing = `getting credentials of role ${name} of ${mount}`
  const asked = api.shared.now()
  const body = {
    role_arn: roleArn,
    role_session_name: sessionName,
    ttl: ttl === undefined ? undefined : `${ttl}s`,
    mfa_code: mfaCode,
  }
  const ask = (from: 'creds' | 'sts') =>
    api.send({ method: 'POST', path: pathOf(mount, from, name), body, doing, accept: [200] })
  const answer = await ask('creds')
    // A role of before 0.11 gives its sessions there only; what was refused made nothing.
    .catch((cause: unknown) => (isOfOtherPath(cause) ? ask('sts') : Promise.reject(cause)))
    .catch(async (cause: unknown) => {
      throw await advised(api, { mount, name }, request, cause)
    })
  const envelope = objectIn(answer.body, answer.reading)
  const data = dataIn(envelope, answer.reading)
  const token = data.session_token ?? data.security_token
  const lifetime = [data.ttl, envelope.lease_duration].find((each) => typeof each === 'number' && each > 0)
  return {
    ...keyIn(data, answer.reading),
    ...(typeof token === 'string' && token !== '' ? { sessionToken: new Secret(token) } : {}),
    ...(typeof lifetime === 'number' ? { expiration: new Date(asked.getTime() + lifetime * 1000) } : {}),
    ...(ttl === undefined || lifetime === ttl ? {} : { remark: lifetimeWords(ttl, lifetime, token, mount) }),
  }
}

function isOfOtherPath(cause: unknown): boolean {
  if (!(cause instanceof ServiceError) || cause.facts.status !== 400) return false
  return /through the creds path; this is not allowed/.test(cause.facts.words ?? '')
}

/** The server does not say which roles it allows, or that it was the MFA code that was missing. */
async function advised(
  api: VaultApi,
  { mount, name }: Place,
  { mfaCode }: IssueRequest,
  cause: unknown,
): Promise<unknown> {
  if (!(cause instanceof ServiceError) || cause.facts.status !== 400) return cause
  const data = await readObject(api, pathOf(mount, 'roles', name), `reading role ${name} of ${mount}`).catch(
    // A token that may get credentials need not be one that may read roles.
    () => undefined,
  )
  const arns = textsIn(data?.role_arns)
  const device = mfaCode === undefined ? textIn(data?.mfa_serial_number) : null
  const help = /role_arn/.test(cause.facts.words ?? '')
    ? `Say which one with --role-arn${arns.length === 0 ? '' : `: the role allows ${arns.join(', ')}`}.`
    : device === null
      ? undefined
      : `The role goes with the MFA device ${device}: say its code with --mfa-code.`
  return help === undefined ? cause : new ServiceError(cause.doing, { ...cause.facts, help }, { cause })
}

function lifetimeWords(
  ttl: number,
  lifetime: Json | undefined,
  token: Json | undefined,
  mount: string,
): string {
  const length = typeof lifetime === 'number' ? `live ${lifetime} s` : 'have no known end'
  const why =
    typeof token === 'string' && token !== ''
      ? 'The role or the server sets another limit (max_sts_ttl).'
      : `The key of an IAM user lives as long as the lease settings of ${mount} say (vault_aws_lease, or the lifetimes of the mount), whatever is asked for.`
  return `The credentials ${length}, not the ${ttl} s that were asked for. ${why}`
}

/** The key of a static role as it is now: it ends when the engine rotates it. */
export async function issueStatic(
  api: VaultApi,
  { mount, name }: Place,
  request: IssueRequest,
): Promise<Issued> {
  const doing = `getting the key of static role ${name} of ${mount}`
  const { roleArn, ttl, sessionName, mfaCode } = request
  if ([roleArn, ttl, sessionName, mfaCode].some((wish) => wish !== undefined))
    throw new ServiceError(doing, {
      words: 'a static role has one key, that of its user',
      help: 'Leave out --role-arn, --ttl, --session-name and --mfa-code.',
    })
  const path = pathOf(mount, 'static-creds', name)
  const answer = await unlessAbsent(api.send({ method: 'GET', path, doing, accept: [200] }))
  if (answer === undefined)
    throw new ServiceError(doing, {
      status: 404,
      words: 'there is none of this name',
      help: `"vault list ${mount}/static-roles" tells which there are.`,
    })
  const { body, reading } = answer
  const data = dataIn(body, reading)
  const end = typeof data.expiration === 'string' ? new Date(data.expiration) : undefined
  const known = end !== undefined && !Number.isNaN(end.getTime())
  return { ...keyIn(data, reading), ...(known ? { expiration: end } : {}) }
}

function keyIn({ access_key, secret_key }: JsonObject, reading: Reading) {
  if (
    typeof access_key !== 'string' ||
    typeof secret_key !== 'string' ||
    access_key === '' ||
    secret_key === ''
  )
    throw unexpected(reading, 'an access key and its secret')
  return { accessKeyId: access_key, secretAccessKey: new Secret(secret_key) }
}
