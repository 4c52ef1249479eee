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

t.test('what issues other credentials has no access to try', async (t) => {
  t.strictSame(accessesOf({ credential_type: 'iam_user', role_arns: null }), [])
})
