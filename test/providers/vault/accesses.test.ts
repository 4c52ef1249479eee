import t from 'tap'
import { accessesOf } from '../../../src/providers/vault/accesses.js'

const arn = (name: string) => `arn:aws:iam::123456789012:role/${name}`

t.test('each role that can be assumed is a way, under the external id', async (t) => {
  const role_arns = [arn('a'), arn('b')]
  t.match(accessesOf({ credential_type: 'assumed_role', role_arns, external_id: 'v-1' }), [
    { role: arn('a'), externalId: 'v-1', assumedBy: /^Vault/ },
    { role: arn('b'), externalId: 'v-1' },
  ])
  t.match(accessesOf({ credential_type: 'assumed_role', role_arns, default_sts_ttl: '2h' }), [
    { durationSeconds: 7200 },
    { durationSeconds: 7200 },
  ])
  const [plain] = accessesOf({ credential_type: 'assumed_role', role_arns, external_id: null })
  t.notOk(plain !== undefined && 'externalId' in plain)
})

t.test('what issues other credentials says why it is not tried', async (t) => {
  for (const credential_type of ['iam_user', 'federation_token', 'session_token'])
    t.match(accessesOf({ credential_type, role_arns: null }), [
      { missing: new RegExp(`credentials of the type ${credential_type} are made`) },
    ])
})
