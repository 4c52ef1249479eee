import type { Json } from '../../core/json.js'
import { VaultError } from './api-error.js'
import { type MountAws, refusal } from './mount-aws.js'

/** What limits credentials as the members of the groups are: ARNs of managed policies, and one document of all inline ones. */
export async function groupPolicies(
  aws: MountAws,
  groups: readonly string[],
  own: string,
): Promise<{ readonly arns: readonly string[]; readonly document: string }> {
  if (groups.length === 0) return { arns: [], document: own }
  const iam = await import('@aws-sdk/client-iam')
  const arns: string[] = []
  const documents: string[] = own === '' ? [] : [own]
  try {
    for (const GroupName of groups) {
      const { AttachedPolicies = [] } = await aws.iam((client) =>
        client.send(new iam.ListAttachedGroupPoliciesCommand({ GroupName })),
      )
      arns.push(...AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []))
      const { PolicyNames = [] } = await aws.iam((client) =>
        client.send(new iam.ListGroupPoliciesCommand({ GroupName })),
      )
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument = '' } = await aws.iam((client) =>
          client.send(new iam.GetGroupPolicyCommand({ GroupName, PolicyName })),
        )
        documents.push(decodeURIComponent(PolicyDocument))
      }
    }
  } catch (cause) {
    throw refusal('unable to retrieve the policies of iam_groups: ', cause)
  }
  return { arns, document: combined(documents) }
}

/** One document with the statements of all. */
function combined(documents: readonly string[]): string {
  const [only = '', ...others] = documents
  if (others.length === 0) return only
  const statements = documents.flatMap((document) => {
    const { Statement: statement = [] } = parsed(document)
    return Array.isArray(statement) ? (statement as readonly Json[]) : [statement]
  })
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

function parsed(document: string): { readonly Statement?: Json } {
  const policy: unknown = JSON.parse(document)
  if (typeof policy !== 'object' || policy === null)
    throw new VaultError(400, ['a policy of iam_groups or of the role is no JSON object'])
  return policy
}
