import { readFileSync } from 'node:fs'

/** The version of this package. */
export function version(): string {
  const file = new URL('../../../../package.json', import.meta.url)
  const text: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const found = typeof text === 'object' && text !== null && 'version' in text ? text.version : undefined
  if (typeof found !== 'string') throw new Error('package.json has no version')
  return found
}
