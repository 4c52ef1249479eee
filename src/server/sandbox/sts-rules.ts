import { AwsError, validationError } from './aws-error.js'
import { checkValue, type Form, type Rule } from './form.js'
import { MalformedPolicy, parsePolicyText } from './policy-document.js'
import type { Service } from './service.js'

/** Limits of the parameters that several calls share. Source: STS API model 2011-06-15. */
export const stsRules = {
  roleArn: { required: true, min: 20, max: 2048 },
  roleSessionName: { required: true, min: 2, max: 64, pattern: '[\\w+=,.@-]*' },
  externalId: { min: 2, max: 1224, pattern: '[\\w+=,.@:\\/-]*' },
  policy: { min: 1, max: 2048 },
  serialNumber: { min: 9, max: 256, pattern: '[\\w+=/:,.@-]*' },
  tokenCode: { min: 6, max: 6, pattern: '[\\d]*' },
  sourceIdentity: { min: 2, max: 64, pattern: '[\\w+=,.@-]*' },
  name: { required: true, min: 2, max: 32, pattern: '[\\w+=,.@-]*' },
} as const satisfies Record<string, Rule>

export function duration(max: number): Rule {
  return { number: true, min: 900, max }
}

/** What a session is made with: policies that limit it, and tags. */
export interface SessionContent {
  readonly policy?: string
  readonly policyArns: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly transitive: readonly string[]
  /** How much of what fits is used, in percent; undefined if there is nothing. */
  readonly packedSize: number | undefined
}

const characters = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*'
/** Characters of session policies and their ARNs together, as they are sent. */
const room = 2048

/** Reads and checks session policies and tags. `account` is the one whose managed policies may be named. */
export function readSessionContent(
  { fixture }: Service,
  form: Form,
  account: string | undefined,
): SessionContent {
  const policy = form.get('Policy')
  const arns = form.list('PolicyArns').map((item) => item.get('arn') ?? item.get('') ?? '')
  const tags = form.list('Tags').map((item) => [item.get('Key') ?? '', item.get('Value') ?? ''] as const)
  const transitive = form.list('TransitiveTagKeys').map((item) => item.get('') ?? '')
  const problems = [
    ...tooMany('PolicyArns', arns.length, 10),
    ...tooMany('Tags', tags.length, 50),
    ...tooMany('TransitiveTagKeys', transitive.length, 50),
    ...tags.flatMap(([name, value], i) => [
      ...checkValue(`Tags.${i + 1}.member.key`, name, { min: 1, max: 128, pattern: characters }),
      ...checkValue(`Tags.${i + 1}.member.value`, value, { max: 256, pattern: characters }),
    ]),
  ]
  if (problems.length > 0) throw validationError(...problems)
  if (policy !== undefined) checkPolicy(policy)
  for (const arn of arns)
    if (!fixture.policies.has(arn) || !ownOrShared(arn, account))
      throw new AwsError(400, 'MalformedPolicyDocument', `Policy ${arn} does not exist or is not attachable.`)
  const names = new Set(tags.map(([name]) => name.toLowerCase()))
  if (names.size < tags.length)
    throw new AwsError(
      400,
      'InvalidParameterValue',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    )
  const size = (policy?.length ?? 0) + arns.reduce((sum, arn) => sum + arn.length, 0)
  if (size > room)
    throw new AwsError(
      400,
      'PackedPolicyTooLarge',
      `Packed policy consumes ${Math.ceil((size * 100) / room)}% of allotted space, please use smaller policy.`,
    )
  const packed = size + tags.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  return {
    ...(policy !== undefined && { policy }),
    policyArns: arns,
    tags: Object.fromEntries(tags),
    transitive,
    packedSize: packed === 0 ? undefined : Math.min(100, Math.ceil((packed * 100) / (2 * room))),
  }
}

function checkPolicy(text: string): void {
  try {
    parsePolicyText(text, 'identity')
  } catch (cause) {
    if (!(cause instanceof MalformedPolicy)) throw cause
    throw new AwsError(400, 'MalformedPolicyDocument', cause.message)
  }
}

function ownOrShared(arn: string, account: string | undefined): boolean {
  const owner = arn.split(':')[4]
  return owner === 'aws' || owner === account
}

function tooMany(name: string, count: number, most: number): readonly string[] {
  if (count <= most) return []
  const place = name.charAt(0).toLowerCase() + name.slice(1)
  return [
    `Value at '${place}' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
  ]
}
