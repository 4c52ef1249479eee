import { setTimeout as sleep } from 'node:timers/promises'
import { probe } from '../../aws/probe.js'
import { ApiError } from './api-error.js'
import type { Members } from './body.js'
import type { Verified } from './connectors.js'
import type { Service } from './service.js'

export interface S3Input {
  readonly name: string
  readonly role: string
  readonly uri: string
  readonly bucket: string
  readonly prefix: string
  readonly owner: string
}

/** The members of a new S3 connector, as the vendor checks them. No pattern of the address is published, only its form. */
export function readS3(members: Members): S3Input {
  const uri = members.text('bucket_uri')
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri) ?? []
  if (uri !== '' && bucket === '')
    members.wrong('bucket_uri', 'value_error', 'Value error, bucket_uri must be s3://bucket[/prefix]')
  members.literal('connector_type', 's3')
  return {
    name: members.text('credential_name'),
    role: members.text('role_arn', /^arn:aws:iam::[0-9]{12}:role\/.+$/),
    uri,
    bucket,
    prefix,
    owner: members.text('expected_bucket_owner_account_id', /^[0-9]{12}$/),
  }
}

/** Proves the access with the organisation's external id, in our principal's name. */
export async function verifyS3({ context, externalId }: Service, input: S3Input): Promise<Verified> {
  const { name, role, uri, bucket, prefix, owner } = input
  const { outcomes } = await probe(
    { role, externalId, bucket, prefix, owner },
    {
      access: await context.aws(),
      now: () => context.now(),
      sleep: (milliseconds) => sleep(milliseconds),
      confirmExternalId: false,
    },
  )
  const failure = outcomes.find(({ severity }) => severity === 'error')
  if (failure !== undefined)
    throw new ApiError(
      400,
      `Credential probe failed (${failure.class}): ${failure.text} ${failure.remedy ?? ''}`,
    )
  return {
    name,
    type: 's3',
    target: { bucket_uri: uri, role_arn: role, bucket_owner_account_id: owner },
  }
}
