/** The parts of an Amazon resource name. `region` and `account` are empty where the service has none (IAM has no region). */
export interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** What is wrong with a text, in words that follow its name ("… has no account"), and what to write instead. */
export interface Objection {
  readonly problem: string
  readonly help: string
}

/** Which kind of IAM object an ARN must name. */
export const arnKinds = ['iam-role', 'iam-user', 'iam-policy'] as const
export type ArnKind = (typeof arnKinds)[number]

/** The set is open: there are isolated and sovereign clouds besides `aws`, `aws-cn` and `aws-us-gov`. */
const partition = /^aws(?:-[a-z]+)*$/

/** Takes an ARN apart; undefined if the text has not the six parts of one. */
export function parseArn(text: string): Arn | undefined {
  const parts = /^arn:([^:\s]+):([^:\s]+):([^:\s]*):([^:\s]*):(\S+)$/.exec(text)
  if (parts === null) return undefined
  const [, partition, service, region, account, resource] = parts as unknown as [string, ...string[]]
  return { partition, service, region, account, resource } as Arn
}

/**
 * Checks an ARN, in whichever partition, and that it names an object of the kind that is wanted.
 * Source: AWS General Reference, IAM identifiers. Undefined: nothing is wrong.
 */
export function checkArn(text: string, kind?: ArnKind): Objection | undefined {
  const help = `Write it in full, such as ${example(kind)}.`
  const arn = parseArn(text)
  if (arn === undefined) return { problem: 'is not an ARN', help }
  if (!partition.test(arn.partition))
    return {
      problem: `has the partition "${arn.partition}"`,
      help: 'It is aws, aws-cn, aws-us-gov or another that begins with aws-.',
    }
  if (/^[0-9]+$/.test(arn.account) && arn.account.length !== 12)
    return {
      problem: `has an account of ${arn.account.length} digit${arn.account.length === 1 ? '' : 's'}`,
      help: 'An AWS account id has 12 digits, leading zeros included: quote it, a number loses them.',
    }
  return kind === undefined ? undefined : checkIam(arn, kind, help)
}

function checkIam(arn: Arn, kind: ArnKind, help: string): Objection | undefined {
  const noun = kind.slice('iam-'.length)
  if (arn.service === 'sts' && arn.resource.startsWith('assumed-role/'))
    return {
      problem: 'names a session, not a role',
      help: `The role's own ARN has "iam" for "sts" and "role/" for "assumed-role/", its path, and no session name: ${example(kind)}.`,
    }
  if (arn.service !== 'iam') return { problem: `belongs to the service "${arn.service}", not to IAM`, help }
  if (arn.region !== '')
    return {
      problem: `has a region, "${arn.region}"`,
      help: 'IAM is global: leave the region empty (two colons).',
    }
  const shared = kind === 'iam-policy' && arn.account === 'aws'
  if (!shared && !/^[0-9]{12}$/.test(arn.account)) return { problem: 'has no account id of 12 digits', help }
  if (!arn.resource.startsWith(`${noun}/`)) {
    const named = /^([a-z-]+)[/:]/.exec(arn.resource)?.[1] ?? arn.resource
    return {
      problem: `names ${/^[aeio]/.test(named) ? 'an' : 'a'} ${named}, not a ${noun}`,
      help: named === 'instance-profile' && kind === 'iam-role' ? profileHelp(arn) : help,
    }
  }
  if (!/^(?:[!-.0-~]+\/){0,32}[\w+=,.@-]{1,128}$/.test(arn.resource.slice(noun.length + 1)))
    return {
      problem: `has no valid ${noun} name`,
      help: 'A name has letters, digits and any of _+=,.@- and may follow a path with slashes.',
    }
  return undefined
}

/** A profile is the shell in which machines carry a role. */
function profileHelp({ partition, account, resource }: Arn): string {
  const name = resource.split('/').at(-1)
  return `Name the role that the profile holds, which often has the same name: "arn:${partition}:iam::${account}:role/${name}".`
}

function example(kind: ArnKind | undefined): string {
  return `"arn:aws:iam::123456789012:${(kind ?? 'iam-role').slice('iam-'.length)}/analytics"`
}

/** Checks the name of an S3 bucket (source: S3 User Guide, general purpose bucket naming rules). Undefined: nothing is wrong. */
export function checkBucketName(text: string): Objection | undefined {
  const bare = /^(?:s3[an]?:\/\/|arn:[^:]+:s3:::)([^/]+)/i.exec(text)?.[1]
  if (bare !== undefined)
    return { problem: 'is an address, not a name', help: `Give the name alone: ${JSON.stringify(bare)}.` }
  if (text.includes('/'))
    return {
      problem: 'has a slash',
      help: `Give the name of the bucket without a path: ${JSON.stringify(text.split('/')[0])}.`,
    }
  if (text.length < 3 || text.length > 63)
    return {
      problem: `has ${text.length} character${text.length === 1 ? '' : 's'}`,
      help: 'A bucket name has 3 to 63 characters.',
    }
  if (!/^[a-z0-9.-]+$/.test(text))
    return {
      problem: 'has characters that bucket names do not have',
      help: 'A bucket name has lowercase letters, digits, dots and hyphens only.',
    }
  if (!/^[a-z0-9].*[a-z0-9]$/.test(text))
    return {
      problem: 'begins or ends with a dot or hyphen',
      help: 'A bucket name begins and ends with a letter or digit.',
    }
  if (text.includes('..'))
    return { problem: 'has two dots in a row', help: 'Dots in a bucket name stand alone.' }
  if (/^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/.test(text))
    return { problem: 'looks like an IP address', help: 'A bucket name must not.' }
  const reserved = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.exec(
    text,
  )?.[0]
  if (reserved !== undefined)
    return {
      problem: `has "${reserved}", which AWS keeps for itself`,
      help: 'Give the name of the bucket, not of an alias or access point.',
    }
  return undefined
}
