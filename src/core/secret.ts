import { inspect } from 'node:util'

/**
 * A secret on its way to a service. It has no serialiser: printing shows a placeholder, and turning it into JSON is a bug
 * that throws, so that a placeholder is never sent to a service as if it were the password.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The secret itself. Call it only where the bytes of a request are made, or a fingerprint is taken. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '(sensitive value)'
  }

  toJSON(): never {
    throw new Error('a secret has no JSON form')
  }

  [inspect.custom](): string {
    return '(sensitive value)'
  }
}
