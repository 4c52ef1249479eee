import { callTines } from '../fixtures/tines-calls.js'
import { conforms } from './conformance.js'
import { addTeams, text, tinesService } from './tines-texts.js'

const twin = (value: string) => `${text()}
resource "tines_test_credential" "c" {
  live_credential_id = tines_credential.c.id
  mode               = "TEXT"
  value              = ${value}
}
`

conforms({
  name: 'tines_test_credential',
  address: 'tines_test_credential.c',
  generations: ['C'],
  service: tinesService,
  prepare: addTeams,
  declared: twin('env("AWS_KEY")'),
  updated: twin('"${env("AWS_KEY")}-2"'),
  // It is reached by the number of the live one.
  reused: ['C'],
  vanish: (plane, id) => callTines(plane, 'DELETE', `/user_credentials/${id}`),
})
