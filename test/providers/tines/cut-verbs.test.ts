import t from 'tap'
import type { Inputs, Outputs, ResourceType } from '../../../src/core/resource.js'
import { Secret } from '../../../src/core/secret.js'
import type { TinesApi } from '../../../src/providers/tines/api.js'
import { credential } from '../../../src/providers/tines/credential.js'
import { testCredential } from '../../../src/providers/tines/test-credential.js'
import { callTines, tines } from '../../fixtures/tines-calls.js'
import { openTinesBench, type TinesBench, tinesInputs } from '../../fixtures/tines-connection.js'

/*
 * Each verb is cut after its first, second, … request, and what it was to do is done by another run: what an interrupted create made is
 * found by its key and updated, as the engine does.
 */

const text = tinesInputs({ mode: 'TEXT', value: new Secret('one'), description: 'd' })
const twin = tinesInputs({ live_credential_id: '1', mode: 'TEXT', value: new Secret('two') }, testCredential)

type Verb = (bench: TinesBench, api: TinesApi) => Promise<unknown>

/** Creates; a later run finds what is there already. */
const makes =
  (type: ResourceType<TinesApi>, inputs: Inputs): Verb =>
  async (bench, api) => {
    const found = await type.find(bench.api({ readOnly: true }), inputs)
    if (found === undefined) await type.create(api, inputs)
    else await type.update!(api, inputs, found, undefined)
  }

const found = async (bench: TinesBench, type: ResourceType<TinesApi>) =>
  (await type.read(bench.api({ readOnly: true }), '1')) as Outputs

const verbs: Readonly<Record<string, { prepare?: Verb; verb: Verb }>> = {
  'creating a credential': { verb: makes(credential, text) },
  'updating a credential': {
    prepare: makes(credential, text),
    verb: async (bench, api) => {
      const inputs = { ...text, name: 'other', value: new Secret('three') }
      await credential.update!(api, inputs, await found(bench, credential), undefined)
    },
  },
  'deleting a credential': {
    prepare: makes(credential, text),
    verb: (_, api) => credential.delete(api, {} as never, { id: '1' }),
  },
  'creating a test credential': { prepare: makes(credential, text), verb: makes(testCredential, twin) },
  'creating a test credential that was barred from use': {
    async prepare(bench, api) {
      await makes(credential, text)(bench, api)
      await makes(testCredential, twin)(bench, api)
      await tines(bench.plane, 'PUT', '/user_credentials/1', { mode: 'TEXT', test_credential_enabled: false })
    },
    verb: makes(testCredential, twin),
  },
  'destroying a test credential': {
    async prepare(bench, api) {
      await makes(credential, text)(bench, api)
      await makes(testCredential, twin)(bench, api)
    },
    verb: (_, api) => testCredential.delete(api, {} as never, { id: '1', mode: 'TEXT' }),
  },
}

for (const [name, { prepare, verb }] of Object.entries(verbs)) {
  t.test(`${name} converges when it is cut after any of its requests`, async (t) => {
    const open = async () => {
      const bench = await openTinesBench(t)
      await prepare?.(bench, bench.api())
      return bench
    }
    const contents = async ({ plane }: TinesBench) => {
      const { body } = await callTines(plane, 'GET', '/user_credentials')
      return JSON.parse(
        JSON.stringify(body, (key, value) => (/_at$|_id$|^meta$/.test(key) && value !== null ? 'x' : value)),
      )
    }
    const calm = await open()
    await verb(calm, calm.api())
    const expected = await contents(calm)
    for (let n = 1; ; n++) {
      t.ok(n < 20, 'the verb ends')
      const bench = await open()
      const outcome = await verb(bench, bench.apiKilledAfter(n)).then(
        () => 'done',
        () => 'killed',
      )
      if (outcome === 'done') break
      await verb(bench, bench.api())
      t.strictSame(await contents(bench), expected, `cut after ${n}`)
    }
  })
}

t.test(
  'what the twin of another mode would be is an error, as is one of a credential that is gone',
  async (t) => {
    const bench = await openTinesBench(t)
    await t.rejects(testCredential.create(bench.api(), twin), { message: /there is no credential 1/ })
    const aws = { mode: 'AWS', aws_authentication_type: 'INSTANCE_PROFILE' }
    await credential.create(bench.api(), tinesInputs(aws))
    await t.rejects(testCredential.create(bench.api(), twin), { message: /credential 1 has the mode AWS/ })
  },
)

t.test('a destroyed test credential says what had to stay', async (t) => {
  const bench = await openTinesBench(t)
  await credential.create(bench.api(), text)
  const made = await testCredential.create(bench.api(), twin)
  t.match(await testCredential.delete(bench.api(), {} as never, made), {
    left: /^The test credential of credential 1 had to stay at the service, barred from use/,
  })
  t.equal(await testCredential.read(bench.api(), '1'), undefined)
  t.match(await tines(bench.plane, 'GET', '/user_credentials/1'), { test_credential_enabled: false })
})
