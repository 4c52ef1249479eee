import type { Session } from './session.js'
import type { XmlElements } from './xml.js'

/** Temporary credentials, as all calls of STS hand them out. */
export function sessionCredentials({ accessKeyId, secret, expires }: Session, token: string): XmlElements {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secret,
    SessionToken: token,
    Expiration: `${new Date(expires).toISOString().slice(0, 19)}Z`,
  }
}
