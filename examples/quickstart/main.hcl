# People and their way to AWS, on the control plane that comes with Rolecall. For a real Designer Cloud, give its address as
# the variable `endpoint` (https://wrangle.example.com:3005) and a token in the environment variable TRIFACTA_TOKEN.

provider "trifacta" {
  endpoint = var.endpoint
  token    = env("TRIFACTA_TOKEN", "none-needed")
}

# One person and one configuration for each entry.
resource "trifacta_person" "engineer" {
  for_each = var.engineers

  email = each.value.email
  name  = title(replace(each.key, "-", " "))
}

resource "trifacta_aws_config" "engineer" {
  for_each = var.engineers

  person_id           = trifacta_person.engineer[each.key].id
  credential_provider = "temporary"
  role                = "arn:aws:iam::${var.account}:role/wrangle-${each.key}"
  default_bucket      = each.value.bucket
  extra_buckets       = [local.shared_bucket]
}

# A service account that still works with an access key: its secret comes from the environment and is kept nowhere.
resource "trifacta_person" "loader" {
  email = "loader@example.com"
  name  = "Nightly loader"
}

resource "trifacta_aws_config" "loader" {
  person_id           = trifacta_person.loader.id
  credential_provider = "default"
  key                 = env("LOADER_AWS_KEY", "AKIAIOSFODNN7EXAMPLE")
  secret              = env("LOADER_AWS_SECRET", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
  default_bucket      = "acme-landing"
  extra_buckets       = [local.shared_bucket]
}

locals {
  shared_bucket = "acme-shared"
}

output "access" {
  description = "Which role and buckets each engineer works with."
  value = {
    for key, config in trifacta_aws_config.engineer : var.engineers[key].email => {
      role    = config.role
      buckets = concat([config.default_bucket], tolist(config.extra_buckets))
    }
  }
}
