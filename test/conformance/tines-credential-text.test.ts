import { callTines } from '../fixtures/tines-calls.js'
import { conforms } from './conformance.js'
import { addTeams, text, tinesService } from './tines-texts.js'

conforms({
  name: 'tines_credential of text',
  address: 'tines_credential.c',
  generations: ['C'],
  service: tinesService,
  prepare: addTeams,
  declared: text(),
  updated: text('read_access = "SPECIFIC_TEAMS"\n  shared_team_slugs = ["network"]'),
  drift: (plane, id) =>
    callTines(plane, 'PUT', `/user_credentials/${id}`, { mode: 'TEXT', read_access: 'GLOBAL' }),
  vanish: (plane, id) => callTines(plane, 'DELETE', `/user_credentials/${id}`),
})
