# After: the same people, and their configurations use IAM roles. Each one is changed in place; nobody loses access meanwhile.

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
  credential_provider = "temporary"
  role                = "arn:aws:iam::123456789012:role/wrangle-${each.key}"
  default_bucket      = "acme-analytics"
  extra_buckets       = ["acme-shared"]
}
