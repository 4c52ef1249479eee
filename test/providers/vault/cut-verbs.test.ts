import t, { type Test } from 'tap'
import type { Outputs, Plain } from '../../../src/core/resource.js'
import { Secret } from '../../../src/core/secret.js'
import { openVaultBench, there, type VaultBench } from '../../fixtures/vault-connection.js'

type Given = Readonly<Record<string, Plain>>

interface Story {
  readonly type: string
  readonly from: Given
  readonly to: Given
}

const secret = new Secret('wJalrXUtnFEMI')

const stories: readonly Story[] = [
  {
    type: 'vault_aws_mount',
    from: { path: 'one', description: 'x' },
    to: { path: 'two', description: 'y', max_lease_ttl: '24h' },
  },
  {
    type: 'vault_aws_role',
    from: { name: 'ci', credential_type: 'iam_user', iam_groups: ['a'] },
    to: { name: 'ci', credential_type: 'assumed_role', role_arns: ['arn:aws:iam::123456789012:role/a'] },
  },
  {
    type: 'vault_aws_root',
    from: { access_key: 'AKIAIOSFODNN7ENGINE0', secret_key: secret, region: 'eu-west-1' },
    to: { access_key: 'AKIAIOSFODNN7ENGINE1', secret_key: secret, max_retries: 3 },
  },
  { type: 'vault_aws_lease', from: { lease: '1m', lease_max: '2m' }, to: { lease: '2m', lease_max: '3m' } },
]

/** A plane that dies for its caller right after it did write number `n`; then all is well. */
async function benchDyingAfter(t: Test, n: { left: number }): Promise<VaultBench> {
  return openVaultBench(t, {
    intercept: async (request, next) => {
      const answer = await next(request)
      if (request.method !== 'GET' && n.left > 0 && --n.left === 0)
        throw new TypeError('the connection was cut')
      return answer
    },
  })
}

/** Its accessor, and what changes by itself, is another one each time. */
const lasting = ({ id, ...rest }: Outputs) => JSON.stringify(rest)

for (const { type: name, from, to } of stories) {
  for (const verb of ['create', 'update'] as const)
    t.test(
      `${name}: a ${verb} that is cut after any of its writes is finished by the next run`,
      async (t) => {
        const run = async (bench: VaultBench, arm = () => {}): Promise<unknown> => {
          const type = bench.type(name)
          const wanted = bench.inputs(name, verb === 'create' ? from : to)
          const before = bench.inputs(name, from)
          const current = (await type.find(bench.api(), before)) ?? (await type.find(bench.api(), wanted))
          arm()
          if (verb === 'create') return type.create(bench.api(), wanted)
          return type.update?.(bench.api(), wanted, await there(Promise.resolve(current)), undefined)
        }
        const prepare = async (bench: VaultBench): Promise<unknown> =>
          verb === 'create' ? undefined : bench.type(name).create(bench.api(), bench.inputs(name, from))
        const contents = async (bench: VaultBench) => {
          const found = await bench
            .type(name)
            .find(bench.api(), bench.inputs(name, verb === 'create' ? from : to))
          return lasting(await there(Promise.resolve(found)))
        }
        const calm = await openVaultBench(t)
        await prepare(calm)
        await run(calm)
        const end = await contents(calm)
        let cuts = 0
        for (let n = 1; n === cuts + 1; n++) {
          const dying = { left: 0 }
          const bench = await benchDyingAfter(t, dying)
          await prepare(bench)
          const cut = await run(bench, () => {
            dying.left = n
          }).catch((cause: unknown) => cause)
          dying.left = 0
          if (cut instanceof Error) cuts++
          await run(bench)
          t.equal(await contents(bench), end)
        }
        t.ok(cuts > 0, 'it was cut')
      },
    )
}
