# Access of the data team.
rolecall {
  required_version = ">= 0.1"
  state "s3" {
    bucket = "acme-rolecall"
    key    = "access/prod"
    region = "eu-west-1"
  }
}

provider "trifacta" {
  endpoint = "https://wrangle.example.com:3005" # our instance
  token    = env("TRIFACTA_TOKEN")              # from the vault
}

variable "engineers" { type = map(object({ email = string, bucket = string })) }
variable "empty" {}

resource "trifacta_person" "engineer" {
  for_each = var.engineers
  email    = each.value.email
}

resource "trifacta_aws_config" "engineer" {
  for_each            = var.engineers
  person_id           = trifacta_person.engineer[each.key].id
  credential_provider = "temporary"
  role                = "arn:aws:iam::123456789012:role/wrangle-${each.key}"
  default_bucket      = each.value.bucket
  extra_buckets       = ["acme-shared"]

  lifecycle { prevent_destroy = true }
}
locals {
  a = 1
  long_name = {
    x = 1
    yyyy = [
      1, 2,
      3
    ]
  }
  b = 2


  c = 3
}
output "roles" {
  value = [
    for c in trifacta_aws_config.engineer : c.role
    if c.role != null
  ]
}
