import fc from 'fast-check'
import t from 'tap'
import { instanceAddress, parseAddress } from '../../src/core/address.js'

t.test('template openings in a key are escaped, as they would be in HCL', async (t) => {
  t.equal(instanceAddress('a_b.c', 'x${y}%{z}'), 'a_b.c["x$${y}%%{z}"]')
})

t.test('any key survives being written and read', async (t) => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('${', '$${', '%{', '"]', '0')),
      (key) => {
        t.equal(parseAddress(instanceAddress('a_b.c', key))?.key, key)
      },
    ),
    { seed: 1 },
  )
})
