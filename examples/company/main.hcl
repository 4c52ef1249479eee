# A company's way to its data through four systems: people in Designer Cloud, CI in Vault, automation in Tines, analytics in
# OuterProduct. It runs on the control plane that comes with Rolecall, over an AWS in a file (aws.yaml); for the real ones, give
# each provider its address and token, and leave `aws` out.

rolecall {
  aws = "sandbox:aws.yaml"
}

provider "trifacta" {
  endpoint = "embedded"
}

provider "vault" {
  endpoint = "embedded"
}

provider "tines" {
  endpoint = "embedded"
}

provider "outerproduct" {
  endpoint = "embedded"

  access_patience_seconds = 0 # the roles of the sandbox are there at once
}

variable "account" {
  description = "The AWS account that holds the data."
  type        = string
  default     = "123456789012"
}

variable "analysts" {
  description = "Who works with which bucket in Designer Cloud."
  type        = map(object({ email = string, bucket = string }))
  default = {
    ada       = { email = "ada@example.com", bucket = "acme-finance" }
    grace     = { email = "grace@example.com", bucket = "acme-marketing" }
    katherine = { email = "katherine@example.com", bucket = "acme-marketing" }
    mary      = { email = "mary@example.com", bucket = "acme-finance" }
    dorothy   = { email = "dorothy@example.com", bucket = "acme-marketing" }
  }
}

variable "broken" {
  description = "Declares one connector more, to a bucket whose owner is another than it says: `plan --probe` finds out."
  type        = bool
  default     = false
}

locals {
  roles = "arn:aws:iam::${var.account}:role"
}
