import type { JsonObject } from '../../core/json.js'
import { type Issued, type IssueRequest, ServiceError } from '../../core/resource.js'
import { Secret } from '../../core/secret.js'
import { objectIn, type Reading, unexpected } from '../../http/reading.js'
import { dataIn, type VaultApi } from './api.js'
import { type Place, pathOf } from './place.js'

/** Gets credentials from a role. It is a write: each call makes something in AWS, and none is ever repeated. */
export async function issue(
  api: VaultApi,
  { mount, name }: Place,
  { roleArn, ttl }: IssueRequest,
): Promise<Issued> {
  const doing = `getting credentials of role ${name} of ${mount}`
  const asked = api.shared.now()
  const answer = await api.send({
    method: 'POST',
    path: pathOf(mount, 'creds', name),
    body: { role_arn: roleArn, ttl: ttl === undefined ? undefined : `${ttl}s` },
    doing,
    accept: [200],
  })
  const envelope = objectIn(answer.body, answer.reading)
  const data = dataIn(envelope, answer.reading)
  const token = data.session_token ?? data.security_token
  const lifetime = [data.ttl, envelope.lease_duration].find((each) => typeof each === 'number' && each > 0)
  return {
    ...keyIn(data, answer.reading),
    ...(typeof token === 'string' && token !== '' ? { sessionToken: new Secret(token) } : {}),
    ...(typeof lifetime === 'number' ? { expiration: new Date(asked.getTime() + lifetime * 1000) } : {}),
  }
}

/** The key of a static role as it is now: it ends when the engine rotates it. */
export async function issueStatic(
  api: VaultApi,
  { mount, name }: Place,
  { roleArn, ttl }: IssueRequest,
): Promise<Issued> {
  const doing = `getting the key of static role ${name} of ${mount}`
  if (roleArn !== undefined || ttl !== undefined)
    throw new ServiceError(doing, {
      words: 'a static role has one key, that of its user',
      help: 'Leave out --role-arn and --ttl.',
    })
  const path = pathOf(mount, 'static-creds', name)
  const { body, reading } = await api.send({ method: 'GET', path, doing, accept: [200] })
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
