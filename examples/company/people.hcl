# Designer Cloud: one person and one configuration for each analyst, and a loader that still works with a key.

resource "trifacta_person" "analyst" {
  for_each = var.analysts

  email = each.value.email
  name  = title(each.key)
}

resource "trifacta_aws_config" "analyst" {
  for_each = var.analysts

  person_id           = trifacta_person.analyst[each.key].id
  credential_provider = "temporary"
  role                = "${local.roles}/wrangle-${each.key}"
  default_bucket      = each.value.bucket
  extra_buckets       = ["acme-shared"]
}

resource "trifacta_person" "loader" {
  email = "loader@example.com"
  name  = "Nightly loader"
}

resource "trifacta_aws_config" "loader" {
  person_id           = trifacta_person.loader.id
  credential_provider = "default"
  key                 = env("LOADER_AWS_KEY", "AKIALOADER0000000001")
  secret              = env("LOADER_AWS_SECRET", "loader-secret-of-the-sandbox")
  default_bucket      = "acme-landing"
}
