import { randomBytes } from 'node:crypto'
import t from 'tap'
import { isKeyOf, keyCheck, sealer } from '../../src/server/seal.js'

const key = Buffer.alloc(32, 7)

t.test('what was sealed opens in its own place only', async (t) => {
  const { seal, open } = sealer(key, randomBytes)
  const sealed = seal('sécret', 'credentials/1')
  t.equal(open(sealed, 'credentials/1'), 'sécret')
  t.throws(() => open(sealed, 'credentials/2'), 'a row moved elsewhere')
  t.throws(() => sealer(Buffer.alloc(32, 8), randomBytes).open(sealed, 'credentials/1'), 'another key')
  const changed = Buffer.from(sealed.sealed)
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
  t.throws(() => open({ ...sealed, sealed: changed }, 'credentials/1'), 'changed bytes')
  t.throws(() => open({ ...sealed, sealed: sealed.sealed.subarray(0, 10) }, 'credentials/1'), 'cut bytes')
})

t.test('the same text is sealed differently each time', async (t) => {
  const { seal } = sealer(key, randomBytes)
  const sealed = Array.from({ length: 100 }, () => Buffer.from(seal('x', 'p').nonce).toString('hex'))
  t.equal(new Set(sealed).size, 100)
})

t.test('a key is recognised without being stored', async (t) => {
  const check = keyCheck(key)
  t.ok(isKeyOf(check, key))
  t.notOk(isKeyOf(check, Buffer.alloc(32, 8)))
  t.notOk(isKeyOf('', key))
  t.notOk(check.includes(key.toString('hex')))
})
