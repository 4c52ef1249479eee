import { createHash } from 'node:crypto'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An id as IAM makes them: four letters that say of what (`AIDA` a user, `AROA` a role, `AKIA` and `ASIA` keys), and random ones. */
export function newId(kind: string, length: number, random: (bytes: number) => Uint8Array): string {
  return kind + lettersOf(random(length - kind.length))
}

/** The id of something that a fixture declares: always the same. */
export function declaredId(kind: string, arn: string): string {
  return kind + lettersOf(createHash('sha256').update(arn).digest().subarray(0, 17))
}

/** A secret access key: 40 characters. */
export function newSecret(random: (bytes: number) => Uint8Array): string {
  return Buffer.from(random(30)).toString('base64')
}

function lettersOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => letters[byte % 32]).join('')
}
