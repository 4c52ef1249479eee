import t from 'tap'
import { accessChanges } from '../../../src/providers/trifacta/access-changes.js'

const config = (role: string | null, first: string | null, extra: readonly string[] | null = []) => ({
  id: '7',
  role,
  default_bucket: first,
  extra_buckets: extra,
})
const said = (before: ReturnType<typeof config>, after: ReturnType<typeof config>) =>
  accessChanges(before, after).map(({ kind, text }) => `${kind}: ${text}`)

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
