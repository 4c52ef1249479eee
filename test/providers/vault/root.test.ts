import t from 'tap'
import { Secret } from '../../../src/core/secret.js'
import { outputsOf, wholeBody } from '../../../src/providers/vault/root-content.js'
import { openVaultBench, there, type VaultBench } from '../../fixtures/vault-connection.js'
import { dataOf } from '../../fixtures/vault-plane.js'

const pair = { access_key: 'AKIAIOSFODNN7ENGINE0', secret_key: new Secret('canary-secret') }

const names = (...all: string[]) => new Set(all)
const row = (inputs: Record<string, string>) => ({ inputs, origin: 'created' }) as never

async function made(bench: VaultBench, more = {}) {
  const root = bench.type('vault_aws_root')
  return root.create(bench.api(), bench.inputs('vault_aws_root', { ...pair, ...more }))
}

t.test('the configuration is always sent whole, with its secret', async (t) => {
  const bench = await openVaultBench(t)
  const root = bench.type('vault_aws_root')
  const before = await made(bench, { region: 'eu-west-1', max_retries: 3 })
  t.match(before, {
    id: 'aws/config/root',
    region: 'eu-west-1',
    current_access_key: pair.access_key,
    username_template: null,
  })
  bench.requests.length = 0
  const inputs = bench.inputs('vault_aws_root', { ...pair, region: 'eu-central-1' })
  const after = await root.update?.(bench.api(), inputs, before, undefined)
  t.strictSame(
    bench.requests.filter((request) => request.startsWith('POST')),
    [
      `POST aws/config/root {"access_key":"${pair.access_key}","secret_key":"canary-secret","region":"eu-central-1","max_retries":-1}`,
    ],
    'also what goes back to its default',
  )
  t.match(after, { region: 'eu-central-1', max_retries: -1 })
})

t.test('a server that forgets what a write leaves out loses nothing', async (t) => {
  const forgets = {
    access_key: '',
    secret_key: '',
    region: '',
    sts_region: '',
    max_retries: -1,
    role_arn: '',
  }
  const bench = await openVaultBench(t, {
    async intercept(request, next) {
      if (request.method !== 'POST' || !request.url.endsWith('config/root')) return next(request)
      const body = JSON.stringify({ ...forgets, ...((await request.json()) as object) })
      return next(new Request(request.url, { method: 'POST', headers: request.headers, body }))
    },
  })
  const root = bench.type('vault_aws_root')
  const declared = { region: 'eu-west-1', sts_region: 'eu-west-2', max_retries: 3 }
  const before = await made(bench, declared)
  t.match(before, declared)
  const changed = { ...declared, role_arn: 'arn:aws:iam::123456789012:role/x' }
  const inputs = bench.inputs('vault_aws_root', { ...pair, ...changed })
  t.match(await root.update?.(bench.api(), inputs, before, undefined), {
    ...changed,
    current_access_key: pair.access_key,
  })
})

t.test('a rotated key is no drift, and nothing is sent that would break it', async (t) => {
  const bench = await openVaultBench(t)
  const root = bench.type('vault_aws_root')
  const before = await made(bench)
  await bench.ask('POST', 'aws/config/root', { access_key: 'AKIAIOSFODNN7ROTATED', secret_key: 'other' })
  const inputs = bench.inputs('vault_aws_root', { ...pair, region: 'eu-central-1' })
  bench.requests.length = 0
  await t.rejects(there(root.update?.(bench.api(), inputs, before, undefined)), {
    message: /its access key has become AKIAIOSFODNN7ROTATED since the plan was made/,
  })
  await t.rejects(
    root.create(bench.api(), inputs),
    /someone has given it the access key AKIAIOSFODNN7ROTATED meanwhile/,
  )
  t.strictSame(bench.requests, ['GET aws/config/root', 'GET aws/config/root'])

  const current = await there(root.read(bench.api(), 'aws/config/root'))
  const applied = row({ access_key: pair.access_key, secret_key: 'fingerprint' })
  const refused = (changed: ReadonlySet<string>, after: object = {}, prior: never | undefined = applied) =>
    (
      root.refuses?.({
        before: current,
        after: { ...inputs, ...after },
        changed,
        asBefore: 'access_key' in after ? names() : names('access_key'),
        ...(prior === undefined ? {} : { prior }),
      }) ?? []
    ).map(({ text, help }) => `${text} ${help}`)
  t.strictSame(refused(names()), [], 'as it is, it may stay')
  t.match(refused(names('region')), [
    /works with the access key AKIAIOSFODNN7ROTATED.*most likely it has rotated.*Declare a new access_key/,
  ])
  const all = names('region', 'access_key', 'secret_key')
  const renewed = { access_key: 'AKIAIOSFODNN7NEWPAIR' }
  t.strictSame(refused(all, renewed), [], 'a new pair is what the user wants')
  t.match(refused(names('secret_key')), [/most likely it has rotated/], 'the secret of a key that is gone')
  t.strictSame(refused(names('mount')), [], 'with its mount it comes along')

  await t.test('an update that was cut off does not put the old pair back', async (t) => {
    const cut = (attempted: readonly object[]) =>
      ({
        inputs: { access_key: pair.access_key, secret_key: 'fingerprint' },
        origin: 'created',
        unfinished: 'update',
        attempted,
      }) as never
    const ofKey = names('access_key', 'secret_key')
    const done = bench.inputs('vault_aws_root', pair)
    const again = cut([{ access_key: pair.access_key }])
    t.strictSame(refused(ofKey, {}, again), [], 'there is nothing else to send')
    t.match(refused(all, {}, again), [/most likely it has rotated/])
    bench.requests.length = 0
    t.equal((await root.update?.(bench.api(), done, current, again, names(), ofKey))?.id, 'aws/config/root')
    t.strictSame(bench.requests, ['GET aws/config/root'])
    const reverted = cut([{ access_key: 'AKIAIOSFODNN7ROTATED' }])
    t.strictSame(refused(all, {}, reverted), [], 'what is there is what was sent, and is taken back')
    await root.update?.(bench.api(), done, current, reverted, names(), ofKey)
    t.match(bench.requests, [/GET/, /GET/, /^POST aws.config.root.*AKIAIOSFODNN7ENGINE0/, /GET/])
    const sealed = (...keys: string[]) =>
      ({
        inputs: { access_key: { $secret: 'one' }, secret_key: 'fingerprint' },
        origin: 'created',
        unfinished: 'update',
        attempted: keys.map((key) => ({ access_key: { $secret: key } })),
      }) as never
    t.match(
      refused(all, {}, sealed('one')),
      [/most likely it has rotated/],
      'a sensitive one is compared, too',
    )
    t.strictSame(refused(ofKey, {}, sealed('one')), [])
    t.strictSame(refused(all, {}, sealed('one', 'two')), [], 'what is there may be what was sent')
    await bench.ask('POST', 'aws/config/root', { access_key: 'AKIAIOSFODNN7ROTATED', secret_key: 'other' })
  })

  await t.test('at adoption it takes a word of the user', async (t) => {
    const adopting = (changed: ReadonlySet<string>, after: object) =>
      (
        root.refuses?.({ before: current, after: { ...inputs, ...after }, changed, asBefore: names() }) ?? []
      ).map(({ text, help }) => `${text} ${help}`)
    const all = names('access_key', 'secret_key')
    t.match(adopting(all, {}), [
      /works with the access key AKIAIOSFODNN7ROTATED, not with the declared one.*on_adopt = "trust"/,
    ])
    t.match(adopting(all, { on_adopt: 'send' }), [
      /may have rotated its key.*first take the configuration over without access_key and secret_key/,
    ])
    t.strictSame(adopting(names(), { on_adopt: 'trust' }), [])
    t.match(adopting(names('region'), { on_adopt: 'trust' }), [
      /on_adopt = "trust" leaves the key.*Declare region as it is there/,
    ])
    t.strictSame(adopting(all, { access_key: 'AKIAIOSFODNN7ROTATED' }), [], 'the same key is sent once more')
    t.match(adopting(names('region'), { access_key: null, secret_key: null }), [
      /the secret of its access key AKIAIOSFODNN7ROTATED is not declared/,
    ])
  })
})

t.test('a key that is withheld is never emptied', async (t) => {
  const bench = await openVaultBench(t)
  const root = bench.type('vault_aws_root')
  const before = await made(bench)
  const inputs = bench.inputs('vault_aws_root', { region: 'eu-central-1', on_adopt: 'trust' })
  bench.requests.length = 0
  await t.rejects(
    there(root.update?.(bench.api(), inputs, before, undefined, names('access_key', 'secret_key'))),
    /sent only as a whole, and on_adopt = "trust" keeps the key from being sent/,
  )
  t.strictSame(bench.requests, ['GET aws/config/root'])
})

t.test('a server of about 1.0 tells nothing of it, which is no change and no licence', async (t) => {
  const bench = await openVaultBench(t, { vaultGeneration: '1.0' })
  const root = bench.type('vault_aws_root')
  const inputs = bench.inputs('vault_aws_root', { ...pair, region: 'eu-west-1' })
  const out = await root.create(bench.api(), inputs)
  t.match(out, { id: 'aws/config/root', current_access_key: null })
  t.ok(root.untold?.(out).includes('region'))
  t.match(
    root.refuses?.({
      before: out,
      after: inputs,
      changed: names('access_key', 'secret_key', 'region'),
      asBefore: names(),
    }),
    [{ text: /this release of the server does not tell/, help: /on_adopt = "trust".*on_adopt = "send"/ }],
  )
  const prior = row({ access_key: pair.access_key, secret_key: 'fingerprint' })
  const change = { before: out, after: inputs, prior, changed: names('region') }
  t.strictSame(root.refuses?.({ ...change, asBefore: names('access_key') }), [])
})

t.test('rotation by period and by schedule are never sent together', async (t) => {
  const bench = await openVaultBench(t)
  const inputs = (given: object) => bench.inputs('vault_aws_root', { ...pair, ...given } as never)
  const scheduled = outputsOf('aws', {
    access_key: pair.access_key,
    rotation_schedule: '0 0 * * 6',
    rotation_window: 3600,
  })
  const sent = (given: object) => {
    const { access_key, secret_key, ...body } = wholeBody(inputs(given), scheduled)
    return body
  }
  t.strictSame(sent({ rotation_period: '24h' }), { rotation_period: 86400 })
  t.strictSame(sent({ rotation_schedule: '0 1 * * *' }), {
    rotation_schedule: '0 1 * * *',
    rotation_window: 0,
  })
  t.strictSame(sent({}), { rotation_schedule: '', rotation_window: 0 })
  const periodic = outputsOf('aws', { rotation_period: 86400 })
  t.match(wholeBody(inputs({}), periodic), { rotation_period: 0 })
})

t.test('what a server shows for nothing is nothing', async (t) => {
  const shown = outputsOf('aws', {
    access_key: '',
    region: '',
    username_template:
      '{{ if (eq .Type "STS") }}{{ printf "vault-%s-%s"  (unix_time) (random 20) | truncate 32 }}{{ else }}{{ printf "vault-%s-%s-%s" (printf "%s-%s" (.DisplayName) (.PolicyName) | truncate 42) (unix_time) (random 20) | truncate 64 }}{{ end }}',
    identity_token_ttl: 0,
    sts_fallback_endpoints: null,
  })
  t.match(shown, {
    region: null,
    username_template: null,
    identity_token_ttl: '1h',
    sts_fallback_endpoints: [],
    max_retries: -1,
    current_access_key: null,
  })
  t.equal(outputsOf('aws', { username_template: '{{ random 20 }}' }).username_template, '{{ random 20 }}')
  const bench = await openVaultBench(t)
  await made(bench)
  const builtIn = dataOf(await bench.ask('GET', 'aws/config/root')).username_template as string
  t.equal(bench.inputs('vault_aws_root', { username_template: builtIn }).username_template, null)
  t.equal(bench.inputs('vault_aws_root', { username_template: 'x' }).username_template, 'x')
})

t.test('what an older server does not heed is told', async (t) => {
  const bench = await openVaultBench(t, {
    intercept: async (request, next) => {
      const answer = await next(request)
      if (request.method !== 'GET' || answer.status !== 200) return answer
      const { sts_region, ...data } = ((await answer.json()) as { data: Record<string, unknown> }).data
      return Response.json({ data })
    },
  })
  await t.rejects(
    made(bench, { sts_region: 'eu-west-1', region: 'eu-west-1' }),
    /writing aws.config.root: the server took the request and did not heed sts_region/,
  )
})

t.test('the secret is in no message, even of a server that quotes it', async (t) => {
  const bench = await openVaultBench(t, {
    intercept: async (request, next) =>
      request.method === 'POST' && request.url.endsWith('config/root')
        ? Response.json({ errors: [`cannot take ${await request.text()}`] }, { status: 400 })
        : next(request),
  })
  const failed = await made(bench).catch((cause: unknown) => cause)
  t.match(String(failed), /cannot take/)
  t.notMatch(String(failed), /canary/)
  t.notMatch(JSON.stringify(failed, Object.getOwnPropertyNames(failed)), /canary/)
})

t.test(
  'a plan tells that a key gives way to another one, which may be the only one of the engine',
  async (t) => {
    const root = (await openVaultBench(t)).type('vault_aws_root')
    const told = (access_key: string | Secret, changed: ReadonlySet<string>) =>
      root.consequences?.({
        before: { id: 'aws/config/root', current_access_key: 'AKIAROTATED00000000' } as never,
        after: { access_key, on_adopt: 'send' },
        changed,
      })
    const gives = [{ kind: 'note', text: /gives up the access key AKIAROTATED00000000.*rotate-root/ }]
    t.match(told(pair.access_key, names('access_key', 'secret_key')), gives)
    t.match(told(new Secret(pair.access_key), names('access_key')), gives)
    t.notMatch(JSON.stringify(told(new Secret(pair.access_key), names('access_key'))), pair.access_key)
    t.strictSame(told('AKIAROTATED00000000', names('access_key', 'secret_key')), [], 'the same key')
    t.strictSame(told(pair.access_key, names('region')), [], 'the key is not sent anew')
  },
)
