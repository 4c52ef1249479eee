/** Configuration texts of the Trifacta types. */

/** An account that a destroy deletes. */
export const person = (name: string, more = '') => `
resource "trifacta_person" "${name}" {
  email      = "${name}@example.com"
  on_destroy = "delete"
  ${more}
}
`

const config = (content: string) => `
${person('joe')}
resource "trifacta_aws_config" "joe" {
  person_id = trifacta_person.joe.id
  ${content}
}
`
/** Joe, and a configuration with a role for him. */
export const withRole = (name: string, bucket: string) =>
  config(`credential_provider = "temporary"
  role           = "arn:aws:iam::123456789012:role/${name}"
  default_bucket = "${bucket}"
  extra_buckets  = ["acme-shared", "acme-raw"]`)
/** Joe, and a configuration with key and secret for him. */
export const withKeys = (bucket: string) =>
  config(`credential_provider = "default"
  key            = env("AWS_KEY")
  secret         = env("AWS_SECRET")
  default_bucket = "${bucket}"`)
