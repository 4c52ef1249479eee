import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { JsonObject } from '../../../src/core/json.js'
import type { VaultProcessOptions } from '../../fixtures/vault-process.js'
import { company } from '../sandbox/sandbox-fixture.js'

const script = fileURLToPath(new URL('../../fixtures/vault-process.js', import.meta.url))
const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }

const role = {
  credential_type: 'iam_user',
  policy_document: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
  iam_groups: ['analysts'],
}

/** Runs the process until it kills itself, or ends. */
function run(options: VaultProcessOptions): { killed: boolean; told: readonly JsonObject[] } {
  const { signal, stdout, stderr, status } = spawnSync(process.execPath, [script, JSON.stringify(options)], {
    encoding: 'utf8',
    env,
  })
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr)
  const lines = stdout.split('\n').filter((line) => line !== '')
  return { killed: signal === 'SIGKILL', told: lines.map((line) => JSON.parse(line)) }
}

t.test('killed between any two requests to AWS, a server leaves only users with leases', async (t) => {
  const folder = t.testdir({ 'aws.yaml': company })
  let orphans = 0
  // Each process cleans up what the one before it has left, and is killed one request later.
  for (const { revoke, requests } of [
    { revoke: false, requests: 4 },
    { revoke: true, requests: 8 },
  ])
    for (let after = 0; after <= requests + 1; after++) {
      const first = !revoke && after === 0 ? { role } : {}
      // A user that an earlier process may have made late is looked for at a time of its own: the last may send more.
      const { killed, told } = run({ folder, after: after > requests ? 99 : after, revoke, ...first })
      const what = `${revoke ? 'revoking' : 'issuing'}, after ${after} requests`
      t.match(told[0], { after: 0, leases: 404 }, `what was left is removed before ${what}`)
      orphans += Number(told[0]?.before)
      t.equal(killed, after <= requests, what)
      if (killed) t.equal(told.length, revoke ? 2 : 1, 'the lease is told, or it is not')
    }
  t.ok(orphans >= 4 + 8 - 2, 'there was a user to remove after nearly every request')
  // What never came to be stands in the way of nothing once no request for it can be under way.
  const { told } = run({ folder, after: 99, revoke: true, ahead: 120_000 })
  t.match(told.at(-1), { disabled: 204 })
})
