# Before: each engineer works with an access key of their own. Apply this first, then the folder 2-roles: both share one state.

rolecall {
  state "file" {
    path = "../.rolecall/state"
  }
}

provider "trifacta" {
  endpoint = "embedded:../.rolecall/plane.db"
}

locals {
  engineers = {
    ada   = "ada@example.com"
    grace = "grace@example.com"
  }
}

resource "trifacta_person" "engineer" {
  for_each = local.engineers

  email = each.value
  name  = title(each.key)
}

resource "trifacta_aws_config" "engineer" {
  for_each = local.engineers

  person_id           = trifacta_person.engineer[each.key].id
  credential_provider = "default"
  key                 = env("AWS_KEY_${upper(each.key)}", "AKIAIOSFODNN7EXAMPLE")
  secret              = env("AWS_SECRET_${upper(each.key)}", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
  default_bucket      = "acme-analytics"
  extra_buckets       = ["acme-shared"]
}
