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

/** The proxy could not be reached, or would not lead on. */
export class ProxyTrouble extends Error {
  constructor(
    /** Host and port. */
    readonly proxy: string,
    /** What it answered to CONNECT; undefined: nothing. */
    readonly status: number | undefined,
    options: ErrorOptions,
  ) {
    super(`the proxy ${proxy} does not lead to the service`, options)
    this.name = 'ProxyTrouble'
  }
}

/** Before a tunnel stands, what fails is the proxy and not the service. */
const beforeTunnel = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** The error as one of the proxy, if it is. */
export function ofProxy(cause: unknown, { host }: URL): unknown {
  const answered = /^Proxy response \((\d{3})\)/.exec(messageOf(cause))?.[1]
  if (answered !== undefined) return new ProxyTrouble(host, Number(answered), { cause })
  return beforeTunnel.has(codeOf(cause)) ? new ProxyTrouble(host, undefined, { cause }) : cause
}

function explainProxy({ proxy, status, cause }: ProxyTrouble, host: string): NetworkTrouble {
  const help = `It is named by HTTPS_PROXY or HTTP_PROXY; hosts that need no proxy are listed in NO_PROXY (${host}, for example).`
  if (status === 407)
    return {
      words: `the proxy ${proxy} wants a user name and a password, or other ones (407)`,
      help: `Write them into the URL: HTTPS_PROXY=http://user:password@${proxy}, with special characters percent-encoded.`,
      retriable: false,
    }
  if (status !== undefined)
    return {
      words: `the proxy ${proxy} does not lead to ${host} (${status})`,
      help,
      retriable: status >= 500,
    }
  return { words: `the proxy ${proxy} cannot be reached (${codeOf(cause)})`, help, retriable: true }
}

/** Explains an error of Node's network stack or of undici by its code. */
export function explainNetworkError(cause: unknown, origin: string): NetworkTrouble {
  const code = codeOf(cause)
  const host = new URL(origin).host
  if (cause instanceof ProxyTrouble) return explainProxy(cause, host)
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
    help: `Try again; if it stays, look for a proxy or load balancer in between${origin.startsWith('http:') ? ', or whether the endpoint should begin with https:// rather than http://' : ''}.`,
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
