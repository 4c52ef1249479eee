import { call } from '../fixtures/test-plane.js'
import { conforms } from './conformance.js'
import { withKeys } from './trifacta-texts.js'

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
