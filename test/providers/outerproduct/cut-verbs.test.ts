import { randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import type { AwsAccess } from '../../../src/aws/access.js'
import type { Inputs, Outputs, ResourceType } from '../../../src/core/resource.js'
import { Secret } from '../../../src/core/secret.js'
import type { OuterproductApi } from '../../../src/providers/outerproduct/api.js'
import { s3Connector } from '../../../src/providers/outerproduct/s3-connector.js'
import {
  databricksConnector,
  snowflakeConnector,
} from '../../../src/providers/outerproduct/warehouse-connectors.js'
import { openSandbox } from '../../../src/server/sandbox/sandbox.js'
import { ask, awsFixture } from '../../conformance/outerproduct.js'
import { killedAfter } from '../../fixtures/killed-after.js'
import { openTestPlane } from '../../fixtures/test-plane.js'
import { connectTo, writes } from './connection.js'

/*
 * Each verb is cut after its first, second, … request, and what it was to do is done by another run.
 */

const kinds: readonly (readonly [ResourceType<OuterproductApi>, Inputs])[] = [
  [
    s3Connector,
    {
      credential_name: 'c',
      role_arn: 'arn:aws:iam::222222222222:role/reader',
      bucket_uri: 's3://data/in/',
      expected_bucket_owner_account_id: '222222222222',
    },
  ],
  [
    snowflakeConnector,
    {
      credential_name: 'c',
      username: 'me',
      password: new Secret('hunter2'),
      account: 'acme',
      database: 'SALES',
      schema_name: 'PUBLIC',
      warehouse: null,
    },
  ],
  [
    databricksConnector,
    {
      credential_name: 'c',
      access_token: new Secret('dapi'),
      server_hostname: 'adb.example.com',
      http_path: '/sql/1',
      catalog: null,
      schema_name: null,
    },
  ],
]

async function open(t: Test) {
  const sandbox = await openSandbox({
    fixture: awsFixture,
    file: 'aws.yaml',
    database: ':memory:',
    now: () => new Date(),
    random: randomBytes,
  })
  const access: AwsAccess = {
    env: () => undefined,
    answer: (request) => sandbox.fetch(request),
    ...(sandbox.identity !== undefined && { identity: sandbox.identity }),
  }
  const plane = await openTestPlane({ aws: async () => access })
  t.teardown(async () => {
    await plane.close()
    await sandbox.close()
  })
  const connection = await connectTo(t, (request) => plane.fetch(request))
  const api = (call: typeof writes | { readOnly: true; snapshot: false } = writes) => connection.api(call)
  return {
    api,
    /** A client that dies, as its process would, right after the service did request number `n`. */
    killedAfter: (n: number): OuterproductApi => killedAfter(api(), n),
    contents: async () => {
      const all = (await (await ask(plane, 'GET', '')).json()) as readonly Record<string, unknown>[]
      return all.map(({ id: _id, created_at: _created, updated_at: _updated, ...rest }) => rest)
    },
  }
}

type Bench = Awaited<ReturnType<typeof open>>

for (const [type, inputs] of kinds) {
  /** Creates; a later run finds what is there already, and that is all: there is no update. */
  const create = async (bench: Bench, api: OuterproductApi) => {
    if ((await type.find(bench.api({ readOnly: true, snapshot: false }), inputs)) === undefined)
      await type.create(api, inputs)
  }
  const remove = async (bench: Bench, api: OuterproductApi) => {
    const there = await type.find(bench.api(), inputs)
    if (there !== undefined) await type.delete(api, {} as never, there as Outputs)
  }
  const verbs = { create: { prepare: undefined, verb: create }, delete: { prepare: create, verb: remove } }
  for (const [name, { prepare, verb }] of Object.entries(verbs))
    t.test(`${name} of ${type.schema.type} converges when it is cut after any request`, async (t) => {
      const bench = await open(t)
      await prepare?.(bench, bench.api())
      const before = await bench.contents()
      await verb(bench, bench.api())
      const expected = await bench.contents()
      t.notSame(expected, before)
      let cuts = 0
      for (let n = 1; n < 10; n++) {
        // Back to where it began.
        await (name === 'create' ? remove : create)(bench, bench.api())
        const cut = await verb(bench, bench.killedAfter(n)).then(
          () => false,
          () => true,
        )
        await verb(bench, bench.api())
        t.strictSame(await bench.contents(), expected, `cut after request ${n}`)
        if (!cut) break
        cuts = n
      }
      t.equal(cuts, name === 'create' ? 2 : 1)
    })
}
