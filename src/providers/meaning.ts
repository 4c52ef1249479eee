import { type Meaning, ServiceError } from '../core/resource.js'

/** What a refusal of the service means, where it is one and means something. */
export function meaningOf(error: unknown): Meaning | undefined {
  return error instanceof ServiceError ? error.facts.meaning : undefined
}

/** What the promise gives, or undefined where there is no such object. */
export async function unlessAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (meaningOf(error) === 'absent') return undefined
    throw error
  }
}
