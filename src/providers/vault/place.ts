import type { Inputs } from '../../core/resource.js'
import { textOf } from './api.js'

/** Where something of an engine is: the path of its mount, and of itself within. */
export interface Place {
  readonly mount: string
  readonly name: string
}

/** The parts of a path that is sent: a mount's own may have several. */
export function pathOf(mount: string, ...within: readonly string[]): readonly string[] {
  return [...mount.split('/'), ...within]
}

/** The mount that an object is declared in. */
export function mountOf(inputs: Inputs): string {
  return textOf(inputs.mount) ?? 'aws'
}

/** Where an object is declared to be. */
export function declaredPlace(inputs: Inputs): Place {
  return { mount: mountOf(inputs), name: textOf(inputs.name) ?? '' }
}

/** For messages. */
export function wordsOf({ mount, name }: Place): string {
  return `${name} of ${mount}`
}

/** Takes an id like `aws/roles/ci` apart; undefined if it is none of this kind. */
export function placeOf(id: string, kind: 'roles' | 'static-roles'): Place | undefined {
  const parts = id.split('/')
  const name = parts.pop() ?? ''
  if (parts.pop() !== kind || name === '' || parts.length === 0 || parts.some(isNoSegment)) return undefined
  return isNoSegment(name) ? undefined : { mount: parts.join('/'), name }
}

/** The mount of an id like `aws/config/root`; undefined if it is none of this kind. */
export function mountOfConfig(id: string, kind: 'root' | 'lease'): string | undefined {
  const parts = id.split('/')
  if (parts.pop() !== kind || parts.pop() !== 'config' || parts.length === 0 || parts.some(isNoSegment))
    return undefined
  return parts.join('/')
}

/** Such a part would lead to another path than the one that is meant. */
function isNoSegment(part: string): boolean {
  return part === '' || part === '.' || part === '..'
}
