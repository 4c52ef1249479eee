import { conforms } from './conformance.js'
import { behind, mount, mountAnew, vault } from './vault.js'

const declare = (lease: string) => `
${mount}
resource "vault_aws_lease" "aws" {
  mount     = vault_aws_mount.aws.path
  lease     = "${lease}"
  lease_max = "12h"
}
`

conforms({
  name: 'vault_aws_lease',
  address: 'vault_aws_lease.aws',
  generations: ['C'],
  service: vault,
  named: true,
  declared: declare('30m'),
  updated: declare('3600'),
  drift: (plane) => behind(plane, 'POST', 'data/aws/config/lease', { lease: '5m', lease_max: '10m' }),
  vanish: mountAnew,
})
