# OuterProduct: a connector for each bucket. The service tries the access before the connector exists.

data "outerproduct_aws_setup" "ours" {}

locals {
  connectors = merge(
    {
      finance   = { bucket = "acme-finance", owner = var.account }
      landing   = { bucket = "acme-landing", owner = var.account }
      marketing = { bucket = "acme-marketing", owner = var.account }
      shared    = { bucket = "acme-shared", owner = var.account }
    },
    var.broken ? { broken = { bucket = "acme-shared", owner = "111111111111" } } : {},
  )
}

resource "outerproduct_s3_connector" "bucket" {
  for_each = local.connectors

  credential_name                  = "acme-${each.key}"
  role_arn                         = "${local.roles}/outerproduct-${trimprefix(each.value.bucket, "acme-")}"
  bucket_uri                       = "s3://${each.value.bucket}"
  expected_bucket_owner_account_id = each.value.owner
}
