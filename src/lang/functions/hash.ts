import { createHash } from 'node:crypto'
import { string } from '../../core/type.js'
import { stringValue } from '../../core/value.js'
import { stringAt, text } from './argument.js'
import { readBytes } from './file.js'
import { ArgumentError, type LanguageFunction } from './function.js'

type Algorithm = 'md5' | 'sha1' | 'sha256' | 'sha512'
type Encoding = 'hex' | 'base64'

const hashes: readonly (readonly [string, Algorithm, Encoding])[] = [
  ['md5', 'md5', 'hex'],
  ['sha1', 'sha1', 'hex'],
  ['sha256', 'sha256', 'hex'],
  ['sha512', 'sha512', 'hex'],
  ['base64sha256', 'sha256', 'base64'],
  ['base64sha512', 'sha512', 'base64'],
]

/** Each hash of a string, and of a file's bytes: `sha256` and `filesha256`. */
export const hashFunctions: readonly LanguageFunction[] = [
  ...hashes.flatMap(([name, algorithm, encoding]): LanguageFunction[] => [
    {
      name,
      doc: `The ${algorithm} hash of the string, in ${encoding} digits.`,
      parameters: [text('str')],
      returns: string,
      call: (args) => stringValue(createHash(algorithm).update(stringAt(args, 0)).digest(encoding)),
    },
    {
      name: `file${name}`,
      doc: `The ${algorithm} hash of a file, in ${encoding} digits.`,
      parameters: [text('path')],
      returns: string,
      call: (args, { environment }) => {
        const bytes = readBytes(environment, stringAt(args, 0))
        return stringValue(createHash(algorithm).update(bytes).digest(encoding))
      },
    },
  ]),
  {
    name: 'uuidv5',
    doc: 'The UUID of a name in a namespace (dns, url, oid, x500, or a UUID).',
    parameters: [text('namespace'), text('name')],
    returns: string,
    call: (args) => stringValue(uuid(stringAt(args, 0), stringAt(args, 1))),
  },
]

const namespaces: ReadonlyMap<string, string> = new Map([
  ['dns', '6ba7b810-9dad-11d1-80b4-00c04fd430c8'],
  ['url', '6ba7b811-9dad-11d1-80b4-00c04fd430c8'],
  ['oid', '6ba7b812-9dad-11d1-80b4-00c04fd430c8'],
  ['x500', '6ba7b814-9dad-11d1-80b4-00c04fd430c8'],
])

function uuid(namespace: string, name: string): string {
  const id = namespaces.get(namespace) ?? namespace
  if (!/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(id)) {
    throw new ArgumentError(0, 'the namespace must be dns, url, oid, x500 or a UUID')
  }
  const hash = createHash('sha1')
    .update(Buffer.from(id.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6)
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
