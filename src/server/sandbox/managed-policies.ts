import type { PolicyText } from './fixture.js'
import { parsePolicy } from './policy-document.js'

/** The managed policies of AWS itself that the sandbox has: what each allows, on everything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['*'],
  AmazonS3FullAccess: ['s3:*', 's3-object-lambda:*'],
  AmazonS3ReadOnlyAccess: ['s3:Get*', 's3:List*', 's3:Describe*'],
  IAMFullAccess: ['iam:*'],
  IAMReadOnlyAccess: ['iam:Get*', 'iam:List*', 'iam:Simulate*'],
  ReadOnlyAccess: ['s3:Get*', 's3:List*', 'iam:Get*', 'iam:List*', 'sts:Get*'],
}

/** Their names, for messages. */
export const awsPolicyNames = Object.keys(allowed)

/** The managed policies of AWS in a partition, by ARN. */
export function awsPolicies(partition: string): ReadonlyMap<string, PolicyText> {
  return new Map(
    Object.entries(allowed).map(([name, actions]) => {
      const document = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
      }
      const text = JSON.stringify(document)
      return [`arn:${partition}:iam::aws:policy/${name}`, { text, policy: parsePolicy(document, 'identity') }]
    }),
  )
}
