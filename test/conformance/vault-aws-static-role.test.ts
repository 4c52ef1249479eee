import { conforms } from './conformance.js'
import { behind, mount, vault } from './vault.js'

const declare = (username: string, period: string) => `
${mount}
resource "vault_aws_root" "aws" {
  mount      = vault_aws_mount.aws.path
  access_key = "AKIAIOSFODNN7ENGINE0"
  secret_key = env("AWS_SECRET")
}

resource "vault_aws_static_role" "nightly" {
  mount           = vault_aws_mount.aws.path
  name            = "nightly"
  username        = "${username}"
  rotation_period = "${period}"
  depends_on      = [vault_aws_root.aws]
}
`

conforms({
  name: 'vault_aws_static_role',
  address: 'vault_aws_static_role.nightly',
  generations: ['C'],
  service: vault,
  named: true,
  declared: declare('backup', '24h'),
  updated: declare('backup', '12h'),
  drift: (plane) => behind(plane, 'POST', 'data/aws/static-roles/nightly', { rotation_period: 3600 }),
  vanish: (plane) => behind(plane, 'DELETE', 'data/aws/static-roles/nightly'),
  importId: 'data/aws/static-roles/nightly',
})
