import { call } from '../fixtures/test-plane.js'
import { conforms } from './conformance.js'

import { withKeys, withRole } from './trifacta-texts.js'

const role = (config: string, name: string) => `
${withRole('main', 'acme-joe')}
${withKeys('acme-jil').replaceAll('joe', 'jil')}
resource "trifacta_aws_role" "second" {
  aws_config_id = trifacta_aws_config.${config}.id
  role          = "arn:aws:iam::123456789012:role/${name}"
}
`

conforms({
  name: 'trifacta_aws_role',
  address: 'trifacta_aws_role.second',
  generations: ['C'],
  declared: role('joe', 'second'),
  updated: role('joe', 'second-2'),
  replaced: role('jil', 'second-2'),
  drift: (plane, id) =>
    call(plane, 'PUT', `/awsRoles/${id}`, { role: 'arn:aws:iam::123456789012:role/theirs' }),
  vanish: (plane, id) => call(plane, 'DELETE', `/awsRoles/${id}`),
})
