import { error, Failure } from '../core/diagnostic.js'

/** Reads an environment variable. */
export type Env = (name: string) => string | undefined

/**
 * The proxy that requests to a service go through, by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (or their lower-case forms,
 * which come first), as curl and Go read them: an entry of `NO_PROXY` is a host with all below it, an address, either with a
 * port, or `*`. This machine itself is never reached through one. Throws a `Failure` for a variable that holds no URL.
 */
export function proxyFor(service: URL, env: Env): URL | undefined {
  const name = service.protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  const [variable, text] = either(env, name)
  if (text === undefined || isLoopback(service.hostname) || isExempt(service, either(env, 'no_proxy')[1]))
    return undefined
  const proxy = parse(withScheme(text))
  if (proxy !== null && (proxy.protocol === 'http:' || proxy.protocol === 'https:') && proxy.hostname !== '')
    return proxy
  // The value is not shown: it may hold a password.
  throw new Failure(
    error('http/proxy', 'The proxy of the environment cannot be used', {
      detail: `${variable} does not hold the URL of an HTTP proxy.`,
      help: `Write ${variable}=http://host:port, or unset it. NO_PROXY lists the hosts that need none.`,
    }),
  )
}

/** How undici names a proxy that was chosen, and signs in to it. */
export function agentOptions(proxy: URL): { readonly uri: string; readonly token?: string } {
  const uri = `${proxy.protocol}//${proxy.host}`
  const { username, password } = proxy
  if (username === '') return { uri }
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { uri, token: `Basic ${Buffer.from(credentials).toString('base64')}` }
}

function either(env: Env, name: string): readonly [string, string | undefined] {
  const set = [name, name.toUpperCase()].find((one) => (env(one) ?? '').trim() !== '')
  return set === undefined ? [name.toUpperCase(), undefined] : [set, env(set)?.trim()]
}

function withScheme(text: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
}

function parse(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

function isExempt(service: URL, list = ''): boolean {
  const host = service.hostname.replace(/\.$/, '')
  const port = service.port === '' ? (service.protocol === 'https:' ? '443' : '80') : service.port
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, named = '', wanted] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (wanted !== undefined && wanted !== port) return false
      const bare = named.replace(/^\*?\./, '')
      return bare !== '' && (host === bare || host.endsWith(`.${bare}`))
    })
}
