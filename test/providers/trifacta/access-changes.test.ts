import t from 'tap'
import type { Inputs, Outputs } from '../../../src/core/resource.js'
import { accessChanges } from '../../../src/providers/trifacta/access-changes.js'

const config = (role: string | null, first: string | null, extra: readonly string[] | null = []) => ({
  id: '7',
  role,
  default_bucket: first,
  extra_buckets: extra,
})
const said = (before: Outputs, after: Inputs, ...changed: readonly string[]) =>
  accessChanges(before, after, new Set(changed)).map(({ kind, text }) => `${kind}: ${text}`)

t.test('another role may allow anything: it widens access', async (t) => {
  t.strictSame(said(config('arn:a', 'x'), config('arn:b', 'x')), [
    'widens-access: AWS is reached as arn:b, instead of arn:a.',
  ])
  t.strictSame(said(config(null, 'x'), config('arn:b', 'x')), ['widens-access: AWS is reached as arn:b.'])
  t.strictSame(said(config('arn:a', 'x'), config('arn:a', 'x')), [])
})

t.test('buckets that come and go are named, whichever of the two attributes they are in', async (t) => {
  t.strictSame(said(config('r', 'x', ['y', 'z']), config('r', 'y', ['x', 'new', 'other'])), [
    'widens-access: Buckets new, other can be reached.',
    'loses-access: Bucket z can no longer be reached.',
  ])
  const many = Array.from({ length: 12 }, (_, i) => `b${i}`)
  t.match(said(config('r', 'x'), config('r', 'x', many)), [/b8, b9 and 2 more can be reached/])
})

t.test('nothing is said of what is known only after apply', async (t) => {
  t.strictSame(said(config('r', 'x', ['y']), config(null, null, ['z'])), [])
  t.strictSame(said(config('r', 'x', ['y']), config('r', 'x', null)), [])
})

t.test('keys may allow anything too: instead of a role, or other ones than before', async (t) => {
  const role = { ...config('arn:a', 'x'), credential_provider: 'temporary' }
  const keys = { ...config(null, 'x'), credential_provider: 'default' }
  t.strictSame(said(role, keys, 'credential_provider', 'role', 'key', 'secret'), [
    'widens-access: AWS is reached with the key and secret that are declared: they may allow more than arn:a, which they replace.',
  ])
  t.strictSame(said(keys, keys, 'key', 'secret'), [
    'widens-access: AWS is reached with the key and secret that are declared: they may allow more than the former ones.',
  ])
  t.strictSame(said(keys, keys, 'secret'), [], 'the same key is the same account of AWS')
})
