import t from 'tap'
import { checkAttributes } from '../../src/core/check.js'
import { parseNumber } from '../../src/core/number.js'
import { parseSchema } from '../../src/core/schema-parse.js'
import { set, string } from '../../src/core/type.js'
import {
  listValue,
  mapValue,
  nullValue,
  numberValue,
  objectValue,
  setValueOf,
  stringValue,
  unknownValue,
  type Value,
} from '../../src/core/value.js'
import { loadSchemas } from '../../src/providers/registry.js'

const config = loadSchemas('trifacta').resources.get('trifacta_aws_config')!

const good: Readonly<Record<string, Value>> = {
  person_id: stringValue('2'),
  workspace_id: nullValue(string),
  credential_provider: stringValue('temporary'),
  role: stringValue('arn:aws:iam::123456789012:role/analytics'),
  key: nullValue(string),
  secret: nullValue(string),
  default_bucket: stringValue('acme'),
  extra_buckets: setValueOf(string, [stringValue('acme-shared')]),
  on_adopt: nullValue(string),
}

function problems(changed: Readonly<Record<string, Value>>, schema = config): readonly string[] {
  return checkAttributes(schema, objectValue(Object.entries({ ...good, ...changed }))).map(
    ({ attribute, diagnostic }) => `${attribute ?? '-'} ${diagnostic.code}: ${diagnostic.detail}`,
  )
}

t.test('a block in which nothing is wrong has no diagnostics', async (t) => {
  t.strictSame(problems({}), [])
})

t.test('a required attribute that is null is missing', async (t) => {
  t.strictSame(problems({ default_bucket: nullValue(string) }), [
    '- core/missing-attribute: trifacta_aws_config needs default_bucket.',
  ])
})

t.test('what one attribute requires of others is said with its value', async (t) => {
  t.strictSame(problems({ role: nullValue(string) }), [
    'credential_provider core/missing-attribute: role is required when credential_provider is "temporary".',
  ])
  t.strictSame(problems({ key: stringValue('AKIAEXAMPLE', true) }), [
    'key core/unwanted-attribute: key does not apply when credential_provider is "temporary".',
  ])
})

t.test('of alternatives exactly one is given', async (t) => {
  const message =
    'A configuration belongs to one person or to one workspace: give person_id or workspace_id, and only one of them.'
  t.strictSame(problems({ person_id: nullValue(string) }), [`- core/missing-attribute: ${message}`])
  t.strictSame(problems({ workspace_id: stringValue('1') }), [
    `workspace_id core/conflicting-attributes: ${message}`,
  ])
})

t.test('unknown values are taken to be right', async (t) => {
  t.strictSame(
    problems({
      person_id: unknownValue(string),
      role: unknownValue(string),
      default_bucket: unknownValue(string),
      extra_buckets: unknownValue(set(string)),
    }),
    [],
  )
  t.strictSame(problems({ credential_provider: unknownValue(string), role: nullValue(string) }), [])
  t.strictSame(problems({ person_id: unknownValue(string), workspace_id: unknownValue(string) }), [])
})

t.test('each element of a set is checked', async (t) => {
  t.strictSame(
    problems({
      extra_buckets: setValueOf(string, [unknownValue(string), stringValue('acme'), stringValue('s3://x')]),
    }),
    ['extra_buckets core/not-a-bucket: extra_buckets is "s3://x", which is an address, not a name.'],
  )
})

t.test('forms and choices are checked, with a remedy', async (t) => {
  t.strictSame(problems({ role: stringValue('arn:aws:iam::1:role/a') }), [
    'role core/not-an-arn: role is "arn:aws:iam::1:role/a", which has an account of 1 digit.',
  ])
  t.strictSame(problems({ person_id: stringValue('jane') }), [
    'person_id core/not-matching: person_id must be the number of a person, such as trifacta_person.jane.id, not "jane".',
  ])
  const [choice] = checkAttributes(
    config,
    objectValue(Object.entries({ ...good, credential_provider: stringValue('instance') })),
  )
  t.match(choice, {
    attribute: 'credential_provider',
    diagnostic: {
      code: 'core/not-a-choice',
      detail: 'credential_provider cannot be "instance".',
      help: 'It is one of "default", "temporary".',
    },
  })
})

t.test('what is sensitive is not quoted', async (t) => {
  const found = problems({
    default_bucket: stringValue('Hunter2!', true),
    credential_provider: stringValue('Hunter2!', true),
  })
  t.equal(found.length, 2)
  t.notMatch(found.join('\n'), /Hunter2/)
})

t.test('nor is any part of it, in whatever form it is wrong', async (t) => {
  const text = { type: 'string', description: 'A text.' }
  const properties = {
    arn: { ...text, 'x-arn': true },
    role: { ...text, 'x-arn': 'iam-role' },
    bucket: { ...text, 'x-bucket': true },
    uri: { ...text, 'x-bucket-uri': true },
    json: { ...text, 'x-json': true },
    policy: { ...text, 'x-json': true, 'x-policy': 'identity' },
    duration: { ...text, 'x-duration': true },
    pattern: { ...text, pattern: '^$' },
    choice: { ...text, enum: ['a'] },
    long: { ...text, minLength: 1000 },
    short: { ...text, maxLength: 1 },
  }
  const schema = parseSchema(
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      description: 'X.',
      additionalProperties: false,
      properties,
    },
    'x',
    'provider',
  )
  for (const secret of [
    'Hunter2!',
    'hunter2',
    'arn:hunter2:iam::123456789012:role/x',
    'arn:aws:hunter2::123456789012:role/x',
    'arn:aws:iam:hunter2:123456789012:role/x',
    'arn:aws:iam::123456789012:hunter2/x',
    'arn:aws:iam::123456789012:instance-profile/hunter2',
    'arn:aws:s3:::hunter2',
    's3://hunter2/x',
    's3a://hunter2/x',
    's3://bucket//hunter2',
    'hunter2-bucket/x',
    '{"a": hunter2}',
    '["hunter2"]',
  ]) {
    const value = stringValue(secret, true)
    const body = objectValue(Object.keys(properties).map((name) => [name, value] as const))
    const found = checkAttributes(schema, body)
    t.ok(found.length >= 6, secret)
    t.notMatch(JSON.stringify(found), /hunter2/i, secret)
  }
})

t.test('numbers, lengths and documents have limits', async (t) => {
  const schema = parseSchema(
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      description: 'Settings.',
      type: 'object',
      additionalProperties: false,
      properties: {
        n: { type: 'integer', minimum: 2, maximum: 4, description: 'N.' },
        s: { type: 'string', minLength: 1, maxLength: 3, description: 'S.' },
        j: { type: 'string', 'x-json': true, description: 'J.' },
        p: { type: 'string', 'x-json': true, 'x-policy': 'identity', description: 'P.' },
        a: { type: 'array', maxItems: 1, items: { type: 'string' }, description: 'A.' },
        u: { type: 'string', description: 'U.' },
      },
      dependentRequired: { s: ['u'] },
    },
    'x',
    'provider',
  )
  const of = (body: Readonly<Record<string, Value>>) =>
    checkAttributes(schema, objectValue(Object.entries(body))).map(({ diagnostic }) => diagnostic.detail)
  t.strictSame(of({ n: numberValue(1) }), ['n must be at least 2, not 1.'])
  t.strictSame(of({ n: numberValue(5) }), ['n must be at most 4, not 5.'])
  t.strictSame(of({ n: numberValue(parseNumber('2.5')) }), ['n must be a whole number, not 2.5.'])
  t.strictSame(of({ s: stringValue(''), u: stringValue('x') }), ['s must not be empty.'])
  t.strictSame(of({ s: stringValue('😀😀😀😀'), u: stringValue('x') }), ['s must have at most 3 characters.'])
  t.strictSame(of({ s: stringValue('a') }), ['s needs u beside it.'])
  t.match(of({ j: stringValue('{') })[0], /^j must be a JSON document \(/)
  t.strictSame(of({ j: stringValue('[]') }), [])
  t.strictSame(of({ p: stringValue('[]') }), ['p must be a policy document, which is a JSON object.'])
  t.strictSame(of({ p: stringValue('{}') }), [])
  t.strictSame(of({ a: setValueOf(string, [stringValue('a'), stringValue('b')]) }), [
    'a takes at most 1 element, and has 2.',
  ])
})

t.test('durations are checked, bounded and set against each other; lists by their length', async (t) => {
  const duration = { type: 'string', 'x-duration': true, description: 'D.' }
  const list = { type: 'array', items: { type: 'string' }, description: 'L.' }
  const schema = parseSchema(
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      description: 'X.',
      additionalProperties: false,
      properties: {
        short: { ...duration, minimum: 60, maximum: 7200 },
        long: duration,
        names: list,
        places: list,
      },
      allOf: [
        { 'x-not-longer': ['short', 'long'], 'x-message': 'short cannot be longer than long.' },
        { 'x-same-length': ['names', 'places'], 'x-message': 'One place for each name.' },
      ],
    },
    'x',
    'provider',
  )
  const found = (changed: Readonly<Record<string, Value>>) =>
    checkAttributes(schema, objectValue(Object.entries(changed))).map(
      ({ attribute, diagnostic }) => `${attribute}: ${diagnostic.detail}`,
    )
  const texts = (...all: string[]) =>
    listValue(
      string,
      all.map((text) => stringValue(text)),
    )
  for (const text of ['60', '90s', '1h30m', '1.5h', '2h'])
    t.strictSame(found({ short: stringValue(text) }), [], text)
  t.strictSame(found({ short: stringValue('soon') }), ['short: short must be a duration, not "soon".'])
  t.strictSame(found({ short: stringValue('1 h') }), ['short: short must be a duration, not "1 h".'])
  t.strictSame(found({ short: stringValue('59s') }), ['short: short must be at least 60 s, not "59s".'])
  t.strictSame(found({ short: stringValue('3h') }), ['short: short must be at most 7200 s, not "3h".'])
  t.strictSame(found({ short: stringValue('90500ms') }), [
    'short: short must be a whole number of seconds, not "90500ms".',
  ])
  t.strictSame(found({ long: stringValue('-5') }), ['long: long must be at least 0 s, not "-5".'])
  t.strictSame(found({ long: stringValue('99999999999s') }), [
    'long: long must be at most 9223372036 s, not "99999999999s".',
  ])
  const pair = (short: string, long: string) => found({ short: stringValue(short), long: stringValue(long) })
  t.strictSame(pair('1h', '3600'), [])
  t.strictSame(pair('1h', '59m'), ['short: short cannot be longer than long.'])
  t.strictSame(pair('1h', '0s'), [], 'zero is none')
  t.strictSame(found({ short: stringValue('1h'), long: unknownValue(string) }), [])
  t.strictSame(found({ names: texts('a'), places: texts('b') }), [])
  t.strictSame(found({ names: texts('a') }), ['names: One place for each name.'])
  t.strictSame(found({ names: texts('a', 'b'), places: texts('c') }), ['names: One place for each name.'])
})

t.test('each wrong element of a collection is told, up to ten', async (t) => {
  const role = loadSchemas('vault').resources.get('vault_aws_role')!
  const found = (...arns: string[]) =>
    checkAttributes(
      role,
      objectValue([
        ['name', stringValue('ci')],
        ['credential_type', stringValue('assumed_role')],
        [
          'role_arns',
          setValueOf(
            string,
            arns.map((arn) => stringValue(arn)),
          ),
        ],
      ]),
    ).map(({ attribute, diagnostic }) => `${attribute}: ${diagnostic.detail}`)
  t.match(found('a', 'arn:aws:iam::123456789012:role/ok', 'b'), [
    /^role_arns: role_arns is "a", which/,
    /^role_arns: role_arns is "b", which/,
  ])
  t.equal(found(...Array.from({ length: 30 }, (_, i) => `arn ${i}`)).length, 10)
  t.strictSame(found(), [
    'role_arns: role_arns is required when credential_type is "assumed_role", and is empty.',
  ])
})

t.test('what does not apply needs nothing beside it', async (t) => {
  const credential = loadSchemas('tines').resources.get('tines_credential')!
  const found = checkAttributes(
    credential,
    objectValue([
      ['name', stringValue('x')],
      ['team_id', stringValue('1')],
      ['mode', stringValue('TEXT')],
      ['value', stringValue('x')],
      ['aws_authentication_type', stringValue('KEY')],
    ]),
  ).map(({ diagnostic }) => diagnostic.detail)
  t.strictSame(found, ['aws_authentication_type does not apply when mode is "TEXT".'])
})

t.test('what is empty is not given', async (t) => {
  const role = loadSchemas('vault').resources.get('vault_aws_role')!
  const found = (more: Readonly<Record<string, Value>>) =>
    checkAttributes(
      role,
      objectValue([
        ['name', stringValue('ci')],
        ['credential_type', stringValue('iam_user')],
        ...Object.entries(more),
      ]),
    ).map(({ diagnostic }) => diagnostic.detail)
  const empty = {
    role_arns: setValueOf(string, []),
    session_tags: mapValue(string, []),
    default_sts_ttl: stringValue('0'),
    max_sts_ttl: stringValue('0s'),
  }
  t.strictSame(found(empty), [])
  t.strictSame(found({ ...empty, max_sts_ttl: stringValue('1s') }), [
    'max_sts_ttl does not apply when credential_type is "iam_user".',
  ])
})

t.test('of several attributes, one may have to be there', async (t) => {
  const role = loadSchemas('vault').resources.get('vault_aws_role')!
  const found = (more: Readonly<Record<string, Value>>) =>
    checkAttributes(
      role,
      objectValue([
        ['name', stringValue('ci')],
        ['credential_type', stringValue('federation_token')],
        ...Object.entries(more),
      ]),
    ).map(({ attribute, diagnostic }) => `${attribute}: ${diagnostic.detail}`)
  const missing =
    'credential_type: One of policy_arns, policy_document, iam_groups is required when credential_type is "federation_token".'
  t.strictSame(found({}), [missing])
  t.strictSame(found({ policy_arns: setValueOf(string, []) }), [missing], 'an empty one is none')
  t.strictSame(found({ iam_groups: setValueOf(string, [stringValue('readers')]) }), [])
  t.strictSame(found({ policy_document: unknownValue(string) }), [], 'it waits for apply')
})
