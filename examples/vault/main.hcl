# The AWS engine of a Vault or OpenBao server: its key, and roles from which pipelines and people get credentials.

rolecall {
  aws = "sandbox:aws.yaml" # leave it out for the real one
}

provider "vault" {
  endpoint = "embedded" # or leave it out: VAULT_ADDR, VAULT_TOKEN and ~/.vault-token say where and who
}

resource "vault_aws_mount" "data" {
  path              = "data/aws"
  description       = "AWS for the data platform"
  default_lease_ttl = "1h"
  max_lease_ttl     = "12h"
}

# The key that the engine works with. After "vault write -f data/aws/config/rotate-root" only the server knows it: that is no drift.
resource "vault_aws_root" "data" {
  mount      = vault_aws_mount.data.path
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = env("VAULT_AWS_SECRET", "secret-of-the-example")
  region     = "eu-west-1"
}

resource "vault_aws_lease" "data" {
  mount     = vault_aws_mount.data.path
  lease     = "30m"
  lease_max = "12h"
}

# rolecall creds vault_aws_role.reports
resource "vault_aws_role" "reports" {
  mount           = vault_aws_mount.data.path
  name            = "reports"
  credential_type = "assumed_role"
  role_arns       = ["arn:aws:iam::123456789012:role/reports-reader"]
  default_sts_ttl = "15m"
  max_sts_ttl     = "1h"
}

resource "vault_aws_role" "loader" {
  for_each        = toset(["raw", "curated"])
  mount           = vault_aws_mount.data.path
  name            = "loader-${each.key}"
  credential_type = "iam_user"
  user_path       = "/rolecall/"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "arn:aws:s3:::acme-${each.key}/*"
    }]
  })
}

# The key of a user that exists, rotated every day.
resource "vault_aws_static_role" "backup" {
  mount           = vault_aws_mount.data.path
  name            = "backup"
  username        = "nightly-backup"
  rotation_period = "24h"
}

output "role_paths" {
  description = "What to ask for credentials: rolecall creds PATH."
  value       = concat([vault_aws_role.reports.id], values(vault_aws_role.loader)[*].id)
}
