import type { Provider } from '../../core/resource.js'
import { connect } from '../connect.js'
import { loadSchemas } from '../schemas.js'
import { createApi, type VaultApi } from './api.js'
import { rolesData } from './data-roles.js'
import { lease } from './lease.js'
import { mount } from './mount.js'
import { adviceOn, didNothing, errorWords, refusalMeans, unauthorizedHelp, warningsIn } from './refusal.js'
import { role } from './role.js'
import { root } from './root.js'
import { certificatesOf, endpointOf, namespaceOf, tokenOf } from './settings.js'
import { staticRole } from './static-role.js'

/** Largest answer in bytes: the names of a million roles. */
const answerLimit = 64 * 1024 * 1024

/** HashiCorp Vault and OpenBao: their AWS secrets engine. */
export const provider: Provider<VaultApi> = {
  name: 'vault',
  schema: loadSchemas('vault').provider,
  resources: new Map([mount, root, lease, role, staticRole].map((type) => [type.schema.type, type] as const)),
  data: new Map([rolesData].map((type) => [type.schema.type, type] as const)),

  async configure(settings, environment) {
    const namespace = namespaceOf(settings, environment)
    return connect(settings, environment, {
      endpoint: endpointOf(settings, environment),
      system: 'vault',
      answerLimit,
      client: {
        api: 'a Vault or OpenBao server',
        requestIdHeader: 'x-request-id',
        words: errorWords,
        meaning: refusalMeans,
        warnings: warningsIn,
        advice: adviceOn,
        didNothing,
        unauthorizedHelp,
      },
      ...(namespace !== undefined && { scope: `namespace=${namespace}` }),
      signIn(plane) {
        const ofPlane = plane !== undefined && settings.token === null
        const token = ofPlane ? plane.token : tokenOf(settings, environment)
        return {
          headers: {
            // A proxy in front of the server may ask for it, against requests that a browser was tricked into.
            'x-vault-request': 'true',
            ...(token === undefined ? {} : { 'x-vault-token': token }),
            ...(namespace === undefined ? {} : { 'x-vault-namespace': `${namespace}/` }),
          },
          secrets: token === undefined ? [] : [token],
        }
      },
      certificates: () => certificatesOf(environment),
      api(client, timing) {
        const shared = { client, now: () => environment.now(), sleep: timing.sleep }
        return (call) => createApi(shared, call)
      },
    })
  },
}
