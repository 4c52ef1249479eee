import { callTines } from '../fixtures/tines-calls.js'
import { conforms } from './conformance.js'
import { addTeams, tinesService, withRole } from './tines-texts.js'

conforms({
  name: 'tines_credential of AWS with a role',
  address: 'tines_credential.c',
  generations: ['C'],
  service: tinesService,
  prepare: addTeams,
  declared: withRole('first'),
  updated: withRole('second', 'use_static_external_id = true\n  expires_at = "2027-01-31"'),
  replaced: withRole('second', 'expires_at = "2027-01-31T01:00:00+01:00"', 3),
  drift: (plane, id) =>
    callTines(plane, 'PUT', `/user_credentials/${id}`, { mode: 'AWS', name: 'AWS Role', expires_at: null }),
  vanish: (plane, id) => callTines(plane, 'DELETE', `/user_credentials/${id}`),
})
