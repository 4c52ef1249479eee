import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { company } from '../server/sandbox/sandbox-fixture.js'
import { end, run, started } from './programs.js'
import { type Python, peersPython } from './python.js'

const calls = join(process.cwd(), 'test', 'peers', 'boto3-calls.py')

/** What came of one call, as `boto3-calls.py` tells it. */
interface Outcome {
  readonly name: string
  readonly ok: boolean
  readonly status: number
  readonly code?: string
  /** What the answer consists of: names, lists and kinds of values. */
  readonly shape?: Shape
  /** The part of the content that matters. */
  readonly shown: unknown
}
type Shape = string | readonly Shape[] | { readonly [name: string]: Shape }

// Python may have to be installed first.
t.setTimeout(240_000)
const python = await peersPython()
const skip = typeof python === 'string' && python
const folder = mkdtempSync(join(tmpdir(), 'rolecall-boto3-'))
const children: ChildProcess[] = []

t.teardown(async () => {
  await Promise.all(children.map(end))
  rmSync(folder, { recursive: true, force: true })
})

/** Makes the calls; the first of each name counts. */
async function outcomes(
  { program }: Python,
  endpoint: string,
  kind: string,
): Promise<ReadonlyMap<string, Outcome>> {
  const { code, stdout, stderr } = await run(program, [calls, endpoint, kind])
  if (code !== 0) throw new Error(stderr)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Outcome)
  return new Map(lines.toReversed().map((line) => [line.name, line]))
}

/** Calls that are refused, with status and code. Source: the error lists of each call in AWS's API references. */
const refusals: Readonly<Record<string, readonly [number, string]>> = {
  'sts.wrong_secret': [403, 'SignatureDoesNotMatch'],
  'sts.unknown_key': [403, 'InvalidClientTokenId'],
  'sts.no_external_id': [403, 'AccessDenied'],
  'sts.other_external_id': [403, 'AccessDenied'],
  'iam.create_user_again': [409, 'EntityAlreadyExists'],
  'iam.malformed_policy': [400, 'MalformedPolicyDocument'],
  'iam.create_access_key_3': [409, 'LimitExceeded'],
  'iam.delete_user_in_use': [409, 'DeleteConflict'],
  'iam.delete_access_key_again': [404, 'NoSuchEntity'],
  'iam.delete_user_policy_again': [404, 'NoSuchEntity'],
  'iam.get_user_gone': [404, 'NoSuchEntity'],
  'iam.get_role_gone': [404, 'NoSuchEntity'],
  's3.head_bucket_gone': [404, '404'],
  's3.no_such_bucket': [404, 'NoSuchBucket'],
  's3.no_such_key': [404, 'NoSuchKey'],
  's3.wrong_secret': [403, 'SignatureDoesNotMatch'],
  's3.unknown_key': [403, 'InvalidAccessKeyId'],
  's3.denied': [403, 'AccessDenied'],
  's3.other_owner': [403, 'AccessDenied'],
  's3.no_owner': [400, 'InvalidBucketOwnerAWSAccountID'],
}

/** What the answers hold. */
const answers: Readonly<Record<string, unknown>> = {
  'sts.get_caller_identity': 'arn:aws:iam::111122223333:user/plane',
  'sts.assume_role': 'arn:aws:sts::111122223333:assumed-role/analytics/boto3',
  'sts.get_federation_token': 'arn:aws:sts::111122223333:federated-user/jane',
  's3.in_a_session': 2,
  'iam.get_user': '/vault/',
  'iam.list_user_tags': [{ Key: 'a', Value: 'b' }],
  'iam.list_user_policies': ['p'],
  'iam.get_user_policy': {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
  },
  'iam.list_groups_for_user': 'analysts',
  'iam.list_access_keys': 2,
  's3.get_bucket_location': 'eu-west-1',
  's3.list_objects_v2': [1, true],
  's3.list_objects_v2_folders': [{ Prefix: 'reports/' }],
  's3.list_objects_v2_none': 0,
  's3.paginated': ['readme', 'reports/2024.csv', 'reports/2025.csv'],
  's3.put_object': '"5d41402abc4b2a76b9719d911017c592"',
  's3.get_object': 'hello',
  // botocore reads the region in the refusal and asks again.
  's3.other_region': 3,
}

/** Moto checks neither signatures nor trust policies, and has no boundaries of users. */
const differentOutcome = [
  'sts.wrong_secret',
  'sts.unknown_key',
  'sts.no_external_id',
  'sts.other_external_id',
  'iam.put_user_permissions_boundary',
  'iam.delete_user_permissions_boundary',
]
/** Moto leaves out `IsTruncated`; its list of roles holds another role. */
const differentShape = ['iam.list_access_keys', 'iam.list_roles', 's3.get_object']

if (typeof python === 'string') t.test('boto3 uses the sandbox', { skip }, async () => {})
else {
  writeFileSync(join(folder, 'aws.yaml'), company)
  const program = join(process.cwd(), 'bin', 'rolecall.js')
  const flags = [
    '--listen',
    '127.0.0.1:0',
    '--aws',
    'sandbox:aws.yaml',
    '--aws-listen',
    '127.0.0.1:0',
    '--json',
  ]
  const server = await started(process.execPath, [program, 'serve', ...flags], /"awsUrl":"([^"]+)"/, {
    cwd: folder,
  })
  children.push(server.child)
  const ours = await outcomes(python, server.match[1] ?? '', 'sandbox')

  t.test('boto3 gets from the sandbox what AWS documents', async (t) => {
    t.ok(ours.size >= 55, `${ours.size} calls`)
    for (const { name, ok, status, code, shown } of ours.values()) {
      const refusal = refusals[name]
      if (refusal === undefined) t.ok(ok, `${name}: ${code} ${String(shown)}`)
      else t.strictSame([ok, status, code], [false, ...refusal], name)
    }
    for (const [name, shown] of Object.entries(answers)) t.strictSame(ours.get(name)?.shown, shown, name)
  })

  t.test('answers and refusals have the form that moto gives them', async (t) => {
    const env = { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' }
    const moto = await started(
      python.program,
      ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'],
      /(http:\/\/127[^\s]+)/,
      { env },
    )
    children.push(moto.child)
    const theirs = await outcomes(python, moto.match[1] ?? '', 'moto')
    t.ok(theirs.size >= 45, `${theirs.size} calls`)
    for (const [name, { ok, status, code, shape }] of theirs) {
      const own = ours.get(name)
      if (differentOutcome.includes(name)) {
        t.not(own?.ok, ok, `${name} differs`)
        continue
      }
      t.strictSame([own?.ok, own?.status, own?.code], [ok, status, code], name)
      if (!differentShape.includes(name) && shape !== undefined)
        t.ok(own?.shape !== undefined && isPartOf(own.shape, shape), `${name}: ${JSON.stringify(own?.shape)}`)
    }
  })
}

/** Whether all of a shape is in another: moto adds what AWS leaves out when there is nothing to say. */
function isPartOf(part: Shape, whole: Shape): boolean {
  if (typeof part === 'string' || typeof whole === 'string') return part === whole
  if (Array.isArray(part) || Array.isArray(whole))
    return (
      Array.isArray(part) &&
      Array.isArray(whole) &&
      part.every((item: Shape, i) => whole[i] !== undefined && isPartOf(item, whole[i] as Shape))
    )
  const others = whole as Readonly<Record<string, Shape>>
  return Object.entries(part as Readonly<Record<string, Shape>>).every(
    ([name, one]) => others[name] !== undefined && isPartOf(one, others[name]),
  )
}
