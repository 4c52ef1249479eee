import t from 'tap'
import { Secret } from '../../../src/core/secret.js'
import { accessesOf } from '../../../src/providers/trifacta/accesses.js'

const role = 'arn:aws:iam::123456789012:role/x'
const buckets = { default_bucket: 'a', extra_buckets: ['b', 'a'] }

t.test('each bucket of a configuration is a way, by its role and external id or with its keys', async (t) => {
  const temporary = { credential_provider: 'temporary', role, external_id: 'tri-1', ...buckets }
  t.strictSame(
    accessesOf(temporary),
    ['a', 'b'].map((bucket) => ({ role, assumedBy: 'Trifacta', externalId: 'tri-1', bucket })),
  )
  const secret = new Secret('s')
  t.strictSame(
    accessesOf({ credential_provider: 'default', key: new Secret('AKIA'), secret, ...buckets }),
    ['a', 'b'].map((bucket) => ({ keys: { id: 'AKIA', secret }, bucket })),
  )
})

t.test('without a bucket the identity is left, and without keys at hand a reason', async (t) => {
  t.strictSame(accessesOf({ credential_provider: 'temporary', role }), [{ role, assumedBy: 'Trifacta' }])
  t.match(accessesOf({ credential_provider: 'default', key: null, secret: null, ...buckets }), [
    { missing: /not at hand/ },
  ])
  t.strictSame(accessesOf({ credential_provider: 'temporary', role: null }), [])
})
