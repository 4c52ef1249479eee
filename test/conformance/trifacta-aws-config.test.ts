import { call } from '../fixtures/test-plane.js'
import { conforms } from './conformance.js'

import { withKeys, withRole } from './trifacta-texts.js'

conforms({
  name: 'trifacta_aws_config with a role',
  address: 'trifacta_aws_config.joe',
  generations: ['C', 'A'],
  reused: ['A'],
  declared: withRole('a', 'acme-joe'),
  updated: withRole('b', 'acme-joe-2'),
  drift: (plane, id) =>
    call(plane, 'PUT', `/awsConfigs/${id}`, {
      role: 'arn:aws:iam::123456789012:role/theirs',
      extraBuckets: ['acme-shared', 'acme-other'],
    }),
  vanish: (plane, id) => call(plane, 'DELETE', `/awsConfigs/${id}`),
  importId: 'Joe@example.com',
})

conforms({
  name: 'trifacta_aws_config with key and secret',
  address: 'trifacta_aws_config.joe',
  generations: ['C', 'A'],
  reused: ['A'],
  declared: withKeys('acme-joe'),
  updated: withKeys('acme-joe-2'),
  drift: (plane, id) => call(plane, 'PUT', `/awsConfigs/${id}`, { defaultBucket: 'acme-other' }),
  vanish: (plane, id) => call(plane, 'DELETE', `/awsConfigs/${id}`),
})

conforms({
  name: 'trifacta_aws_config of a workspace',
  address: 'trifacta_aws_config.workspace',
  generations: ['C'],
  ...((text: (bucket: string) => string) => ({ declared: text('acme-all'), updated: text('acme-all-2') }))(
    (bucket) => `
resource "trifacta_aws_config" "workspace" {
  workspace_id        = "1"
  credential_provider = "temporary"
  role                = "arn:aws:iam::123456789012:role/everyone"
  default_bucket      = "${bucket}"
}
`,
  ),
  drift: (plane, id) => call(plane, 'PUT', `/awsConfigs/${id}`, { defaultBucket: 'acme-other' }),
  vanish: (plane, id) => call(plane, 'DELETE', `/awsConfigs/${id}`),
})
