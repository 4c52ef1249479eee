/** A configuration of one person, with outputs of several kinds. */
export const people = `provider "trifacta" {
  endpoint = "embedded"
}

variable "name" {
  type    = string
  default = "Jane"
}

resource "trifacta_person" "jane" {
  email = "jane@example.com"
  name  = var.name
}

output "email" {
  value = trifacta_person.jane.email
}

output "numbers" {
  value = [1, 9007199254740993]
}

output "hush" {
  value     = "hunter2-hunter2"
  sensitive = true
}
`
