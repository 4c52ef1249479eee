# A configuration for every person whom the service knows: whoever is invited gets access with the next apply.

provider "trifacta" {
  endpoint = "embedded"
}

data "trifacta_people" "staff" {
  email_pattern = "*@example.com"
  disabled      = false
}

resource "trifacta_aws_config" "staff" {
  for_each = { for person in data.trifacta_people.staff.people : person.email => person }

  person_id           = each.value.id
  credential_provider = "temporary"
  role                = "arn:aws:iam::123456789012:role/wrangle-${split("@", each.key)[0]}"
  default_bucket      = "acme-shared"
}

output "people_with_access" {
  value = keys(trifacta_aws_config.staff)
}
