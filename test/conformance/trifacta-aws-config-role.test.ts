import { call } from '../fixtures/test-plane.js'
import { conforms } from './conformance.js'
import { withRole } from './trifacta-texts.js'

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
