import type { Grant } from '../system.js'
import { invalid, VaultError } from './api-error.js'
import { identify, requireScope } from './callers.js'
import { engineRoutes } from './engine-routes.js'
import { readFields } from './fields.js'
import { locate } from './mount-place.js'
import type { Mount } from './mount-settings.js'
import { type Reply, responseOf } from './reply.js'
import { type Asked, readData, readRequest } from './request.js'
import { type Call, type Chosen, choose, type MountCall } from './route.js'
import { randomId, type VaultService } from './service.js'
import { health, leader, sealStatus } from './status.js'
import { systemRoutes } from './system-routes.js'

/** Answers a request; throws a `VaultError` that says how it is refused. */
export async function dispatch(
  service: VaultService,
  request: Request,
  grantOf: (request: Request) => Promise<Grant | undefined>,
): Promise<Response> {
  const asked = readRequest(request)
  const open = toAnybody(service, asked)
  if (open !== undefined) return responseOf(open, { requestId: '', mountType: undefined })
  const caller = await identify(service, request, asked.token, grantOf)
  const { namespace, path, mount } = await locate(
    service.tables,
    checkedNamespace(asked.namespace),
    asked.path,
  )
  // To answer with the secret itself would be worse than not to answer.
  if (!['', '0', '0s'].includes(request.headers.get('x-vault-wrap-ttl') ?? ''))
    throw invalid('this server does not wrap answers: leave out the X-Vault-Wrap-TTL header')
  const chosen = chooseFor(service, mount, path, asked)
  requireScope(caller, ...chosen.scopes)
  const fields = readFields(await readData(request, asked.operation))
  const reply = await chosen.run({ service, caller, namespace, path, fields })
  const warns = service.generation === 'today' && mount !== undefined && asked.operation === 'update'
  const ignored = warns ? fields.ignored() : []
  return responseOf(withWarning(reply, ignored), {
    requestId: randomId(service),
    mountType: service.generation === '1.0' ? undefined : mount === undefined ? 'system' : 'aws',
  })
}

function chooseFor(
  { generation }: VaultService,
  mount: Mount | undefined,
  path: string,
  { operation }: Asked,
): Chosen<Call> {
  if (mount === undefined) return choose(systemRoutes, path, operation)
  const { scopes, run } = choose<MountCall>(engineRoutes(generation), path, operation)
  return { scopes, run: (call) => run({ ...call, mount }) }
}

function toAnybody(service: VaultService, { path, operation }: Asked): Reply | undefined {
  if (operation !== 'read') return undefined
  switch (path) {
    case 'sys/health':
      return health(service)
    case 'sys/seal-status':
      return sealStatus(service)
    case 'sys/leader':
      return leader()
    case 'sys/init':
      return { bare: { status: 200, body: { initialized: true } } }
    default:
      return undefined
  }
}

function checkedNamespace(namespace: string): string {
  const wrong = /[^\w./@~-]|\/\/|(?:^|\/)(?:sys|auth|audit|cubbyhole|identity|root)(?:\/|$)/.test(namespace)
  if (namespace === 'root') return ''
  if (wrong) throw new VaultError(400, ['the X-Vault-Namespace header names no namespace that can be'])
  return namespace
}

function withWarning(reply: Reply, ignored: readonly string[]): Reply {
  if (ignored.length === 0) return reply
  const warning = `Endpoint ignored these unrecognized parameters: [${ignored.join(' ')}]`
  return { ...reply, warnings: [...(reply.warnings ?? []), warning] }
}
