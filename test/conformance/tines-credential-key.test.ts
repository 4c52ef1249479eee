import { callTines } from '../fixtures/tines-calls.js'
import { conforms } from './conformance.js'
import { addTeams, tinesService, withKey } from './tines-texts.js'

conforms({
  name: 'tines_credential of AWS with a key',
  address: 'tines_credential.c',
  generations: ['C'],
  service: tinesService,
  prepare: addTeams,
  declared: withKey(),
  updated: withKey(
    'description = "prod"\n  allowed_hosts = ["*.amazonaws.com"]\n  metadata = { owner = "soc" }',
  ),
  replaced: withKey('description = "prod"', 'AWS prod', 3),
  drift: (plane, id) =>
    callTines(plane, 'PUT', `/user_credentials/${id}`, { mode: 'AWS', description: 'theirs' }),
  vanish: (plane, id) => callTines(plane, 'DELETE', `/user_credentials/${id}`),
  importId: '3/aws PROD',
})
