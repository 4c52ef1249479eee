/** An answer that is an error: a status, and the vendor's list of texts, which may be empty. */
export class VaultError extends Error {
  readonly status: VaultErrorStatus
  readonly errors: readonly string[]

  constructor(status: VaultErrorStatus, errors: readonly string[], options: ErrorOptions = {}) {
    super(errors.join('; '), options)
    this.name = 'VaultError'
    this.status = status
    this.errors = errors
  }
}

export type VaultErrorStatus = 400 | 403 | 404 | 405 | 413 | 500 | 502 | 503

/** What the caller sent is wrong. Texts never quote values that may be secrets. */
export function invalid(text: string): VaultError {
  return new VaultError(400, [text])
}

/** The vendor gives some mistakes of the caller this status too. */
export function failed(text: string): VaultError {
  return new VaultError(500, [gathered([text])])
}

/** An object that is not there, or a list with nothing to list. */
export function absent(): VaultError {
  return new VaultError(404, [])
}

/** A path below no mount. */
export function noHandler(path: string): VaultError {
  return new VaultError(404, [`no handler for route ${quoted(path)}. route entry not found.`])
}

/** A path below a mount that the engine does not have, or a name that no object can have. */
export function unsupportedPath(): VaultError {
  return new VaultError(404, [gathered(['unsupported path'])])
}

/** A verb that the path does not have. */
export function unsupportedOperation(): VaultError {
  return new VaultError(405, [gathered(['unsupported operation'])])
}

/** Not enough rights; a token that is missing or unknown is told in plain words instead. */
export function denied(): VaultError {
  return new VaultError(403, [gathered(['permission denied'])])
}

/** Several problems as the vendor writes them in one text. */
export function gathered(problems: readonly string[]): string {
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`
  return `${count} occurred:\n${problems.map((problem) => `\t* ${problem}\n`).join('')}\n`
}

/** As Go writes text in quotes. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}
