import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'

/** Encrypted and authenticated bytes, as they are stored. */
export interface Sealed {
  readonly nonce: Uint8Array
  /** The tag (16 bytes), then the ciphertext. */
  readonly sealed: Uint8Array
}

/** Seals text so that it opens only with the same key and in the same `place` (a table and row id). */
export interface Sealer {
  seal(text: string, place: string): Sealed
  open(sealed: Sealed, place: string): string
}

const nonceLength = 12
const tagLength = 16

/**
 * AES-256-GCM. Every sealing takes a fresh random nonce: a counter would repeat itself after a database was restored from a
 * backup, while random ones are safe far beyond the number of credentials that a plane will ever hold.
 */
export function sealer(key: Uint8Array, random: (bytes: number) => Uint8Array): Sealer {
  return {
    seal(text, place) {
      const nonce = random(nonceLength)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
      cipher.setAAD(Buffer.from(place))
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return { nonce, sealed: Buffer.concat([cipher.getAuthTag(), ciphertext]) }
    },
    open({ nonce, sealed }, place) {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
      decipher.setAAD(Buffer.from(place))
      decipher.setAuthTag(sealed.subarray(0, tagLength))
      return Buffer.concat([decipher.update(sealed.subarray(tagLength)), decipher.final()]).toString('utf8')
    },
  }
}

/** What a database keeps to recognise its key. */
export function keyCheck(key: Uint8Array): string {
  return createHmac('sha256', key).update('rolecall plane key').digest('hex')
}

export function isKeyOf(check: string, key: Uint8Array): boolean {
  const expected = Buffer.from(check, 'hex')
  const found = Buffer.from(keyCheck(key), 'hex')
  return expected.length === found.length && timingSafeEqual(expected, found)
}
