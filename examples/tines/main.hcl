# Tines reaches AWS by assuming a role: the credential here, and the trust policy that the role needs as an output.

provider "tines" {
  endpoint = "embedded" # https://acme.tines.com, and token = env("TINES_TOKEN")
}

variable "team" {
  type        = string
  description = "The name of the team that the credentials belong to."
  default     = "Personal team" # the one that an embedded tenant starts with
}

data "tines_team" "owner" {
  name = var.team
}

# The name of the role is fixed before it exists, so that one apply is enough: then the role is made with the trust policy below.
resource "tines_credential" "logs" {
  name                    = "AWS logs"
  team_id                 = data.tines_team.owner.id
  mode                    = "AWS"
  aws_authentication_type = "ROLE"
  aws_assumed_role_arn    = "arn:aws:iam::123456789012:role/tines-logs"
  description             = "Reads the log buckets."
  allowed_hosts           = ["*.amazonaws.com"]
}

resource "tines_credential" "ticketing" {
  name    = "Ticketing"
  team_id = data.tines_team.owner.id
  mode    = "TEXT"
  value   = env("TICKETING_TOKEN", "live-token-of-the-example")
  metadata = {
    owner = "soc@example.com"
  }
}

# What stories use instead while they are changed.
resource "tines_test_credential" "ticketing" {
  live_credential_id = tines_credential.ticketing.id
  mode               = "TEXT"
  value              = env("TICKETING_SANDBOX_TOKEN", "test-token-of-the-example")
}

output "slugs" {
  description = "What stories refer to: CREDENTIAL.slug."
  value       = [tines_credential.logs.slug, tines_credential.ticketing.slug]
}

# The accounts are those of Tines, from which its cloud tenants assume roles.
output "trust_policy" {
  description = "What the role tines-logs must trust. It changes if the credential is replaced."
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = ["arn:aws:iam::857223745291:root", "arn:aws:iam::825838939522:root"] }
      Condition = { StringEquals = { "sts:ExternalId" = tines_credential.logs.aws_assumed_role_external_id } }
    }]
  })
}
