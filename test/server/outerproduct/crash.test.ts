import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openSandbox } from '../../../src/server/sandbox/sandbox.js'
import { serve } from '../../../src/server/serve.js'
import { type PlaneProcess, startPlane } from '../../fixtures/start-plane.js'

t.setTimeout(120_000)

const fixture = `
control_plane: arn:aws:iam::210987654321:user/plane
accounts:
  "210987654321":
    users:
      plane:
        access_keys: [{ id: AKIAPLANE00000000001, secret: plane-secret }]
        inline_policies:
          assume:
            Version: "2012-10-17"
            Statement: { Effect: Allow, Action: sts:AssumeRole, Resource: "*" }
  "123456789012":
    roles:
      reader:
        trust:
          Version: "2012-10-17"
          Statement: { Effect: Allow, Principal: { AWS: "arn:aws:iam::210987654321:user/plane" }, Action: sts:AssumeRole }
        inline_policies:
          read:
            Version: "2012-10-17"
            Statement: { Effect: Allow, Action: "s3:*", Resource: "*" }
    buckets:
      acme-data: { region: us-east-1 }
`

const connector = {
  credential_name: 'data',
  role_arn: 'arn:aws:iam::123456789012:role/reader',
  bucket_uri: 's3://acme-data',
  expected_bucket_owner_account_id: '123456789012',
}

t.test('killed anywhere in the probe of a new connector, a server has no such connector', async (t) => {
  const sandbox = await openSandbox({
    fixture,
    file: 'aws.yaml',
    database: ':memory:',
    now: () => new Date(),
    random: randomBytes,
  })
  let plane: PlaneProcess
  let requests = 0
  /** Kills the plane when so many requests have come: before the last of them is carried out, or after its answer has left. */
  let kill: { readonly at: number; readonly answered?: number } | undefined
  let dead: Promise<void> | undefined
  const aws = await serve(
    {
      async fetch(request) {
        requests++
        if (requests !== kill?.at) return await sandbox.fetch(request)
        const { answered } = kill
        if (answered === undefined) {
          dead = plane.kill()
          await dead
          throw new Error('nobody waits for the answer')
        }
        const answer = await sandbox.fetch(request)
        dead = sleep(answered).then(() => plane.kill())
        return answer
      },
    },
    { host: '127.0.0.1', port: 0 },
  )
  const start = () =>
    startPlane(
      { database: join(t.testdirName, 'plane.db') },
      {
        AWS_ENDPOINT_URL: aws.url,
        AWS_ACCESS_KEY_ID: 'AKIAPLANE00000000001',
        AWS_SECRET_ACCESS_KEY: 'plane-secret',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
    )
  const ask = (method: string, path: string, body?: object) =>
    fetch(`${plane.url}/outerproduct/v1/connectors${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const connectors = async () => (await (await ask('GET', '')).json()) as { id: string }[]
  const remove = async () => {
    for (const { id } of await connectors()) t.equal((await ask('DELETE', `/s3/${id}`)).status, 204)
  }
  t.testdir()
  plane = await start()
  t.teardown(async () => {
    await plane.kill()
    await aws.close()
    await sandbox.close()
  })
  t.equal((await ask('POST', '/s3', connector)).status, 200, 'nothing disturbs the first')
  const all = requests
  t.ok(all >= 3, `the role is assumed, the bucket is asked for and listed: ${all} requests`)
  await remove()

  const dies = async (moment: NonNullable<typeof kill>) => {
    requests = 0
    kill = moment
    const answer = await ask('POST', '/s3', connector).catch(() => undefined)
    await dead
    kill = undefined
    plane = await start()
    return answer
  }
  for (let at = 1; at <= all; at++) {
    t.equal(await dies({ at }), undefined, `killed by request ${at}`)
    t.strictSame(await connectors(), [], 'nothing that was not proven is there')
  }
  for (const answered of [0, 3, 10]) {
    const answer = await dies({ at: all, answered })
    const there = await connectors()
    t.ok(there.length === 1 || answer === undefined, 'what was said to be there is there')
    t.comment(`killed ${answered} ms after the last answer: ${there.length} connectors`)
    await remove()
  }
  t.equal((await ask('POST', '/s3', connector)).status, 200, 'nothing stands in its way')
})
