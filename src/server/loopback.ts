import { isIPv4 } from 'node:net'

/** Whether a host is this machine and no other. A name that only begins like such an address may lead anywhere. */
export function isLoopback(host: string): boolean {
  const plain = host.replace(/^\[|\]$/g, '')
  return plain === 'localhost' || plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'))
}
