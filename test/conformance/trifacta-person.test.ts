import { call } from '../fixtures/test-plane.js'
import { conforms } from './conformance.js'

import { person } from './trifacta-texts.js'

conforms({
  name: 'trifacta_person',
  address: 'trifacta_person.jane',
  generations: ['C', 'A'],
  declared: person('jane', 'name = "Jane"'),
  updated: person(
    'jane',
    'name = "Jane Doe"\n  output_home_dir = "/home/jane"\n  password = env("AWS_SECRET")',
  ),
  replaced: person('jane', 'name = "Jane Roe"').replace('jane@', 'Jane.Roe@'),
  drift: (plane, id) => call(plane, 'PATCH', `/people/${id}`, { name: 'Someone else' }),
  vanish: (plane, id) => call(plane, 'DELETE', `/people/${id}`),
  importId: 'jane.roe@EXAMPLE.com',
})
