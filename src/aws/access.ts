/** Keys that requests to AWS are signed with. */
export interface AwsIdentity {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary keys. */
  readonly sessionToken?: string
}

/** How AWS is reached, and as whom where nothing else is said. */
export interface AwsAccess {
  /** Answers requests in this process: the sandbox. Absent: the network, by the SDK's own settings (`AWS_ENDPOINT_URL…` too). */
  readonly answer?: (request: Request) => Promise<Response>
  /** Carries requests over the network where the SDK's own way does not do: it knows no proxy. */
  readonly carry?: (request: Request) => Promise<Response>
  /** Absent: the SDK's own chain (environment, shared files, instance). */
  readonly identity?: AwsIdentity
  /** The external id that roles here already demand of the control plane. Absent: it chooses one. */
  readonly externalId?: string
  env(name: string): string | undefined
}
