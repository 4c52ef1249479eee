import { conditionOperator } from './policy-condition.js'

/** What kind of policy a document is: one of an identity, or one of a resource (a bucket's policy, a role's trust policy). */
export type PolicyKind = 'identity' | 'resource' | 'trust'

export interface Policy {
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  /** Undefined in policies of identities. */
  readonly principals: PrincipalTerm | undefined
  readonly actions: Term
  /** Undefined in trust policies. */
  readonly resources: Term | undefined
  readonly conditions: readonly Condition[]
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface Term {
  readonly negated: boolean
  readonly patterns: readonly string[]
}

/** `Principal` or `NotPrincipal`. */
export interface PrincipalTerm {
  readonly negated: boolean
  /** AWS principals: `*`, ARNs, account ids. Those of other kinds (services, identity providers) never make these requests. */
  readonly aws: readonly string[]
}

export interface Condition {
  /** As written: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}

/** A document that is no policy. The message is AWS's; `path` leads to what is wrong. */
export class MalformedPolicy extends Error {
  readonly path: readonly (string | number)[]

  constructor(message: string, path: readonly (string | number)[] = []) {
    super(message)
    this.name = 'MalformedPolicy'
    this.path = path
  }
}

type Path = readonly (string | number)[]
type Fields = Readonly<Record<string, unknown>>

/** The policy in a JSON text. Throws `MalformedPolicy`. */
export function parsePolicyText(text: string, kind: PolicyKind): Policy {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new MalformedPolicy('Syntax errors in policy.')
  }
  return parsePolicy(document, kind)
}

/** The policy in a document. Throws `MalformedPolicy`. Source: IAM JSON policy elements reference, policy grammar. */
export function parsePolicy(document: unknown, kind: PolicyKind): Policy {
  const fields = objectAt(document, [])
  for (const name of Object.keys(fields))
    if (!['Version', 'Id', 'Statement'].includes(name))
      throw new MalformedPolicy('Syntax errors in policy.', [name])
  const { Version: version = '2008-10-17', Statement: statement } = fields
  if (version !== '2012-10-17' && version !== '2008-10-17')
    throw new MalformedPolicy('Policy document must be version 2012-10-17 or greater.', ['Version'])
  if (statement === undefined) throw new MalformedPolicy('Missing required field Statement')
  const list = Array.isArray(statement) ? (statement as readonly unknown[]) : [statement]
  if (list.length === 0) throw new MalformedPolicy('Policy statement must not be empty.', ['Statement'])
  const ids = new Set<unknown>()
  const statements = list.map((one, i) => {
    const path: Path = Array.isArray(statement) ? ['Statement', i] : ['Statement']
    const { Sid: sid } = objectAt(one, path)
    if (sid !== undefined && ids.has(sid))
      throw new MalformedPolicy('Statement IDs (SID) in a single policy must be unique.', [...path, 'Sid'])
    ids.add(sid)
    return parseStatement(objectAt(one, path), kind, path)
  })
  return { statements }
}

const statementFields = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

function parseStatement(fields: Fields, kind: PolicyKind, path: Path): Statement {
  for (const name of Object.keys(fields))
    if (!statementFields.includes(name))
      throw new MalformedPolicy('Syntax errors in policy.', [...path, name])
  const { Effect: effect, Sid: sid } = fields
  if (sid !== undefined && (typeof sid !== 'string' || (kind !== 'resource' && !/^[0-9A-Za-z]*$/.test(sid))))
    throw new MalformedPolicy(`Statement IDs (SID) must be alpha-numeric.`, [...path, 'Sid'])
  if (effect === undefined) throw new MalformedPolicy('Missing required field Effect', path)
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new MalformedPolicy(`Invalid effect: ${String(effect)}`, [...path, 'Effect'])
  const actions = term(fields, 'Action', path)
  if (actions === undefined) throw new MalformedPolicy('Policy statement must contain actions.', path)
  for (const action of actions.patterns)
    if (action !== '*' && !/^[\w-]+:[\w*?-]+$/.test(action))
      throw new MalformedPolicy(
        'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
        [...path, actions.negated ? 'NotAction' : 'Action'],
      )
  return {
    effect,
    principals: parsePrincipals(fields, kind, path),
    actions,
    resources: parseResources(fields, kind, path),
    conditions: parseConditions(fields.Condition, [...path, 'Condition']),
  }
}

function parseResources(fields: Fields, kind: PolicyKind, path: Path): Term | undefined {
  const resources = term(fields, 'Resource', path)
  if (kind === 'trust') {
    if (resources !== undefined) throw new MalformedPolicy('Has prohibited field Resource', path)
    return undefined
  }
  if (resources === undefined) throw new MalformedPolicy('Policy statement must contain resources.', path)
  for (const resource of resources.patterns)
    if (resource !== '*' && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:./.test(resource.replaceAll(/\$\{[^}]*\}/g, 'x')))
      throw new MalformedPolicy(`Resource ${resource} must be in ARN format or "*".`, [
        ...path,
        resources.negated ? 'NotResource' : 'Resource',
      ])
  return resources
}

/** `Name` or `NotName`, a text or a list of texts; undefined if neither is there. */
function term(fields: Fields, name: string, path: Path): Term | undefined {
  const negated = `Not${name}` in fields
  if (negated && name in fields)
    throw new MalformedPolicy(`Statement/policy already has instance of ${name}`, [...path, `Not${name}`])
  const key = negated ? `Not${name}` : name
  const value = fields[key]
  return value === undefined ? undefined : { negated, patterns: textsAt(value, [...path, key]) }
}

function parsePrincipals(fields: Fields, kind: PolicyKind, path: Path): PrincipalTerm | undefined {
  const negated = 'NotPrincipal' in fields
  const at = [...path, negated ? 'NotPrincipal' : 'Principal']
  const value = negated ? fields.NotPrincipal : fields.Principal
  if (kind === 'identity') {
    if (value !== undefined) throw new MalformedPolicy('Policy document should not specify a principal.', at)
    return undefined
  }
  if (value === undefined) throw new MalformedPolicy('Missing required field Principal', path)
  if (value === '*') return { negated, aws: ['*'] }
  const kinds = objectAt(value, at)
  const aws: string[] = []
  for (const [name, listed] of Object.entries(kinds)) {
    const texts = textsAt(listed, [...at, name])
    if (name === 'AWS') aws.push(...texts)
    else if (!['Service', 'Federated', 'CanonicalUser'].includes(name))
      throw new MalformedPolicy('Invalid principal in policy', [...at, name])
  }
  for (const one of aws)
    if (!isPrincipal(one))
      throw new MalformedPolicy(`Invalid principal in policy: "AWS":"${one}"`, [...at, 'AWS'])
  return { negated, aws }
}

function isPrincipal(text: string): boolean {
  if (text === '*' || /^\d{12}$/.test(text)) return true
  return /^arn:aws[\w-]*:(?:iam::\d{12}:(?:root|(?:user|role)\/[^*?]+)|sts::\d{12}:(?:assumed-role\/[^*?/]+\/[^*?/]+|federated-user\/[^*?/]+))$/.test(
    text,
  )
}

function parseConditions(value: unknown, path: Path): readonly Condition[] {
  if (value === undefined) return []
  return Object.entries(objectAt(value, path)).flatMap(([operator, keys]) => {
    if (conditionOperator(operator) === undefined)
      throw new MalformedPolicy(`Invalid Condition type : ${operator}.`, [...path, operator])
    return Object.entries(objectAt(keys, [...path, operator])).map(([key, values]) => ({
      operator,
      key: key.toLowerCase(),
      values: scalarsAt(values, [...path, operator, key]),
    }))
  })
}

function objectAt(value: unknown, path: Path): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedPolicy('Syntax errors in policy.', path)
  return value as Fields
}

function textsAt(value: unknown, path: Path): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (!list.every((one) => typeof one === 'string') || list.length === 0)
    throw new MalformedPolicy('Syntax errors in policy.', path)
  return list as readonly string[]
}

/** Conditions take numbers and booleans as well as texts. */
function scalarsAt(value: unknown, path: Path): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.map((one) => {
    if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') return String(one)
    throw new MalformedPolicy('Syntax errors in policy.', path)
  })
}
