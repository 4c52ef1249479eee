import t from 'tap'
import { formatGoDuration, parseGoDuration, parseVaultDuration } from '../../../src/server/vault/durations.js'

const second = 1_000_000_000

t.test('durations are written as Go writes them', async (t) => {
  for (const [nanoseconds, expected] of [
    [0, '0s'],
    [1, '1ns'],
    [1_500, '1.5µs'],
    [2_000_000, '2ms'],
    [second, '1s'],
    [1.5 * second, '1.5s'],
    [90 * second, '1m30s'],
    [3_600 * second, '1h0m0s'],
    [768 * 3_600 * second, '768h0m0s'],
    [-30 * second, '-30s'],
  ] as const)
    t.equal(formatGoDuration(nanoseconds), expected)
})

t.test('durations are read as Go reads them', async (t) => {
  for (const [text, expected] of [
    ['1h', 3_600],
    ['1h30m', 5_400],
    ['1.5h', 5_400],
    ['.5m', 30],
    ['+2s', 2],
    ['-2s', -2],
    ['1000ms', 1],
    ['0', 0],
  ] as const)
    t.equal(parseGoDuration(text), expected * second, text)
  for (const text of ['', '1', 'h', '1x', '1h 2m', '1e3s', '300000000h', '--1s', '1.2.3s', 'toStringh'])
    t.throws(() => parseGoDuration(text), { message: /^time: / }, text)
})

t.test('Vault also takes seconds and days', async (t) => {
  for (const [value, expected] of [
    [3_600, 3_600],
    ['3600', 3_600],
    ['2d', 172_800],
    ['', 0],
    [' 1h ', 3_600],
  ] as const)
    t.equal(parseVaultDuration(value), expected * second, String(value))
  t.throws(() => parseVaultDuration(Number.NaN))
})
