import t from 'tap'
import { people } from '../../../src/providers/trifacta/lists.js'
import { addPerson } from '../../fixtures/test-plane.js'
import { openBench } from '../../fixtures/trifacta-connection.js'

t.test('operations that ask for a list at one time share what is read after they asked', async (t) => {
  const { api, plane, requests } = await openBench(t)
  const listings = () => requests.filter((request) => request === 'GET /v4/people').length
  const first = people(api())
  // The first reading has begun: these share the next one, which sees what they wrote.
  const written = await addPerson(plane, 'jane@example.com')
  const others = await Promise.all([1, 2, 3, 4].map(() => people(api())))
  for (const all of others) t.ok(all.some((person) => person.id === String(written)))
  await first
  t.ok(listings() <= 6, `${listings()} requests`)
  const later = await addPerson(plane, 'joe@example.com')
  t.ok(
    (await people(api())).some((person) => person.id === String(later)),
    'nothing is kept',
  )
})

t.test('a list that cannot be read fails those who waited for it, and nobody after them', async (t) => {
  let fails = true
  const { api } = await openBench(t, {
    intercept: async (request, next) => (fails ? new Response('{}', { status: 403 }) : next(request)),
  })
  const asked = await Promise.allSettled([1, 2, 3].map(() => people(api())))
  for (const each of asked) t.match(each, { status: 'rejected', reason: /HTTP 403/ })
  fails = false
  t.equal((await people(api())).length, 1)
})
