/** Declares a role under its own name. */
export const role = (name: string, content: string) => `
resource "vault_aws_role" "${name}" {
  mount = vault_aws_mount.aws.path
  name  = "${name}"
  ${content}
}
`
const document = `jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::acme-raw/*" }]
  })`

/** All types of the AWS engine, with a role of each type of credentials. */
export const configuration = (url: string, mount: string, user: string, extra = '') => `
provider "vault" {
  endpoint = "${url}"
  token    = env("VAULT_TOKEN")
}
resource "vault_aws_mount" "aws" {
  path              = "${mount}"
  description       = "declared"
  default_lease_ttl = "30m"
  max_lease_ttl     = "2h"
}
resource "vault_aws_root" "aws" {
  mount      = vault_aws_mount.aws.path
  access_key = "AKIAIOSFODNN7ENGINE0"
  secret_key = env("AWS_SECRET")
  region     = "eu-west-1"
}
resource "vault_aws_lease" "aws" {
  mount     = vault_aws_mount.aws.path
  lease     = "15m"
  lease_max = "1h"
}
resource "vault_aws_static_role" "nightly" {
  mount           = vault_aws_mount.aws.path
  name            = "nightly"
  username        = "${user}"
  rotation_period = "24h"
  depends_on      = [vault_aws_root.aws]
}
${role(
  'assumed',
  `credential_type = "assumed_role"
  role_arns       = ["arn:aws:iam::123456789012:role/b", "arn:aws:iam::123456789012:role/a"]
  external_id     = "acme-1"
  session_tags    = { team = "data" }
  default_sts_ttl = "30m"
  max_sts_ttl     = "2h"`,
)}
${role('federated', `credential_type = "federation_token"\n  policy_document = ${document}`)}
${role('session', 'credential_type = "session_token"\n  mfa_serial_number = "arn:aws:iam::123456789012:mfa/ci"')}
${role(
  'user',
  `credential_type          = "iam_user"
  iam_groups               = ["readers"]
  iam_tags                 = { team = "data" }
  policy_arns              = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
  user_path                = "/rolecall/"
  permissions_boundary_arn = "arn:aws:iam::123456789012:policy/bound"`,
)}
${extra}`

/** A role as it reads back when nothing but its type is set. */
export const unset = {
  policy_arns: null,
  policy_document: '',
  role_arns: null,
  iam_groups: null,
  iam_tags: null,
  session_tags: null,
  external_id: '',
  default_sts_ttl: 0,
  max_sts_ttl: 0,
  user_path: '',
  permissions_boundary_arn: '',
  mfa_serial_number: '',
}

/** What the configuration says, in the words of the API. */
export const declared = {
  mount: {
    type: 'aws',
    description: 'declared',
    config: { default_lease_ttl: 1800, max_lease_ttl: 7200 },
  },
  root: { access_key: 'AKIAIOSFODNN7ENGINE0', region: 'eu-west-1', max_retries: -1, iam_endpoint: '' },
  lease: { lease: '15m0s', lease_max: '1h0m0s' },
  roles: {
    assumed: {
      ...unset,
      credential_type: 'assumed_role',
      role_arns: ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/b'],
      external_id: 'acme-1',
      session_tags: { team: 'data' },
      default_sts_ttl: 1800,
      max_sts_ttl: 7200,
    },
    federated: {
      ...unset,
      credential_type: 'federation_token',
      policy_document:
        '{"Statement":[{"Action":"s3:GetObject","Effect":"Allow","Resource":"arn:aws:s3:::acme-raw/*"}],"Version":"2012-10-17"}',
    },
    session: {
      ...unset,
      credential_type: 'session_token',
      mfa_serial_number: 'arn:aws:iam::123456789012:mfa/ci',
    },
    user: {
      ...unset,
      credential_type: 'iam_user',
      iam_groups: ['readers'],
      iam_tags: { team: 'data' },
      policy_arns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
      user_path: '/rolecall/',
      permissions_boundary_arn: 'arn:aws:iam::123456789012:policy/bound',
    },
  },
} as const
