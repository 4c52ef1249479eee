# Vault: what CI and tools on call are given for an hour at a time.

resource "vault_aws_mount" "aws" {
  path              = "aws"
  description       = "Credentials for the data account"
  default_lease_ttl = "1h"
  max_lease_ttl     = "12h"
}

resource "vault_aws_root" "aws" {
  mount      = vault_aws_mount.aws.path
  access_key = env("VAULT_ROOT_AWS_KEY", "AKIAVAULTROOT0000001")
  secret_key = env("VAULT_ROOT_AWS_SECRET", "vault-root-secret-of-the-sandbox")
  region     = "eu-west-1"
}

resource "vault_aws_lease" "aws" {
  mount     = vault_aws_mount.aws.path
  lease     = "30m"
  lease_max = "12h"
}

resource "vault_aws_role" "ci" {
  for_each = {
    deploy = "acme-shared"
    report = "acme-finance"
  }

  mount           = vault_aws_mount.aws.path
  name            = "ci-${each.key}"
  credential_type = "assumed_role"
  role_arns       = ["${local.roles}/ci-${each.key}"]
  default_sts_ttl = "1h"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:ListBucket", "s3:GetObject"]
      Resource = ["arn:aws:s3:::${each.value}", "arn:aws:s3:::${each.value}/*"]
    }]
  })

  depends_on = [vault_aws_root.aws]
}

# A user of its own for each lease: Vault makes it, and takes it away when the lease ends.
resource "vault_aws_role" "on_call" {
  mount           = vault_aws_mount.aws.path
  name            = "on-call"
  credential_type = "iam_user"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:ListBucket", "s3:GetObject"]
      Resource = ["arn:aws:s3:::acme-landing", "arn:aws:s3:::acme-landing/*"]
    }]
  })

  depends_on = [vault_aws_root.aws]
}

# The loader's IAM user exists; Vault keeps a key of it and makes a new one every month.
resource "vault_aws_static_role" "loader" {
  mount           = vault_aws_mount.aws.path
  name            = "loader"
  username        = "static-loader"
  rotation_period = "720h"

  depends_on = [vault_aws_root.aws]
}
