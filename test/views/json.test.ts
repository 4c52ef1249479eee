import t from 'tap'
import { parseNumber } from '../../src/core/number.js'
import { ExactNumber, Fingerprint, type Shown } from '../../src/core/plan.js'
import { nullValue, numberValue, objectValue, stringValue, type Value } from '../../src/core/value.js'
import { eventStream } from '../../src/views/events.js'
import { jsonText, writableValue } from '../../src/views/json-text.js'
import { type PlanFacts, planJson } from '../../src/views/plan-json.js'
import { golden } from '../golden.js'
import { change, field, output, plan, shown } from './plan-literals.js'
import { everything } from './stories.js'

interface Document {
  readonly [key: string]: unknown
}

const parse = (text: string): Document => JSON.parse(text) as Document
const facts: PlanFacts = {
  version: '0.1.0',
  created: '2026-03-04T05:06:07.008Z',
  variables: new Map<string, Value | undefined>([
    ['region', stringValue('eu')],
    ['password', undefined],
    ['big', numberValue(parseNumber('9007199254740993'))],
  ]),
  outline: {
    providers: [
      { key: 'trifacta', type: 'trifacta', arguments: [{ name: 'token', references: ['var.password'] }] },
      { key: 'trifacta.eu', type: 'trifacta', arguments: [] },
    ],
    variables: [
      { name: 'region', sensitive: false, description: 'Where.' },
      { name: 'password', sensitive: true },
    ],
    resources: [
      {
        address: 'trifacta_person.known',
        mode: 'managed',
        type: 'trifacta_person',
        name: 'known',
        provider: 'trifacta.eu',
        schemaVersion: 1,
        arguments: [
          { name: 'email', references: [] },
          { name: 'name', references: ['each', 'local.prefix'] },
        ],
        forEach: ['var.people'],
        dependsOn: ['data.trifacta_people.all'],
      },
    ],
    outputs: [
      {
        name: 'people',
        sensitive: false,
        references: ['trifacta_person.known'],
        dependsOn: [],
        description: 'All.',
      },
    ],
  },
}
const shownPlan = (p = everything): Document => parse(jsonText(planJson(p, facts)))

t.test('a plan with one of everything is written as in the golden file', async (t) => {
  golden(t, 'plan-everything.json', `${jsonText(planJson(everything, facts), 2)}\n`)
})

t.test('the plan has the keys that readers of the documented format expect', async (t) => {
  const json = shownPlan()
  const documented = [
    'format_version',
    'terraform_version',
    'variables',
    'planned_values',
    'resource_drift',
    'resource_changes',
    'output_changes',
    'prior_state',
    'configuration',
    'timestamp',
    'applyable',
    'complete',
    'errored',
  ]
  t.strictSame(
    Object.keys(json).filter((key) => !key.startsWith('rolecall')),
    documented,
  )
  const own = new Set(['rolecall'])
  const known = new Set([
    'address',
    'previous_address',
    'mode',
    'type',
    'name',
    'index',
    'provider_name',
    'deposed',
    'change',
    'action_reason',
  ])
  const inChange = new Set([
    'actions',
    'before',
    'after',
    'after_unknown',
    'before_sensitive',
    'after_sensitive',
    'replace_paths',
    'importing',
  ])
  for (const each of json.resource_changes as Document[]) {
    for (const key of Object.keys(each)) t.ok(known.has(key) || own.has(key), key)
    for (const key of Object.keys(each.change as Document)) t.ok(inChange.has(key), key)
    for (const key of ['before', 'after', 'after_unknown', 'before_sensitive', 'after_sensitive'])
      t.ok(key in (each.change as Document), `${String(each.address)} has ${key}`)
  }
})

t.test('variables have their values, but for those that bring secrets', async (t) => {
  const { variables } = shownPlan()
  t.match(variables, { region: { value: 'eu' }, password: {} })
  t.notOk('value' in (variables as { password: object }).password)
  t.match(jsonText(planJson(everything, facts)), '"big":{"value":9007199254740993}')
})

t.test('the configuration tells who refers to what', async (t) => {
  const configuration = shownPlan().configuration as Document
  t.strictSame(configuration.provider_config, {
    trifacta: {
      name: 'trifacta',
      full_name: 'trifacta',
      expressions: { token: { references: ['var.password'] } },
    },
    'trifacta.eu': { name: 'trifacta', full_name: 'trifacta', alias: 'eu' },
  })
  t.strictSame(configuration.root_module, {
    outputs: { people: { expression: { references: ['trifacta_person.known'] }, description: 'All.' } },
    resources: [
      {
        address: 'trifacta_person.known',
        mode: 'managed',
        type: 'trifacta_person',
        name: 'known',
        provider_config_key: 'trifacta.eu',
        expressions: { email: {}, name: { references: ['each', 'local.prefix'] } },
        schema_version: 1,
        for_each_expression: { references: ['var.people'] },
        depends_on: ['data.trifacta_people.all'],
      },
    ],
    variables: { region: { description: 'Where.' }, password: { sensitive: true } },
  })
})

t.test('each action has the documented name', async (t) => {
  const actions = (shownPlan().resource_changes as Document[]).map((each) => [
    each.address,
    (each.change as { actions: string[] }).actions.join(','),
    each.action_reason ?? null,
  ])
  t.strictSame(actions, [
    ['trifacta_person.jane', 'create', null],
    ['trifacta_person.gone', 'create', null],
    ['trifacta_person.known', 'no-op', null],
    ['trifacta_aws_config.known', 'update', null],
    ['trifacta_aws_config.team["eu"]', 'update', null],
    ['vault_aws_role.ci', 'update', null],
    ['vault_aws_mount.main', 'delete,create', 'replace_because_cannot_update'],
    ['vault_aws_role.asked', 'create,delete', 'replace_by_request'],
    ['trifacta_person.new', 'no-op', null],
    ['data.trifacta_people.all', 'read', 'read_because_config_unknown'],
    ['trifacta_person.kept', 'forget', 'delete_because_no_resource_config'],
    ['trifacta_aws_config.team["us"]', 'delete', 'delete_because_each_key'],
    ['tines_credential.aws', 'delete', null],
    ['trifacta_person.same', 'no-op', null],
  ])
})

t.test('a secret is null, marked sensitive, and told apart by its fingerprint', async (t) => {
  const json = shownPlan(
    plan({
      changes: [
        change({
          action: 'update',
          address: 'a_b.c',
          before: shown({ id: '1', token: 'hunter2', nested: [shown({ k: new Fingerprint('aa') })] }),
          after: shown({
            id: '1',
            token: new Fingerprint('9ab2'),
            nested: [shown({ k: new Fingerprint('bb') })],
          }),
          fields: [field({ name: 'token', before: 'hunter2', after: new Fingerprint('9ab2') })],
        }),
      ],
      outputs: [
        output({ name: 's', action: 'update', before: 'hunter2', after: 'hunter3', sensitive: true }),
      ],
    }),
  )
  t.notMatch(JSON.stringify(json), /hunter/)
  const [only] = json.resource_changes as { change: Document; rolecall: Document }[]
  t.strictSame(only?.change.before, { id: '1', token: null, nested: [{ k: null }] })
  t.strictSame(only?.change.before_sensitive, { token: true, nested: [{ k: true }] })
  t.strictSame(only?.change.after_sensitive, { token: true, nested: [{ k: true }] })
  t.strictSame(only?.rolecall.fingerprints, {
    before: { nested: [{ k: 'aa' }] },
    after: { token: '9ab2', nested: [{ k: 'bb' }] },
  })
})

t.test('numbers are written digit by digit, and keys may be anything', async (t) => {
  const map: Shown = new Map<string, Shown>([
    ['__proto__', new ExactNumber('9007199254740993')],
    ['2', 1],
    ['10', 'x'],
  ])
  t.equal(jsonText(map as never), '{"__proto__":9007199254740993,"2":1,"10":"x"}')
  const value = objectValue([
    ['n', numberValue(parseNumber('0.1'))],
    ['s', stringValue('hush', true)],
    ['z', nullValue()],
  ])
  t.equal(jsonText(writableValue(value)), '{"n":0.1,"s":null,"z":null}')
  t.equal(
    jsonText({ a: [], b: {}, c: undefined, d: [1, { e: 'x' }] }, 2),
    `{\n  "a": [],\n  "b": {},\n  "d": [\n    1,\n    {\n      "e": "x"\n    }\n  ]\n}`,
  )
})

t.test('the event stream tells a plan and an apply as in the golden file', async (t) => {
  const lines: string[] = []
  const events = eventStream(
    (line) => lines.push(line),
    () => new Date('2026-03-04T05:06:07.008Z'),
  )
  events.version('0.1.0')
  events.progress({ kind: 'lock-wait', holder: 'jane@build' })
  events.progress({ kind: 'recovery-wait', milliseconds: 3000 })
  events.progress({ kind: 'list-start', type: 'trifacta_person', provider: 'trifacta' })
  events.progress({ kind: 'list-complete', type: 'trifacta_person', provider: 'trifacta', count: 12 })
  events.progress({ kind: 'refresh-start', address: 'a_b.c["k"]', id: '6' })
  events.progress({ kind: 'refresh-complete', address: 'a_b.c["k"]', id: '6' })
  events.planned(everything)
  events.progress({ kind: 'operation-start', address: 'a_b.c', verb: 'create', total: 3 })
  events.still({ address: 'a_b.c', verb: 'create', id: undefined, seconds: 10 })
  const end = { kind: 'operation-end', total: 3 } as const
  events.progress({
    ...end,
    done: 1,
    result: { address: 'a_b.c', verb: 'create', outcome: 'done', id: '6', milliseconds: 12_345 },
  })
  events.progress({
    ...end,
    done: 2,
    message: 'the service refused',
    result: { address: 'a_b.d', verb: 'update', outcome: 'failed', milliseconds: 5 },
  })
  events.progress({
    ...end,
    done: 3,
    result: { address: 'a_b.e', verb: 'delete', outcome: 'skipped', milliseconds: 0, cause: 'a_b.d' },
  })
  events.diagnostics([{ severity: 'error', code: 'x/y', summary: 'It broke', help: 'Mend it.' }], new Map())
  events.diagnostics([{ severity: 'warning', code: 'x/z', summary: 'Take care' }], new Map())
  events.interrupted()
  events.applied({
    plan: everything,
    results: [],
    diagnostics: [],
    outputs: new Map([
      ['n', { value: numberValue(1), sensitive: false }],
      ['s', { value: stringValue('hush', true), sensitive: true }],
    ]),
    interrupted: true,
    counts: { adopt: 0, add: 1, change: 0, destroy: 0, move: 0, forget: 0, failed: 1, skipped: 1 },
  })
  for (const line of lines) {
    t.match(line, /^\{.*\}\n$/)
    t.hasOwnProps(parse(line), ['@level', '@message', '@module', '@timestamp', 'type'])
  }
  t.notMatch(lines.join(''), /hush|was-clear-text/)
  golden(t, 'events.jsonl', lines.join(''))
})
