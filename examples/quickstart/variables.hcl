variable "endpoint" {
  type        = string
  description = "Where the Trifacta API is; \"embedded\" is the control plane that comes with Rolecall."
  default     = "embedded"
}

variable "account" {
  type        = string
  description = "The AWS account that the roles belong to."
  default     = "123456789012"

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account))
    error_message = "An AWS account id has twelve digits."
  }
}

variable "engineers" {
  type = map(object({
    email  = string
    bucket = optional(string, "acme-wrangle")
  }))
  description = "By the name of their role."
  default = {
    "ada-lovelace"      = { email = "ada@example.com", bucket = "acme-analytics" }
    "grace-hopper"      = { email = "grace@example.com" }
    "katherine-johnson" = { email = "katherine@example.com", bucket = "acme-orbits" }
  }
}
