import t from 'tap'
import type { Row, State } from '../../src/core/state.js'
import { jsonText } from '../../src/views/json-text.js'
import { recordedOutputs, recordedOutputsJson, recordedOutputValue } from '../../src/views/recorded-output.js'
import { stateText } from '../../src/views/row-text.js'
import { rowJson, stateJson } from '../../src/views/state-json.js'
import { plain } from '../../src/views/style.js'
import { valueText } from '../../src/views/value.js'

const row: Row = {
  address: 'tines_credential.aws["eu"]',
  type: 'tines_credential',
  schemaVersion: 2,
  provider: 'tines.eu',
  endpoint: 'https://t',
  id: '6',
  naturalKey: 'aws',
  inputs: { name: 'aws', secret_key: { $secret: '3f1c' }, nested: { user: { $secret: 'aa' } } },
  attributes: { id: '6', name: 'aws' },
  dependsOn: ['tines_team.x'],
  createBeforeDestroy: false,
  preventDestroy: true,
  origin: 'adopted',
}

const state: State = {
  lineage: 'f00d',
  seq: 9,
  rows: new Map([[row.address, row]]),
  outputs: {
    set: { value: ['a'], type: ['set', 'string'], sensitive: false },
    big: { value: { $number: '9007199254740993' }, type: 'number', sensitive: false },
    hush: { value: { $fingerprint: '77aa' }, type: 'string', sensitive: true },
  },
  open: new Map(),
  holder: undefined,
  fingerprintKey: 'c0ffee',
  movedTo: undefined,
}

t.test('a recorded object as JSON has its secrets null, marked and told apart by fingerprints', async (t) => {
  t.match(JSON.parse(jsonText(rowJson(row))), {
    address: 'tines_credential.aws["eu"]',
    mode: 'managed',
    name: 'aws',
    index: 'eu',
    provider_name: 'tines',
    schema_version: 2,
    values: { id: '6', name: 'aws', secret_key: null, nested: { user: null } },
    sensitive_values: { secret_key: true, nested: { user: true } },
    depends_on: ['tines_team.x'],
    rolecall: {
      provider: 'tines.eu',
      origin: 'adopted',
      write_only: ['secret_key', 'nested'],
      fingerprints: { secret_key: '3f1c', nested: { user: 'aa' } },
    },
  })
})

t.test('a state as JSON has outputs and objects, and never the key of its fingerprints', async (t) => {
  const text = jsonText(stateJson(state, '0.1.0'))
  t.match(JSON.parse(text), {
    format_version: '1.0',
    values: { root_module: { resources: [{ address: row.address }] } },
  })
  t.notMatch(text, 'c0ffee')
})

t.test('recorded outputs come back with their types, and exact', async (t) => {
  t.strictSame(
    [...recordedOutputs(state.outputs)].map(([name, output]) => [
      name,
      valueText(recordedOutputValue(output)),
    ]),
    [
      ['set', 'toset([\n  "a",\n])'],
      ['big', '9007199254740993'],
      ['hush', '(sensitive value)'],
    ],
  )
  t.equal(
    jsonText(recordedOutputsJson(state.outputs)),
    '{"set":{"sensitive":false,"type":["set","string"],"value":["a"]},"big":{"sensitive":false,"type":"number","value":9007199254740993},"hush":{"sensitive":true,"type":"string","value":null,"rolecall_fingerprint":"77aa"}}',
  )
})

t.test('what is secret in an output is not known, whatever its type', async (t) => {
  const outputs = {
    all: {
      value: [{ $fingerprint: '77aa' }, { $fingerprint: '88bb' }],
      type: ['tuple', ['bool', 'number']],
      sensitive: true,
    },
  }
  t.match(stateText({ ...state, outputs }, plain), /^all = <sensitive>$/m)
})

t.test('an empty state says so', async (t) => {
  t.match(stateText({ ...state, rows: new Map(), outputs: {} }, plain), /^The state is empty\./)
  t.match(stateText(state, plain), /Outputs:\n\nset = toset/)
})
