import t from 'tap'
import { matcher, peopleData } from '../../../src/providers/trifacta/data-people.js'
import { personData } from '../../../src/providers/trifacta/data-person.js'
import { addPerson, call } from '../../fixtures/test-plane.js'
import { openBench } from '../../fixtures/trifacta-connection.js'

t.test('a person is looked up by e-mail address, and missing one is an error', async (t) => {
  const { plane, api } = await openBench(t)
  const id = String(await addPerson(plane, 'Jane@Example.com'))
  t.match(await personData.read(api({ readOnly: true }), { email: 'jane@example.COM' }), {
    id,
    email: 'jane@example.com',
    is_admin: false,
    is_disabled: false,
  })
  await t.rejects(personData.read(api({ readOnly: true }), { email: 'x@y' }), {
    message: 'looking for the person x@y: there is no account with this e-mail address',
  })
})

t.test('who is not an administrator sees a person in part', async (t) => {
  let who = 'admin@localhost'
  const { plane, api } = await openBench(t, { authenticate: async () => who })
  await addPerson(plane, 'clerk@example.com')
  who = 'clerk@example.com'
  t.match(await personData.read(api({ readOnly: true }), { email: 'admin@localhost' }), {
    id: '1',
    email: 'admin@localhost',
    is_disabled: null,
  })
  const all = { email_pattern: null, disabled: null }
  t.equal(((await peopleData.read(api({ readOnly: true }), all)).people as readonly unknown[]).length, 2)
  await t.rejects(
    peopleData.read(api({ readOnly: true }), { ...all, disabled: true }),
    /does not show which accounts/,
  )
})

t.test(
  'people are filtered by pattern and state, all pages of them, in the order of their addresses',
  async (t) => {
    const { plane, api } = await openBench(t)
    for (let i = 0; i < 27; i++) await addPerson(plane, `user${String(i).padStart(2, '0')}@example.com`)
    const other = await addPerson(plane, 'zoe@other.example')
    await call(plane, 'PATCH', `/people/${other}`, { isDisabled: true })
    const emails = async (email_pattern: string | null, disabled: boolean | null) =>
      (
        (await peopleData.read(api({ readOnly: true }), { email_pattern, disabled }))
          .people as readonly ReadonlyMap<string, unknown>[]
      ).map((entry) => entry.get('email'))
    t.equal((await emails(null, null)).length, 29)
    t.strictSame(
      await emails('USER0?@example.com', null),
      [...Array(10).keys()].map((i) => `user0${i}@example.com`),
    )
    t.strictSame(await emails(null, true), ['zoe@other.example'])
    t.strictSame(await emails('*@example.com', true), [])
  },
)

t.test('a pattern matches whole addresses, and no pattern is slow', async (t) => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['*@example.com', 'a@example.com', true],
    ['*@example.com', 'a@example.com.org', false],
    ['a.c@x', 'abc@x', false],
    ['a?c@x', 'abc@x', true],
    ['**', '', true],
    ['*a*b*', 'xxaxxbxx', true],
    ['a*', 'ba', false],
    ['', 'a', false],
  ]
  for (const [pattern, text, expected] of table)
    t.equal(matcher(pattern)(text), expected, `${pattern} ${text}`)
  t.notOk(matcher(`${'*a'.repeat(40)}b`)('a'.repeat(2000)))
})
