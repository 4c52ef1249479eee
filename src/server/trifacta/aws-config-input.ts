import type { JsonObject } from '../../core/json.js'
import { type Fields, readFields } from './fields.js'
import type { Generation } from './service.js'

/** What a request says about a config; undefined: nothing. */
export interface AwsConfigInput {
  readonly credentialProvider: 'default' | 'temporary' | undefined
  readonly key: string | undefined
  readonly secret: string | undefined
  readonly role: string | undefined
  readonly activeRoleId: number | undefined
  readonly defaultBucket: string | undefined
  readonly extraBuckets: readonly string[] | undefined
  readonly personId: number | undefined
  readonly workspaceId: number | undefined
}

/** An input that has what a new config needs. */
export interface NewAwsConfig extends AwsConfigInput {
  readonly credentialProvider: 'default' | 'temporary'
  readonly defaultBucket: string
}

export function readConfigUpdate(body: JsonObject, generation: Generation): AwsConfigInput {
  return readFields(body, (fields) => readInput(fields, generation))
}

export function readNewConfig(body: JsonObject, generation: Generation): NewAwsConfig {
  return readFields(body, (fields) => {
    const input = readInput(fields, generation)
    fields.require('credentialProvider', input.credentialProvider)
    fields.require('defaultBucket', input.defaultBucket)
    if (input.credentialProvider === 'default') {
      fields.require('key', input.key, 'for the credential provider default')
      fields.require('secret', input.secret, 'for the credential provider default')
    }
    if (generation === 'A') fields.require('mode', fields.choice('mode', ['user']))
    return {
      ...input,
      // Placeholders for the types: if one is absent, the requirement above ends in an error before they are seen.
      credentialProvider: input.credentialProvider ?? 'default',
      defaultBucket: input.defaultBucket ?? '',
    }
  })
}

function readInput(fields: Fields, generation: Generation): AwsConfigInput {
  const shared = {
    // The vendor lists `instance` as well, and says that these objects do not support it.
    credentialProvider: fields.choice('credentialProvider', ['default', 'temporary']),
    key: fields.text('key'),
    secret: fields.text('secret'),
    role: fields.text('role'),
    defaultBucket: fields.text('defaultBucket'),
    extraBuckets: fields.texts('extraBuckets'),
  }
  // Release 6.0 knows neither role objects nor an assignment here: the person is told which config is theirs.
  if (generation === 'A')
    return { ...shared, activeRoleId: undefined, personId: undefined, workspaceId: undefined }
  const activeRoleId = fields.id('activeRoleId')
  if (shared.role !== undefined && activeRoleId !== undefined) {
    fields.problem('role and activeRoleId are alternatives: send one of them')
  }
  return { ...shared, activeRoleId, personId: fields.id('personId'), workspaceId: fields.id('workspaceId') }
}
