import { conforms } from './conformance.js'
import { behind, mount, vault } from './vault.js'

const declare = (name: string, content: string) => `
${mount}
resource "vault_aws_role" "ci" {
  mount = vault_aws_mount.aws.path
  name  = "${name}"
  ${content}
}
`

const policy = `policy_document = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::acme-raw/*" }]
  })`

conforms({
  name: 'vault_aws_role',
  address: 'vault_aws_role.ci',
  generations: ['C'],
  service: vault,
  named: true,
  declared: declare(
    'ci',
    `credential_type = "assumed_role"
  role_arns       = ["arn:aws:iam::123456789012:role/b", "arn:aws:iam::123456789012:role/a"]
  session_tags    = { team = "data" }
  external_id     = "acme-1"
  default_sts_ttl = "30m"
  max_sts_ttl     = "2h"
  ${policy}`,
  ),
  updated: declare(
    'ci',
    `credential_type = "iam_user"
  iam_groups      = ["readers"]
  iam_tags        = { team = "data" }
  user_path       = "/rolecall/"
  permissions_boundary_arn = "arn:aws:iam::123456789012:policy/bound"
  ${policy}`,
  ),
  replaced: declare('ci2', `credential_type = "federation_token"\n  ${policy}`),
  drift: (plane) =>
    behind(plane, 'POST', 'data/aws/roles/ci2', {
      policy_document: '{"Version":"2012-10-17","Statement":[]}',
      default_sts_ttl: 900,
    }),
  vanish: (plane) => behind(plane, 'DELETE', 'data/aws/roles/ci2'),
  importId: 'data/aws/roles/ci2',
})
