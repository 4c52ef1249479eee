# What the people who keep AWS need: the trust policy of each role that a service assumes, with the external id it demands.

output "trust_policies" {
  description = "For the roles in AWS, by role name."
  value = merge(
    {
      for key, credential in tines_credential.role : "tines-${key}" => {
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { AWS = ["arn:aws:iam::857223745291:root", "arn:aws:iam::825838939522:root"] }
          Condition = { StringEquals = { "sts:ExternalId" = credential.aws_assumed_role_external_id } }
        }]
      }
    },
    {
      for key, connector in outerproduct_s3_connector.bucket : "outerproduct-${key}" => {
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { AWS = [data.outerproduct_aws_setup.ours.principal_arn] }
          Condition = { StringEquals = { "sts:ExternalId" = data.outerproduct_aws_setup.ours.external_id } }
        }]
      }
    },
  )
}
