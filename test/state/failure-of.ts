import { type Diagnostic, Failure } from '../../src/core/diagnostic.js'

/** The diagnostics of the `Failure` that the action ends with; none if it succeeds. */
export async function diagnosticsOf(action: Promise<unknown>): Promise<readonly Diagnostic[]> {
  try {
    await action
    return []
  } catch (error) {
    if (error instanceof Failure) return error.diagnostics
    throw error
  }
}

/** Code, detail and help of the failure, one below the other. */
export async function failureOf(action: Promise<unknown>): Promise<string> {
  const [first] = await diagnosticsOf(action)
  return first === undefined ? 'no failure' : `${first.code}\n${first.detail}\n${first.help}`
}
