import t from 'tap'
import { conceal, concealJson } from '../../src/http/conceal.js'

const secret = 'wJa/l+rX&"m<é\\ 1'

t.test('a secret is found however it is written', (t) => {
  const json = JSON.stringify(secret).slice(1, -1)
  const forms = {
    plain: secret,
    json,
    'json with escaped slashes': json.replaceAll('/', '\\/'),
    'json with escaped letters': json.replace('é', '\\u00E9').replace('&', '\\u0026').replace('+', '\\u002b'),
    'in a query': encodeURIComponent(secret),
    'in a form': encodeURIComponent(secret).replaceAll('%20', '+').replace('%2F', '%2f'),
    'in a page': secret
      .replace('&', '&amp;')
      .replace('"', '&quot;')
      .replace('<', '&lt;')
      .replace('/', '&#x2F;')
      .replace('é', '&#233;'),
  }
  for (const [how, text] of Object.entries(forms))
    t.equal(conceal(`the value ${text} is wrong`, [secret]), 'the value (sensitive value) is wrong', how)
  t.end()
})

t.test('one secret may contain another, and none is a pattern', (t) => {
  t.equal(
    conceal('abc, ab and a.c', ['ab', 'abc', 'a.c', '']),
    '(sensitive value), (sensitive value) and (sensitive value)',
  )
  t.equal(
    conceal('abc then t', ['abc', 't', 'v']),
    '(sensitive value) (sensitive value)hen (sensitive value)',
  )
  t.equal(conceal('$& costs 1', ['$&']), '(sensitive value) costs 1')
  t.equal(conceal('axc', ['a.c']), 'axc')
  t.end()
})

t.test('in JSON the texts are searched and the names of members stay', (t) => {
  t.strictSame(concealJson({ exception: { details: ['no e here', 1, null, true] } }, ['e']), {
    exception: { details: ['no (sensitive value) h(sensitive value)r(sensitive value)', 1, null, true] },
  })
  t.end()
})

t.test('a text that was written into another, and that into a third, hides no secret', async (t) => {
  const secret = '"\\/+=&%<é core-of-it'
  const url = (text: string) => encodeURIComponent(text)
  const html = (text: string) => text.replace(/[^a-z0-9 ]/gi, (c) => `&#${c.codePointAt(0)};`)
  const named = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const json = (text: string) => JSON.stringify(text)
  const writers = { url, html, named, json }
  for (const [a, first] of Object.entries(writers))
    for (const [b, second] of Object.entries(writers))
      for (const [c, third] of Object.entries({ ...writers, nothing: (text: string) => text })) {
        const said = conceal(`before ${third(second(first(secret)))} after`, [secret])
        t.notMatch(said, /core-of-it/, `${a} in ${b} in ${c}: ${said}`)
        t.match(said, /^before .*after$/)
      }
})

t.test('what is concealed in several ways at one place is covered once, and the rest stays', async (t) => {
  t.equal(
    conceal('a%20b and a b, 100% & more', ['a b']),
    '(sensitive value) and (sensitive value), 100% & more',
  )
  t.equal(conceal('x'.repeat(200_000), ['secret']).length, 20_001)
})
