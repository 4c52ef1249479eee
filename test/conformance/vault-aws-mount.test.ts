import { conforms } from './conformance.js'
import { behind, vault } from './vault.js'

const declare = (path: string, more: string) => `
resource "vault_aws_mount" "aws" {
  path              = "${path}"
  default_lease_ttl = "1h"
  ${more}
}

resource "vault_aws_role" "ci" {
  mount           = vault_aws_mount.aws.path
  name            = "ci"
  credential_type = "iam_user"
}
`

conforms({
  name: 'vault_aws_mount',
  address: 'vault_aws_mount.aws',
  generations: ['C'],
  service: vault,
  declared: declare(
    'data/aws',
    `description                 = "For the pipelines"
  passthrough_request_headers = ["X-Team", "X-Run"]
  listing_visibility          = "unauth"`,
  ),
  updated: declare(
    'teams/data',
    `max_lease_ttl               = "24h"
  audit_non_hmac_request_keys = ["role_arn"]`,
  ),
  replaced: declare('teams/data', 'local = true'),
  drift: (plane) =>
    behind(plane, 'POST', 'sys/mounts/teams/data/tune', {
      default_lease_ttl: '5m',
      description: 'mine',
      listing_visibility: 'hidden',
    }),
  vanish: (plane) => behind(plane, 'DELETE', 'sys/mounts/teams/data'),
  importId: 'teams/data/',
})
