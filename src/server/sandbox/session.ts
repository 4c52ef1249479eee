import { newId, newSecret } from './ids.js'
import type { Service } from './service.js'

/**
 * Temporary credentials. All of it is in the token, sealed: whoever opens the same database with its key knows a session that
 * another process began, and nothing has to be cleaned up when it ends.
 */
export interface Session {
  readonly accessKeyId: string
  readonly secret: string
  readonly kind: 'role' | 'federated user' | 'user'
  /** The ARN of the role, or the id of the user whose keys began it. */
  readonly of: string
  readonly account: string
  /** Of the session or the federated user; empty for a user's own session. */
  readonly name: string
  /** Milliseconds since 1970. */
  readonly issued: number
  readonly expires: number
  /** The session policy's text. */
  readonly policy?: string
  /** ARNs of managed policies that limit the session. */
  readonly policyArns: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  /** Those of the tags that a session begun with this one inherits. */
  readonly transitive: readonly string[]
  readonly sourceIdentity?: string
}

const place = 'sandbox/session'

/** Begins a session of `seconds`. */
export function beginSession(
  service: Service,
  seconds: number,
  content: Omit<Session, 'accessKeyId' | 'secret' | 'issued' | 'expires'>,
): { readonly session: Session; readonly token: string } {
  const issued = service.now().getTime()
  const session: Session = {
    ...content,
    accessKeyId: newId('ASIA', 20, (bytes) => service.random(bytes)),
    secret: newSecret((bytes) => service.random(bytes)),
    issued,
    // The service tells whole seconds.
    expires: (Math.floor(issued / 1000) + seconds) * 1000,
  }
  const { nonce, sealed } = service.sealer.seal(JSON.stringify(session), place)
  return { session, token: Buffer.concat([nonce, sealed]).toString('base64') }
}

/** The session of a token; undefined if this sandbox did not make it. */
export function openSession(service: Service, token: string): Session | undefined {
  const bytes = Buffer.from(token, 'base64')
  try {
    const sealed = { nonce: bytes.subarray(0, 12), sealed: bytes.subarray(12) }
    // Nobody else can seal, so that what opens has the shape that `beginSession` gave it.
    return JSON.parse(service.sealer.open(sealed, place)) as Session
  } catch {
    return undefined
  }
}
