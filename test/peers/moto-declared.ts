import type { Json } from '../../src/core/json.js'

/** What a client signs with: an id, a secret, and of a session its token. */
export type Keys = readonly [id: string, secret: string, ...token: string[]]

/** Moto's account. */
export const account = '123456789012'

/** The ARN of a user or role there. */
export const arn = (what: string): string => `arn:aws:iam::${account}:${what}`

/** A policy that allows actions everywhere. */
export const allow = (Action: Json): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })

/** Lets the plane and Vault's engine in, with an external id. */
export const trust = (externalId: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: [arn('user/plane'), arn('user/engine')] },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
    ],
  })

/** Declares a connector. */
export const connector = (name: string, role: string, uri: string): string => `
resource "outerproduct_s3_connector" "${name}" {
  credential_name                  = "${name}"
  role_arn                         = "${arn(`role/${role}`)}"
  bucket_uri                       = "${uri}"
  expected_bucket_owner_account_id = "${account}"
}
`

const role = (name: string, content: string) => `
resource "vault_aws_role" "${name}" {
  mount = vault_aws_mount.aws.path
  name  = "${name}"
  ${content}
}
`

/** Where everything is, and what only AWS or the plane could tell. */
export interface Known {
  readonly url: string
  readonly awsUrl: string
  readonly engineKey: string
  readonly externalId: string
}

/** Two connectors, one of them with nothing below its prefix, and Vault's engine with a role of each type. */
export const configuration = ({ url, awsUrl, engineKey, externalId }: Known): string => `
provider "outerproduct" {
  endpoint = "${url}/outerproduct"
  token    = env("TOKEN")
}
provider "vault" {
  endpoint = "${url}"
  token    = env("TOKEN")
}
${connector('lake', 'reader', 's3://lake/in/')}
${connector('empty', 'reader', 's3://lake/out/')}
resource "vault_aws_mount" "aws" {}
resource "vault_aws_root" "aws" {
  mount        = vault_aws_mount.aws.path
  access_key   = "${engineKey}"
  secret_key   = env("ENGINE_SECRET")
  iam_endpoint = "${awsUrl}"
  sts_endpoint = "${awsUrl}"
}
resource "vault_aws_lease" "aws" {
  mount     = vault_aws_mount.aws.path
  lease     = "15m"
  lease_max = "1h"
}
resource "vault_aws_static_role" "nightly" {
  mount           = vault_aws_mount.aws.path
  name            = "nightly"
  username        = "nightly"
  rotation_period = "24h"
  depends_on      = [vault_aws_root.aws]
}
${role('assumed', `credential_type = "assumed_role"\n  role_arns = ["${arn('role/reader')}"]\n  external_id = "${externalId}"`)}
${role('federated', `credential_type = "federation_token"\n  policy_document = jsonencode(${allow('s3:*')})`)}
${role('session', 'credential_type = "session_token"')}
${role('user', `credential_type = "iam_user"\n  policy_document = jsonencode(${allow('s3:ListBucket')})`)}
`
