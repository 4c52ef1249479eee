import { isMet } from './policy-condition.js'
import type { Policy, PrincipalTerm, Statement, Term } from './policy-document.js'
import { matchesAction, matchesTemplate, type RequestKeys } from './policy-pattern.js'

/** Whoever makes a request, as principals of policies name it. */
export interface Principal {
  /** 12 digits. */
  readonly account: string
  /** Its own ARN: of a user, of a role's session, of a federated user. */
  readonly arn: string
  /** Of a session: the ARN of the role or user behind it. */
  readonly behind?: string
}

/** What a request asks for. */
export interface Access {
  readonly action: string
  /** An ARN, or `*` for actions that have no resource. */
  readonly resource: string
  readonly keys: RequestKeys
}

/** The policies that a principal's own permissions come from. Each of the limits must allow as well. */
export interface Permissions {
  readonly identity: readonly Policy[]
  /** Permissions boundary: absent if there is none. */
  readonly boundary?: Policy
  /** Those that a session was made with, together; absent if none was. */
  readonly session?: readonly Policy[]
  /** Of the principal's organisation: what they do not allow nobody in the account has, whoever grants it. */
  readonly organisation?: readonly Policy[]
}

/** The resource's own side of a request. */
export interface ResourceSide {
  readonly account: string
  readonly policy?: Policy
}

/**
 * Whether a request is allowed: what is denied anywhere is denied; otherwise within an account the identity's policies or the
 * resource's must allow it, across accounts both, and boundary and session policies limit what an identity's policies give. An organisation's limit everything.
 * Source: IAM User Guide, policy evaluation logic.
 */
export function isAllowed(
  principal: Principal,
  permissions: Permissions,
  access: Access,
  side: ResourceSide,
): boolean {
  const { identity, boundary, session, organisation } = permissions
  if (organisation !== undefined && decide(organisation, access) !== 'allow') return false
  const limits = [
    ...(boundary === undefined ? [] : [[boundary]]),
    ...(session === undefined ? [] : [session]),
  ]
  const own = decide(identity, access)
  const limiting = limits.map((policies) => decide(policies, access))
  const granted = resourceGrant(side.policy, principal, access)
  if (granted === 'deny' || own === 'deny' || limiting.includes('deny')) return false
  const within = limiting.every((decision) => decision === 'allow')
  if (principal.account !== side.account) return granted !== 'none' && own === 'allow' && within
  if (own === 'allow' && within) return true
  // Named itself, a user or session has what the resource gives, whatever its limits leave out. A role or user behind a session passes it on within them.
  return granted === 'itself' || (granted === 'behind it' && within)
}

/** What policies without principals say: a denial wins over every permission. */
export function decide(policies: readonly Policy[], access: Access): 'deny' | 'allow' | 'none' {
  let decision: 'allow' | 'none' = 'none'
  for (const { statements } of policies)
    for (const statement of statements) {
      if (!applies(statement, access)) continue
      if (statement.effect === 'Deny') return 'deny'
      decision = 'allow'
    }
  return decision
}

/** To whom a resource's policy grants the request: naming the account leaves it to the account's own policies. */
type ResourceGrant = 'deny' | 'itself' | 'behind it' | 'its account' | 'none'

function resourceGrant(policy: Policy | undefined, principal: Principal, access: Access): ResourceGrant {
  const found = new Set<ResourceGrant>()
  for (const statement of policy?.statements ?? []) {
    const named = namedBy(statement.principals, principal)
    if (named === undefined || !applies(statement, access)) continue
    if (statement.effect === 'Deny') return 'deny'
    found.add(named)
  }
  return (['itself', 'behind it', 'its account'] as const).find((grant) => found.has(grant)) ?? 'none'
}

/** As what a statement's principals name this one; undefined: they do not. */
function namedBy(
  term: PrincipalTerm | undefined,
  principal: Principal,
): 'itself' | 'behind it' | 'its account' | undefined {
  if (term === undefined) return undefined
  const { aws, negated } = term
  const { account, arn, behind } = principal
  const isRoot = (one: string): boolean =>
    one === account || new RegExp(`^arn:[^:]+:iam::${account}:root$`).test(one)
  const named = aws.includes(arn)
    ? 'itself'
    : aws.includes('*') || (behind !== undefined && aws.includes(behind))
      ? behind === undefined
        ? 'itself'
        : 'behind it'
      : aws.some(isRoot)
        ? 'its account'
        : undefined
  if (!negated) return named
  return named === undefined ? 'itself' : undefined
}

function applies({ actions, resources, conditions }: Statement, { action, resource, keys }: Access): boolean {
  const about = (term: Term, test: (pattern: string) => boolean): boolean =>
    term.patterns.some(test) !== term.negated
  return (
    about(actions, (pattern) => matchesAction(pattern, action)) &&
    (resources === undefined || about(resources, (pattern) => matchesTemplate(pattern, resource, keys))) &&
    conditions.every((condition) => isMet(condition, keys))
  )
}
