import t from 'tap'
import { didYouMean, nearest } from '../../src/core/nearest.js'

const names = ['external_id', 'default_bucket', 'extra_buckets', 'role', 'upper', 'regex', 'regexall', 'a']

t.test('a slip of the finger finds the name', async (t) => {
  t.equal(nearest('externalid', names), 'external_id')
  t.equal(nearest('external-id', names), 'external_id')
  t.equal(nearest('External_ID', names), 'external_id')
  t.equal(nearest('defualt_bucket', names), 'default_bucket')
  t.equal(nearest('extra_bucket', names), 'extra_buckets')
  t.equal(nearest('uper', names), 'upper')
  t.equal(nearest('regexal', names), 'regexall')
})

t.test('what is not near is not guessed', async (t) => {
  t.equal(nearest('password', names), undefined)
  t.equal(nearest('b', names), undefined)
  t.equal(nearest('up', names), undefined)
  t.equal(nearest('x'.repeat(10_000), names), undefined)
  t.equal(nearest('role', []), undefined)
})

t.test('the sentence for a message', async (t) => {
  t.equal(didYouMean('rol', names), 'Did you mean "role"?')
  t.equal(didYouMean('unheard', names), undefined)
})
