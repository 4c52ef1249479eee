import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import type { AwsAccess, AwsIdentity } from '../../../src/aws/access.js'
import { openSandbox, type Sandbox } from '../../../src/server/sandbox/sandbox.js'

/** Two accounts: the company's, and a vendor's whose user assumes roles there. */
export const company = `
accounts:
  "111122223333":
    policies:
      read-shared:
        document:
          Version: "2012-10-17"
          Statement: { Effect: Allow, Action: s3:ListBucket, Resource: "arn:aws:s3:::acme-shared" }
    groups:
      analysts:
        policies: [arn:aws:iam::111122223333:policy/read-shared]
    users:
      plane:
        access_keys: [{ id: AKIAPLANE00000000001, secret: plane-secret }]
        policies: [arn:aws:iam::aws:policy/AdministratorAccess]
      nobody:
        access_keys: [{ id: AKIANOBODY0000000001, secret: nobody-secret }]
    roles:
      analytics:
        path: /data/
        max_session_duration: 7200
        policies: [arn:aws:iam::aws:policy/AmazonS3FullAccess]
        trust:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: { AWS: "arn:aws:iam::999988887777:user/vendor" }
              Action: [sts:AssumeRole, sts:TagSession]
              Condition: { StringEquals: { sts:ExternalId: acme-42 } }
            - Effect: Allow
              Principal: { AWS: "111122223333" }
              Action: sts:AssumeRole
      chained:
        trust:
          Version: "2012-10-17"
          Statement: { Effect: Allow, Principal: { AWS: "*" }, Action: sts:AssumeRole }
    buckets:
      acme-shared:
        region: eu-west-1
        objects: { reports/2024.csv: "a,b", reports/2025.csv: "c,d", readme: hello }
      acme-private: { region: us-east-1 }
  "999988887777":
    users:
      vendor:
        access_keys: [{ id: AKIAVENDOR0000000001, secret: vendor-secret }]
        inline_policies:
          assume: { Version: "2012-10-17", Statement: { Effect: Allow, Action: sts:AssumeRole, Resource: "*" } }
      powerless:
        access_keys: [{ id: AKIAPOWERLESS0000001, secret: powerless-secret }]
    buckets:
      vendor-bucket: { region: us-east-1 }
control_plane: arn:aws:iam::111122223333:user/plane
`

/** Long-term keys of the fixture, by user. */
export const identities = {
  plane: { accessKeyId: 'AKIAPLANE00000000001', secretAccessKey: 'plane-secret' },
  nobody: { accessKeyId: 'AKIANOBODY0000000001', secretAccessKey: 'nobody-secret' },
  vendor: { accessKeyId: 'AKIAVENDOR0000000001', secretAccessKey: 'vendor-secret' },
  powerless: { accessKeyId: 'AKIAPOWERLESS0000001', secretAccessKey: 'powerless-secret' },
} as const satisfies Record<string, AwsIdentity>

export interface TestSandbox {
  readonly sandbox: Sandbox
  /** In the name of one of its users, or of temporary keys. */
  as(identity: AwsIdentity): AwsAccess
  /** Moves its clock. The SDK's stays where it is. */
  wait(seconds: number): void
}

export async function openTestSandbox(
  t: Test,
  {
    fixture = company,
    database = ':memory:',
  }: { readonly fixture?: string; readonly database?: string } = {},
): Promise<TestSandbox> {
  let ahead = 0
  const sandbox = await openSandbox({
    fixture,
    file: 'aws.yaml',
    database,
    now: () => new Date(Date.now() + ahead),
    random: randomBytes,
  })
  t.teardown(() => sandbox.close())
  return {
    sandbox,
    as: (identity) => ({ identity, answer: (request) => sandbox.fetch(request), env: () => undefined }),
    wait(seconds) {
      ahead += seconds * 1000
    },
  }
}

/** Temporary keys as an answer gives them. */
export function temporary(
  credentials:
    | {
        AccessKeyId?: string | undefined
        SecretAccessKey?: string | undefined
        SessionToken?: string | undefined
      }
    | undefined,
): AwsIdentity {
  return {
    accessKeyId: credentials?.AccessKeyId ?? '',
    secretAccessKey: credentials?.SecretAccessKey ?? '',
    sessionToken: credentials?.SessionToken ?? '',
  }
}
