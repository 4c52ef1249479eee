import t from 'tap'
import { Secret } from '../../../src/core/secret.js'
import { accessesOf } from '../../../src/providers/tines/accesses.js'

const role = 'arn:aws:iam::123456789012:role/x'
const keys = { aws_access_key: new Secret('AKIA'), aws_secret_key: new Secret('s') }

t.test('a role is assumed by Tines, under the external id that it gave', async (t) => {
  const inputs = { mode: 'AWS', aws_authentication_type: 'ROLE', aws_assumed_role_external_id: 'tines-1' }
  t.strictSame(accessesOf({ ...inputs, aws_assumed_role_arn: role }), [
    { role, assumedBy: 'Tines', externalId: 'tines-1' },
  ])
  t.match(accessesOf({ ...inputs, aws_assumed_role_arn: null }), [{ missing: /not give it back/ }])
})

t.test('keys are tried, alone or for the role that they assume', async (t) => {
  const inputs = { mode: 'AWS', aws_authentication_type: 'KEY', ...keys }
  t.match(accessesOf(inputs), [{ keys: { id: 'AKIA' } }])
  t.match(accessesOf({ ...inputs, aws_access_key: 'AKIA' }), [{ keys: { id: 'AKIA' } }])
  t.match(accessesOf({ ...inputs, aws_assumed_role_arn: role }), [{ keys: { id: 'AKIA' }, role }])
  t.match(
    accessesOf({ ...inputs, aws_access_key: 'AKIA' }),
    [{ keys: { id: 'AKIA' } }],
    'its id is no secret',
  )
  t.match(accessesOf({ ...inputs, aws_secret_key: null }), [{ missing: /not at hand/ }])
})

t.test("what is not AWS has no access, and a machine's profile none from here", async (t) => {
  t.strictSame(accessesOf({ mode: 'TEXT' }), [])
  t.match(accessesOf({ mode: 'AWS', aws_authentication_type: 'INSTANCE_PROFILE' }), [{ missing: /machine/ }])
})
