import t from 'tap'
import { durationIn } from '../../../src/providers/vault/wire.js'

t.test('a duration that the service gives in seconds is shown as people write it', async (t) => {
  for (const [given, shown] of [
    [1, '1s'],
    [90, '1m30s'],
    [1800, '30m'],
    [5400, '1h30m'],
    [3601, '1h1s'],
    [86_400, '24h'],
    ['3600', '1h'],
    ['2h0m0s', '2h'],
    [1.5, '1.5s'],
    [0, null],
    ['', null],
    [null, null],
    ['soon', null],
  ] as const)
    t.equal(durationIn(given), shown, JSON.stringify(given))
})
