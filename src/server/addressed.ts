import { type SystemName, systemNames } from './system.js'

/** Which service a request is for, and the request as that service sees it. */
export interface Destination {
  readonly system: SystemName
  /** In which header of its answers the service names the request. */
  readonly requestIdHeader: string
  inner(request: Request): Request
}

/** The roots that the vendors' own clients call, where no two services have the same. OuterProduct shares `/v1` with Vault. */
const roots: readonly (readonly [string, SystemName])[] = [
  ['/v1', 'vault'],
  ['/api/v1', 'tines'],
  ['/v4', 'trifacta'],
]

/**
 * Finds the service by the path: below its name (`/vault/v1/sys/mounts`) each is reached; at the root those whose paths no
 * other has.
 */
export function addressed(request: Request): Destination {
  const url = new URL(request.url)
  const named = systemNames.find((name) => isBelow(url.pathname, `/${name}`))
  if (named !== undefined) {
    return {
      system: named,
      requestIdHeader: headerOf(named),
      inner: (passed) => moved(passed, url, url.pathname.slice(named.length + 1)),
    }
  }
  const system = roots.find(([root]) => isBelow(url.pathname, root))?.[1] ?? 'trifacta'
  return { system, requestIdHeader: headerOf(system), inner: (passed) => passed }
}

/** What to add to the address of a server, to reach a service with its vendor's own clients. */
export function pathTo(system: SystemName): string {
  return roots.some(([, name]) => name === system) ? '' : `/${system}`
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`)
}

function headerOf(system: SystemName): string {
  return system === 'trifacta' ? 'x-trifacta-request-id' : 'x-request-id'
}

function moved(request: Request, url: URL, path: string): Request {
  const target = new URL(url)
  target.pathname = path === '' ? '/' : path
  const { method, headers, body } = request
  return new Request(target, { method, headers, ...(body === null ? {} : { body, duplex: 'half' as const }) })
}
