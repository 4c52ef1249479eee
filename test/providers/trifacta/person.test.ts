import t from 'tap'
import { ServiceError } from '../../../src/core/resource.js'
import { Secret } from '../../../src/core/secret.js'
import { person } from '../../../src/providers/trifacta/person.js'
import { addPerson, list } from '../../fixtures/test-plane.js'
import {
  createOrFinish,
  inputsFor,
  killEverywhere,
  openBench,
  rowOf,
} from '../../fixtures/trifacta-connection.js'

const jane = (given = {}) => inputsFor('trifacta_person', { email: 'jane@example.com', ...given })

t.test('an account is created with a random password, and read back', async (t) => {
  const { api } = await openBench(t)
  const made = await person.create(api(), jane({ is_admin: true, output_home_dir: '/home/jane' }))
  t.match(made, {
    id: '2',
    email: 'jane@example.com',
    name: 'jane@example.com',
    is_admin: true,
    is_disabled: false,
    output_home_dir: '/home/jane',
  })
  t.strictSame(await person.read(api(), made.id), made)
  t.equal(await person.read(api(), '77'), undefined)
})

t.test('an account is found by its e-mail address in any case, beyond the first page', async (t) => {
  const { plane, api } = await openBench(t)
  for (let i = 0; i < 30; i++) await addPerson(plane, `user${i}@example.com`)
  const id = await addPerson(plane, 'Jane.Doe@Example.com')
  const found = await person.find(api(), jane({ email: 'jane.doe@example.com' }))
  t.match(found, { id: String(id), email: 'jane.doe@example.com' })
  t.equal(await person.find(api(), jane({ email: 'nobody@example.com' })), undefined)
  t.match(await person.importId?.(api(), 'jane.DOE@example.com'), { id: String(id) })
  t.strictSame(person.normalize?.(jane({ email: 'Jane.Doe@Example.com' })).email, 'jane.doe@example.com')
})

t.test('only what is declared and differs is changed', async (t) => {
  const { plane, api, requests } = await openBench(t)
  const id = String(await addPerson(plane, 'jane@example.com'))
  const current = await person.read(api(), id)
  requests.length = 0
  await person.update?.(api(), jane({ name: 'jane' }), current!, undefined)
  t.strictSame(requests, [`GET /v4/people/${id}`])
  const after = await person.update?.(
    api(),
    jane({ name: 'Jane Doe', is_disabled: true }),
    current!,
    undefined,
  )
  t.match(after, { name: 'Jane Doe', is_disabled: true, is_admin: false })
})

t.test('a declared password is sent, but not at a trusting adoption', async (t) => {
  const { plane, api, requests } = await openBench(t)
  const id = String(await addPerson(plane, 'jane@example.com'))
  const current = (await person.read(api(), id))!
  const inputs = jane({ password: new Secret('correct horse'), on_adopt: 'trust' })
  requests.length = 0
  await person.update?.(api(), inputs, current, undefined)
  t.notOk(requests.some((r) => r.startsWith('PATCH')))
  await person.update?.(api(), inputs, current, rowOf('trifacta_person', inputs, current))
  t.ok(requests.includes(`PATCH /v4/people/${id}`))
})

t.test('destroying disables what was created, keeps what was taken over, or does as told', async (t) => {
  const { plane, api } = await openBench(t)
  const make = async (email: string) => (await person.create(api(), jane({ email }))) as never
  const row = (out: never, more = {}) => rowOf('trifacta_person', jane(), out, more)
  const own = await make('own@example.com')
  t.strictSame(await person.delete(api(), row(own), own), {})
  const found = await make('found@example.com')
  t.equal(person.onDestroy?.(row(found, { origin: 'adopted' })), 'keep')
  t.strictSame(await person.delete(api(), row(found, { origin: 'adopted' }), found), {})
  const told = await make('told@example.com')
  t.strictSame(await person.delete(api(), row(told, { onDestroy: 'delete' }), told), {})
  t.strictSame(await person.delete(api(), row(told, { onDestroy: 'delete' }), told), {}, 'again is fine')
  t.strictSame(
    (await list(plane, '/people'))
      .map((p) => [p.email, p.isDisabled])
      .filter(([email]) => email !== 'admin@localhost')
      .sort(),
    [
      ['found@example.com', false],
      ['own@example.com', true],
    ],
  )
})

t.test('whoever is signed in is neither disabled nor deleted', async (t) => {
  const { api } = await openBench(t)
  const self = (await person.read(api(), '1'))!
  for (const onDestroy of ['disable', 'delete']) {
    const row = rowOf('trifacta_person', jane(), self, { onDestroy })
    await t.rejects(person.delete(api(), row, self), { message: /the account that is signed in here/ })
  }
  const inputs = jane({ email: String(self.email), is_disabled: true })
  await t.rejects(async () => person.update?.(api(), inputs, self, undefined), /signed in here/)
  t.equal((await person.read(api(), '1'))?.is_disabled, false)
})

t.test(
  'in release 6.0, which does not say who is signed in, only who gives no name is let through',
  async (t) => {
    const made = async (given = {}) => {
      const { api } = await openBench(t, { generation: 'A' }, { generation: 'A', ...given })
      const out = await person.create(api(), jane())
      return { api, out, row: rowOf('trifacta_person', jane(), out) }
    }
    const open = await made()
    t.strictSame(await person.delete(open.api(), open.row, open.out), {})
    t.equal((await person.read(open.api(), '2'))?.is_disabled, true)
    const token = await made({ token: new Secret('t0ken') })
    await t.rejects(async () => person.delete(token.api(), token.row, token.out), {
      message: /cannot be told whether/,
    })
    const named = await made({ username: 'root@example.com', password: new Secret('p') })
    t.strictSame(await person.delete(named.api(), named.row, named.out), {})
    const own = await made({ username: 'Jane@example.com', password: new Secret('p') })
    await t.rejects(async () => person.delete(own.api(), own.row, own.out), { message: /signed in here/ })
  },
)

t.test('a create does not take over an account that appeared since the plan', async (t) => {
  const { plane, api } = await openBench(t)
  await addPerson(plane, 'jane@example.com')
  await t.rejects(person.create(api(), jane({ is_disabled: true })), {
    message:
      /creating the person jane@example.com: there is an account with this address already \(person 2\)/,
    facts: { help: /plan again/ },
  })
  t.equal((await person.read(api(), '2'))?.is_disabled, false)
})

t.test('a service without the calls that change accounts says what to do instead', async (t) => {
  const { api } = await openBench(t, { allowPeopleWrites: false })
  const error = await person.create(api(), jane()).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ServiceError)) throw error
  t.match(
    error.message,
    'creating the person jane@example.com: this service has no call that creates accounts',
  )
  t.match(error.facts.help, /Invite jane@example.com/)
})

t.test('a token that may not see all is told so, not shown less', async (t) => {
  let who = 'admin@localhost'
  const { plane, api } = await openBench(t, { authenticate: async () => who })
  const id = String(await addPerson(plane, 'jane@example.com'))
  await addPerson(plane, 'clerk@example.com')
  who = 'clerk@example.com'
  await t.rejects(person.read(api(), id), /does not show whether the account is an administrator/)
  await t.rejects(person.find(api(), jane()), /does not show/)
})

t.test('what widens or takes access is said', async (t) => {
  const before = { id: '2', email: 'jane@example.com', is_disabled: true, is_admin: false }
  const said = (change: Parameters<NonNullable<typeof person.consequences>>[0]) =>
    person.consequences?.(change).map((c) => `${c.kind}: ${c.text}`)
  t.strictSame(said({ before, after: jane({ is_disabled: false, is_admin: true }) }), [
    'widens-access: jane@example.com can sign in again.',
    'widens-access: jane@example.com becomes an administrator.',
  ])
  t.strictSame(said({ before, prior: rowOf('trifacta_person', jane(), before) }), [
    'loses-access: jane@example.com can no longer sign in: the account is disabled.',
  ])
  t.strictSame(said({ before, prior: rowOf('trifacta_person', jane(), before, { origin: 'adopted' }) }), [
    'note: The account jane@example.com stays as it is.',
  ])
})

t.test('every verb converges when it is run again after an interruption', async (t) => {
  // What a create has made that was cut off is found by its address, and updated.
  const create = await killEverywhere(t, async () => {
    const inputs = jane({ is_admin: true, output_home_dir: '/x', password: new Secret('pw') })
    return (api) => createOrFinish(person, api, inputs)
  })
  t.ok(create.length > 3)
  for (const end of create) t.strictSame(end, create[0])

  const update = await killEverywhere(t, async ({ plane, api }) => {
    const id = String(await addPerson(plane, 'jane@example.com'))
    const current = (await person.read(api(), id))!
    return async (api) => person.update?.(api, jane({ name: 'J', is_disabled: true }), current, undefined)
  })
  for (const end of update) t.strictSame(end, update[0])

  for (const onDestroy of ['disable', 'delete']) {
    const ends = await killEverywhere(t, async ({ plane, api }) => {
      const id = String(await addPerson(plane, 'jane@example.com'))
      const current = (await person.read(api(), id))!
      return (api) => person.delete(api, rowOf('trifacta_person', jane(), current, { onDestroy }), current)
    })
    t.ok(ends.length > 2)
    for (const end of ends) t.strictSame(end, ends[0])
  }
})
