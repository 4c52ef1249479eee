import type { Outputs } from '../../core/resource.js'
import { listNames, type VaultApi } from './api.js'
import { pathOf } from './place.js'

/** How much a mount holds; undefined: it does not tell this token, or this release has no such thing. */
export interface Contents {
  readonly roles: number | undefined
  readonly staticRoles: number | undefined
}

const known = new WeakMap<Outputs, Contents>()
const others = new WeakMap<Outputs, readonly string[]>()

/** Remembers the paths of the other mounts, which are in the way of a move. */
export function noteOthers(out: Outputs, paths: readonly string[]): void {
  others.set(out, paths)
}

/** The path of a mount at, above or below which no other can be moved; undefined: none is known. */
export function inTheWayOf(out: Outputs, path: string): string | undefined {
  return others
    .get(out)
    ?.find((other) => other === path || path.startsWith(`${other}/`) || other.startsWith(`${path}/`))
}

export async function contentsOf(api: VaultApi, path: string): Promise<Contents> {
  const count = (kind: string) =>
    listNames(api, pathOf(path, kind), `listing the ${kind} of ${path}`).then(
      (names) => names.length,
      // It is only told beside a plan: what cannot be told must not keep it from being made.
      () => undefined,
    )
  const [roles, staticRoles] = await Promise.all([count('roles'), count('static-roles')])
  return { roles, staticRoles }
}

export function noteContents(out: Outputs, contents: Contents): void {
  known.set(out, contents)
}

/** What goes when the mount does. */
export function contentWords(out: Outputs): string {
  const { roles, staticRoles } = known.get(out) ?? { roles: undefined, staticRoles: undefined }
  const parts = [
    roles === undefined ? 'its roles' : roles === 0 ? undefined : counted(roles, 'role'),
    staticRoles === undefined || staticRoles === 0 ? undefined : counted(staticRoles, 'static role'),
    'its root credentials',
  ].filter((part) => part !== undefined)
  const listed = parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
  const kept =
    staticRoles === undefined || staticRoles === 0
      ? ''
      : ' The keys of static roles have no lease: of a static role that is not destroyed before, the key stays valid in AWS.'
  const text = `${listed} go with it, and every credential that it has issued and not yet ended is revoked.${kept}`
  return text[0]?.toUpperCase() + text.slice(1)
}

function counted(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`
}
