# Tines: credentials for stories. Each that works by a role gets an external id from Tines, which the role has to demand.

data "tines_team" "security" {
  name = "Personal team"
}

resource "tines_credential" "role" {
  for_each = {
    alerts = "tines-alerts"
    audit  = "tines-audit"
  }

  name                    = "AWS ${each.key}"
  description             = "Reads what the ${each.key} stories need."
  mode                    = "AWS"
  team_id                 = data.tines_team.security.id
  aws_authentication_type = "ROLE"
  aws_assumed_role_arn    = "${local.roles}/${each.value}"
}

resource "tines_credential" "loader" {
  name                    = "AWS loader"
  mode                    = "AWS"
  team_id                 = data.tines_team.security.id
  aws_authentication_type = "KEY"
  aws_access_key          = env("LOADER_AWS_KEY", "AKIALOADER0000000001")
  aws_secret_key          = env("LOADER_AWS_SECRET", "loader-secret-of-the-sandbox")
}

resource "tines_credential" "pager" {
  name          = "Pager"
  mode          = "TEXT"
  team_id       = data.tines_team.security.id
  value         = env("PAGER_TOKEN", "no-token-in-the-sandbox")
  allowed_hosts = ["pager.example.com"]
}

resource "tines_credential" "mail" {
  name                = "Mail API"
  mode                = "OAUTH"
  team_id             = data.tines_team.security.id
  oauth_url           = "https://login.example.com/authorize"
  oauth_token_url     = "https://login.example.com/token"
  oauth_client_id     = "rolecall"
  oauth_client_secret = env("MAIL_CLIENT_SECRET", "no-secret-in-the-sandbox")
  oauth_grant_type    = "client_credentials"
  oauth_scope         = "mail.send"
}
