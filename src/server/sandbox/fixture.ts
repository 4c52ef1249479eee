import type { Policy } from './policy-document.js'

/** What a fixture declares: an AWS of its own, with every id in it. */
export interface Fixture {
  readonly accounts: ReadonlyMap<string, Account>
  /** Everything below by its ARN. */
  readonly users: ReadonlyMap<string, UserDeclaration>
  readonly groups: ReadonlyMap<string, Group>
  readonly roles: ReadonlyMap<string, Role>
  readonly policies: ReadonlyMap<string, PolicyText>
  /** By name: bucket names are unique in a partition, and here in all. */
  readonly buckets: ReadonlyMap<string, Bucket>
  /** The ARN of the user in whose name the control plane, the probe and `creds` work. */
  readonly controlPlane: string | undefined
  /** What trust policies in it demand of the control plane: the external id of its organisation. */
  readonly externalId: string | undefined
  /** Seconds until an access key that a request has made counts. */
  readonly newKeysAfter: number
  /** What each of STS, IAM and S3 takes; undefined: any number. */
  readonly requestsPerSecond: number | undefined
}

export interface Account {
  /** 12 digits. */
  readonly id: string
  readonly partition: string
  /** Service control policies; undefined: the account is in no organisation that has any. */
  readonly organisation: readonly Policy[] | undefined
}

/** A policy's text, which IAM hands back, and what it says. */
export interface PolicyText {
  readonly text: string
  readonly policy: Policy
}

/** The policies of an identity. */
export interface PolicySet {
  readonly inline: ReadonlyMap<string, PolicyText>
  /** ARNs of managed policies. */
  readonly attached: readonly string[]
  /** The ARN of a managed policy. */
  readonly boundary: string | undefined
}

export interface UserDeclaration {
  readonly arn: string
  readonly account: string
  readonly name: string
  readonly path: string
  readonly policies: PolicySet
  readonly groups: readonly string[]
  readonly tags: ReadonlyMap<string, string>
  readonly keys: readonly KeyDeclaration[]
}

export interface KeyDeclaration {
  readonly id: string
  readonly secret: string
  readonly status: 'Active' | 'Inactive'
}

export interface Group {
  readonly arn: string
  readonly account: string
  readonly name: string
  readonly path: string
  readonly policies: PolicySet
}

export interface Role {
  readonly arn: string
  readonly account: string
  readonly name: string
  readonly path: string
  readonly trust: PolicyText
  /** Seconds. */
  readonly maxSession: number
  readonly policies: PolicySet
  readonly tags: ReadonlyMap<string, string>
}

export interface Bucket {
  readonly name: string
  readonly account: string
  readonly partition: string
  readonly region: string
  readonly policy: PolicyText | undefined
  /** What is in it at first, by key. */
  readonly objects: ReadonlyMap<string, string>
}

/** What is made while a file is read. */
export interface FixtureDraft {
  readonly accounts: Map<string, Account>
  readonly users: Map<string, UserDeclaration>
  readonly groups: Map<string, Group>
  readonly roles: Map<string, Role>
  readonly policies: Map<string, PolicyText>
  readonly buckets: Map<string, Bucket>
}
