/** The name of the file that `init` writes. */
export const starterFile = 'main.hcl'

/** A first configuration: small, complete, and harmless, because it talks to the control plane inside the program. */
export const starter = `# Who may reach which AWS data, as code.
#
#   rolecall plan      shows what differs from what the services really have
#   rolecall apply     makes it so
#   rolecall drift     tells what someone changed by hand

provider "trifacta" {
  # A control plane inside this program, with its data in .rolecall/plane.db: for trying things out.
  endpoint = "embedded"

  # For a real one, its address and a token of an admin instead. The token is read when it is needed and stored nowhere:
  # endpoint = "https://wrangle.example.com:3005"
  # token    = env("TRIFACTA_TOKEN")
}

# The people of the team, and the bucket that each of them works in.
variable "engineers" {
  type = map(object({ email = string, bucket = string }))
  default = {
    jane = { email = "jane@example.com", bucket = "acme-jane" }
    omar = { email = "omar@example.com", bucket = "acme-omar" }
  }
}

resource "trifacta_person" "engineer" {
  for_each = var.engineers
  email    = each.value.email
  name     = title(each.key)
}

# Which AWS role and buckets each of them reaches.
resource "trifacta_aws_config" "engineer" {
  for_each            = var.engineers
  person_id           = trifacta_person.engineer[each.key].id
  credential_provider = "temporary"
  role                = "arn:aws:iam::123456789012:role/wrangle-\${each.key}"
  default_bucket      = each.value.bucket
  extra_buckets       = ["acme-shared"]
}

output "reach" {
  description = "Which bucket each engineer has."
  value       = { for name, config in trifacta_aws_config.engineer : name => config.default_bucket }
}
`
