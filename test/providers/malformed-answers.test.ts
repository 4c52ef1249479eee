import { randomBytes } from 'node:crypto'
import t from 'tap'
import { type Inputs, LostAnswer, type Provider, ServiceError } from '../../src/core/resource.js'
import { provider as outerproduct } from '../../src/providers/outerproduct/provider.js'
import { provider as tines } from '../../src/providers/tines/provider.js'
import { provider as trifacta } from '../../src/providers/trifacta/provider.js'
import { provider as vault } from '../../src/providers/vault/provider.js'
import { tickingClock } from '../fixtures/test-plane.js'

const nulls = (names: Iterable<string>): Inputs => Object.fromEntries([...names].map((name) => [name, null]))

/** What the natural keys of the types are made of, and nothing else. */
function inputsOf(names: Iterable<string>): Inputs {
  const keys: Inputs = {
    ...{ email: 'a@example.com', person_id: '1', role: 'arn:aws:iam::123456789012:role/a' },
    ...{ team_id: '1', name: 'a', live_credential_id: '1', credential_name: 'a', mount: 'a', path: 'a' },
  }
  return Object.fromEntries([...names].map((name) => [name, keys[name] ?? null]))
}

/** Ids that are no numbers. */
const ids: Readonly<Record<string, string>> = {
  vault_aws_root: 'a/config/root',
  vault_aws_lease: 'a/config/lease',
  vault_aws_role: 'a/roles/b',
  vault_aws_static_role: 'a/static-roles/b',
}

/** Everything that the provider reads, from a service that answers all questions with the same. */
async function readAll(provider: Provider, body: unknown): Promise<ReadonlyMap<string, unknown>> {
  const headers = { 'x-request-id': 'r-17', 'x-trifacta-request-id': 'r-17' }
  const connection = await provider.configure(
    { ...nulls(provider.schema.attributes.keys()), endpoint: 'embedded', generation: 'C' },
    {
      env: () => undefined,
      now: tickingClock(),
      random: randomBytes,
      concurrency: 4,
      embedded: async () => ({
        id: 'plane',
        fetch: async () => Response.json(body, { headers }),
        close: async () => {},
      }),
    },
  )
  const api = () => connection.api({ readOnly: true, snapshot: true })
  const outcomes = new Map<string, unknown>()
  const note = async (name: string, work: () => Promise<unknown>) => {
    outcomes.set(name, await work().catch((thrown: unknown) => thrown))
  }
  for (const [name, type] of provider.resources) {
    const inputs = inputsOf(type.schema.attributes.keys())
    await note(`${name}: read`, () => type.read(api(), ids[name] ?? '1'))
    await note(`${name}: find`, () => type.find(api(), inputs))
    const { list } = type
    if (list !== undefined)
      await note(`${name}: list`, async () => {
        for await (const one of list(api())) return one
        return undefined
      })
  }
  for (const [name, type] of provider.data)
    await note(`data ${name}`, () => type.read(api(), inputsOf(type.schema.attributes.keys())))
  await connection.close()
  return outcomes
}

for (const provider of [trifacta, tines, outerproduct, vault] as readonly Provider[]) {
  t.test(
    `an answer of ${provider.name} that has not the form it should have is named, and what to check`,
    async (t) => {
      for (const [name, outcome] of await readAll(provider, 'odd')) {
        t.match(
          outcome,
          {
            message:
              /\(HTTP 200\): the answer has not the expected form: there should be .* \[request r-17\]$/,
            facts: { status: 200, requestId: 'r-17', help: /^Check that the endpoint is that of .*\.$/ },
          },
          name,
        )
      }
    },
  )

  t.test(
    `no answer of ${provider.name}, whatever it holds, is misread without its status and request`,
    async (t) => {
      let errors = 0
      for (const body of [
        {},
        [],
        [1],
        { data: 1 },
        { data: [1] },
        { data: {} },
        { id: 0 },
        { keys: [1] },
        null,
      ])
        for (const [name, outcome] of await readAll(provider, body)) {
          t.notOk(outcome instanceof TypeError || outcome instanceof LostAnswer, name)
          if (!(outcome instanceof ServiceError) || !/form/.test(outcome.message)) continue
          errors++
          t.match(outcome.facts, { status: 200, requestId: 'r-17' }, `${name}: ${outcome.message}`)
        }
      t.ok(errors > 10, `${errors} errors`)
    },
  )
}
