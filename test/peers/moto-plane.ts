import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { JsonObject } from '../../src/core/json.js'
import { rolecall } from '../commands/rolecall.js'
import { type ClientCalls, startClient } from './client-calls.js'
import { allow, arn, configuration, type Keys, trust } from './moto-declared.js'
import { end, started } from './programs.js'
import type { Python } from './python.js'

/** An AWS whose account has two users that may do anything, one whose key is rotated, and a bucket. */
export interface Aws {
  readonly url: string
  /** A folder, with the `config` of the witness's profiles. */
  readonly cwd: string
  /** Makes the calls of a witness. */
  readonly client: ClientCalls
  readonly plane: Keys
  readonly engine: Keys
  /** What tells the SDK where AWS is, and whose keys it has. */
  env(keys?: Keys): NodeJS.ProcessEnv
  /** From now on signatures, permissions and trust policies are checked. */
  enforce(): Promise<void>
}

/** Starts moto, which checks nothing yet. */
export async function startAws(t: Test, python: Python): Promise<Aws> {
  const moto = await started(
    python.program,
    ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'],
    /(http:\/\/127[^\s]+)/,
  )
  const url = moto.match[1] ?? ''
  const cwd = mkdtempSync(join(tmpdir(), 'rolecall-moto-'))
  const client = startClient(python, ['boto3', url], { AWS_CONFIG_FILE: join(cwd, 'config'), TOKEN: 'any' })
  t.teardown(async () => {
    await client.close()
    await end(moto.child)
    rmSync(cwd, { recursive: true })
  })
  const user = async (UserName: string): Promise<Keys> => {
    await client.call('iam.create_user', { UserName })
    await client.call('iam.put_user_policy', { UserName, PolicyName: 'own', PolicyDocument: allow('*') })
    const { AccessKey } = await client.call('iam.create_access_key', { UserName })
    const { AccessKeyId, SecretAccessKey } = AccessKey as JsonObject
    return [String(AccessKeyId), String(SecretAccessKey)]
  }
  const plane = await user('plane')
  const engine = await user('engine')
  await client.call('iam.create_user', { UserName: 'nightly' })
  const place = { LocationConstraint: 'eu-west-1' }
  await client.call('s3.create_bucket', { Bucket: 'lake', CreateBucketConfiguration: place })
  await client.call('s3.put_object', { Bucket: 'lake', Key: 'in/a.csv', Body: 'a,b' })
  return {
    url,
    cwd,
    client,
    plane,
    engine,
    env: ([id, secret] = plane) => ({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_REGION: 'us-east-1',
    }),
    async enforce() {
      const answer = await fetch(`${url}/moto-api/reset-auth`, { method: 'POST', body: '0' })
      if (!answer.ok) throw new Error(`moto does not check: ${answer.status}`)
    },
  }
}

/** A control plane in a process of its own, and a folder that uses it. */
export interface Plane {
  readonly url: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  declare(extra?: string): void
  run(...args: string[]): ReturnType<typeof rolecall>
  /** Runs a command that does well; its results. */
  done(...args: string[]): Promise<string>
}

/** Starts `rolecall serve` with the keys of the user `plane`, and makes the roles that it will assume. */
export async function startPlane(t: Test, aws: Aws): Promise<Plane> {
  const { cwd } = aws
  const program = join(process.cwd(), 'bin', 'rolecall.js')
  const server = await started(
    process.execPath,
    [program, 'serve', '--listen=127.0.0.1:0', '--json'],
    /"url":"([^"]+)"/,
    { cwd, env: { ...process.env, ...aws.env() } },
  )
  t.teardown(() => end(server.child))
  const url = server.match[1] ?? ''
  const setup = await (await fetch(`${url}/outerproduct/v1/account/aws-setup`)).json()
  const { external_id, principal_arn } = setup as { external_id: string; principal_arn: string }
  t.equal(principal_arn, arn('user/plane'), 'the plane has found out who it is')
  for (const [RoleName, externalId, action] of [
    ['reader', external_id, 's3:ListBucket'],
    ['blind', external_id, 's3:PutObject'],
    ['foreign', 'another', 's3:ListBucket'],
  ] as const) {
    await aws.client.call('iam.create_role', { RoleName, AssumeRolePolicyDocument: trust(externalId) })
    const policy = { RoleName, PolicyName: 'own', PolicyDocument: allow(action) }
    await aws.client.call('iam.put_role_policy', policy)
  }
  await aws.enforce()
  const text = configuration({ url, awsUrl: aws.url, engineKey: aws.engine[0], externalId: external_id })
  const declare = (extra = '') => writeFileSync(join(cwd, 'main.hcl'), `${text}${extra}`)
  declare()
  const env = { ...aws.env(), TOKEN: 'any', ENGINE_SECRET: aws.engine[1] } as Record<string, string>
  const run = (...args: string[]) => rolecall(args, { cwd, env })
  return {
    url,
    cwd,
    env,
    declare,
    run,
    async done(...args) {
      const { code, stdout, stderr } = await run(...args)
      if (code !== 0) throw new Error(`${args.join(' ')}: ${code} ${stderr}`)
      return stdout
    },
  }
}
