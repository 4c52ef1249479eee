/** What the network said, in words for the user. `retriable`: another try may well succeed. */
export interface NetworkTrouble {
  readonly words: string
  readonly help: string
  readonly retriable: boolean
}

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])

/** Explains an error of Node's network stack or of undici by its code. */
export function explainNetworkError(cause: unknown, origin: string): NetworkTrouble {
  const code = codeOf(cause)
  const host = new URL(origin).host
  if (code === 'ENOTFOUND')
    return {
      words: `there is no host "${new URL(origin).hostname}"`,
      help: 'Check the spelling of the endpoint, and that this machine can resolve it (VPN?).',
      retriable: false,
    }
  if (code === 'EAI_AGAIN')
    return {
      words: `the name of ${host} could not be looked up`,
      help: 'Check this machine’s network and name server.',
      retriable: true,
    }
  if (code === 'ECONNREFUSED')
    return {
      words: `nothing listens at ${host}`,
      help: 'Check the port of the endpoint, and that the service is running.',
      retriable: true,
    }
  if (
    code === 'UND_ERR_CONNECT_TIMEOUT' ||
    code === 'ETIMEDOUT' ||
    code === 'EHOSTUNREACH' ||
    code === 'ENETUNREACH'
  )
    return {
      words: `${host} cannot be reached (${code})`,
      help: 'Check firewall, VPN and the host of the endpoint.',
      retriable: true,
    }
  if (untrusted.has(code))
    return {
      words: `the certificate of ${host} is signed by nobody that this machine trusts (${code})`,
      help: 'Give the certificate of its authority: the provider’s ca_certificate, or NODE_EXTRA_CA_CERTS=FILE.',
      retriable: false,
    }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return {
      words: `the certificate of ${host} is out of date (${code})`,
      help: 'Renew it, or check the clock of this machine.',
      retriable: false,
    }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      words: `the certificate of ${host} belongs to another host`,
      help: 'Use the host name that the certificate names in the endpoint.',
      retriable: false,
    }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS'))
    return {
      words: `${host} does not speak TLS as expected (${code})`,
      help: 'Check whether the endpoint should begin with http:// rather than https://, and its port.',
      retriable: false,
    }
  return {
    words: `the connection to ${host} broke (${code === '' ? messageOf(cause) : code})`,
    help: 'Try again; if it stays, look for a proxy or load balancer in between.',
    retriable: true,
  }
}

function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return ''
  if ('code' in cause && typeof cause.code === 'string') return cause.code
  // Several addresses of one host were tried: each has its own error.
  if (cause instanceof AggregateError) return codeOf(cause.errors[0])
  return 'cause' in cause ? codeOf(cause.cause) : ''
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
