import { conforms } from './conformance.js'
import { behind, mount, mountAnew, vault } from './vault.js'

const declare = (region: string, more = '') => `
${mount}
resource "vault_aws_root" "aws" {
  mount      = vault_aws_mount.aws.path
  access_key = "AKIAIOSFODNN7ENGINE0"
  secret_key = env("AWS_SECRET")
  region     = "${region}"
  ${more}
}
`

conforms({
  name: 'vault_aws_root',
  address: 'vault_aws_root.aws',
  generations: ['C'],
  service: vault,
  named: true,
  declared: declare('eu-west-1', 'sts_endpoint = "https://sts.eu-west-1.amazonaws.com"'),
  updated: declare(
    'eu-central-1',
    `max_retries        = 3
  role_arn           = "arn:aws:iam::111111111111:role/engine"
  identity_token_ttl = "2h"
  rotation_policy    = "patient"`,
  ),
  drift: (plane) =>
    behind(plane, 'POST', 'data/aws/config/root', {
      access_key: 'AKIAIOSFODNN7ENGINE0',
      secret_key: 'wJalrXUtnFEMI/EXAMPLE',
      region: 'us-west-2',
    }),
  vanish: mountAnew,
})
