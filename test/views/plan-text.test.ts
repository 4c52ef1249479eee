import t from 'tap'
import { Fingerprint, type Shown } from '../../src/core/plan.js'
import { nextStepText, planText } from '../../src/views/plan-text.js'
import { colored, plain } from '../../src/views/style.js'
import { golden } from '../golden.js'
import { change, field, output, plan, shown } from './plan-literals.js'
import { everything } from './stories.js'

t.test('a plan with one of everything reads as in the golden file', async (t) => {
  golden(t, 'plan-everything.txt', planText(everything, plain))
})

t.test('colour changes nothing but colour', async (t) => {
  t.equal(planText(everything, colored).replace(/\x1b\[[0-9]+m/g, ''), planText(everything, plain))
})

const count = (n: number, verb: string) => ({
  adopt: 0,
  add: 0,
  change: 0,
  destroy: 0,
  move: 0,
  forget: 0,
  [verb]: n,
})

t.test('lines that tools look for', async (t) => {
  const text = planText(everything, plain)
  const lines: readonly (readonly [RegExp, readonly string[]])[] = [
    [/^ *# (.*) will be created$/gm, ['trifacta_person.jane', 'trifacta_person.gone']],
    [
      /^ *# (.*) will be updated in-place$/gm,
      ['trifacta_aws_config.known', 'trifacta_aws_config.team["eu"]', 'vault_aws_role.ci'],
    ],
    [
      /^ *# (.*) will be destroyed$/gm,
      ['trifacta_aws_config.team["us"]', 'tines_credential.aws (deposed object c0ffee12)'],
    ],
    [/^ *# (.*?)(?: is tainted, so)? must be replaced$/gm, ['vault_aws_mount.main']],
    [/^ *# (.*?) will be replaced, as requested$/gm, ['vault_aws_role.asked']],
    [/^ *# (.*?) has moved to .*?$/gm, ['trifacta_person.old']],
    [/^ *# \(moved from (.*?)\)$/gm, ['trifacta_aws_config.eu']],
    [/^ *# (.*?) will be imported$/gm, ['trifacta_person.known']],
    [/^ *# \(imported from (.*?)\)$/gm, ['"6"', '"7"']],
  ]
  for (const [pattern, expected] of lines)
    t.strictSame(
      [...text.matchAll(pattern)].map((m) => m[1]),
      expected,
      String(pattern),
    )
  t.match(text, /^(Plan: \d|No changes.)/m)
  t.match(text, /^Changes to Outputs:/m)
  t.match(text, /([1-9][0-9]* to destroy.)/m)
  t.match(text, /^Plan: 2 to import, 4 to add, 3 to change, 4 to destroy\.$/m)
  t.notMatch(text, /^(No changes\.|Plan: (\d+ to import, )?0 to add, 0 to change, 0 to destroy\.)/m)
  t.notMatch(text, /^([│|] )?(Error: |Warning: )/m)
})

t.test('a plan that changes nothing says so in the words that tools look for', async (t) => {
  t.match(planText(plan({}), plain), /^No changes\. Your infrastructure matches the configuration\.$/m)
  t.match(
    planText(plan({ mode: 'refresh-only' }), plain),
    /^No changes\. Your infrastructure still matches the configuration\.$/m,
  )
  t.match(planText(plan({ mode: 'destroy' }), plain), /^No changes\./m)
})

t.test('a plan that only moves or forgets counts nothing, and shows what it does', async (t) => {
  const text = planText(
    plan({
      changes: [change({ action: 'move', address: 'a_b.new', previousAddress: 'a_b.old' })],
      counts: count(1, 'move') as never,
    }),
    plain,
  )
  t.match(text, /# a_b\.old has moved to a_b\.new/)
  t.match(text, /^Plan: 0 to add, 0 to change, 0 to destroy\.$/m)
})

t.test('a plan that only changes outputs has no summary line, and says what applying it does', async (t) => {
  const text = planText(plan({ outputs: [output({ name: 'n', action: 'create', after: null })] }), plain)
  golden(t, 'plan-outputs-only.txt', text)
  t.notMatch(text, /Plan:/)
})

t.test('what takes or gives access comes before everything else in the list', async (t) => {
  const text = planText(everything, plain)
  const list = text.slice(text.indexOf('In short:'))
  const at = (words: string) => list.indexOf(words)
  t.ok(at('Destroyed') < at('Wider access') && at('Wider access') < at('Access lost'))
  t.ok(at('Access lost') < at('Created'))
})

t.test('the list counts what is harmless and plenty, and never what is dangerous', async (t) => {
  const many = Array.from({ length: 120 }, (_, i) => `a_b.x[${i}]`)
  const text = planText(
    plan({
      changes: [
        ...many.map((address) => change({ action: 'create', address })),
        ...many.map((address) => change({ action: 'delete', address: address.replace('x', 'y') })),
      ],
    }),
    plain,
  )
  t.match(text, /Created \(120\):/)
  t.match(text, /… and 70 more/)
  t.match(text.slice(text.indexOf('In short:')), /a_b\.y\[119\]/)
})

t.test('no character that a terminal obeys gets through, wherever it comes from', async (t) => {
  const evil = 'x\u001b[2J\u0007\u202e\u2066\u0085\r\u200b'
  const text = planText(
    plan({
      changes: [
        change({
          action: 'update',
          address: `a_b.x["${evil}"]`,
          previousAddress: evil,
          deposedKey: evil,
          id: evil,
          importing: { id: evil },
          before: shown({ id: evil }),
          fields: [
            field({ name: evil, before: evil, after: `${evil}\n${evil}` }),
            field({ name: 'm', before: `a\n${evil}`, after: `b\n${evil}` }),
            field({ name: 'l', before: [evil], after: [shown({ [evil]: evil })] }),
            field({
              name: 'd',
              before: JSON.stringify([evil]),
              after: JSON.stringify([evil, evil]),
              document: true,
            }),
          ],
          consequences: [{ kind: 'widens-access', text: evil }],
        }),
        change({ action: 'forget', address: `a_b.y["${evil}"]` }),
      ],
      outputs: [output({ name: evil, action: 'create', after: evil })],
      recovered: [{ address: evil, action: 'create', outcome: 'found', id: evil, text: evil }],
      drift: [{ kind: 'changed', type: 'a_b', id: evil, name: evil, fields: [] }],
      leftOut: [evil],
    }),
    plain,
  )
  t.notMatch(text, /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u)
})

t.test('a secret is shown by its fingerprints, and what was in its place before is not shown', async (t) => {
  const one = (before: Shown | undefined, after: Shown | undefined) =>
    planText(
      plan({
        changes: [
          change({ action: 'update', address: 'a_b.c', fields: [field({ name: 'token', before, after })] }),
        ],
      }),
      plain,
    )
  t.match(one(new Fingerprint('3f1c'), new Fingerprint('9ab2')), '~ token = (secret 3f1c -> 9ab2)\n')
  t.match(one(new Fingerprint('3f1c'), new Fingerprint('3f1c')), '~ token = (sensitive value)\n')
  t.match(one(undefined, new Fingerprint('3f1c')), '+ token = (sensitive value)\n')
  t.match(one(new Fingerprint('3f1c'), null), '- token = (sensitive value) -> null\n')
  t.notMatch(one('hunter2', new Fingerprint('3f1c')), /hunter2/)
  const nested = one([shown({ k: 'hunter2' })], [shown({ k: new Fingerprint('3f1c') })])
  t.match(nested, '~ k = (sensitive value)')
  t.notMatch(nested, /hunter2/)
})

t.test(
  'of a policy that comes back in other words, only what it says differently is shown as changed',
  async (t) => {
    const policy = (...statements: readonly object[]) =>
      JSON.stringify({ Version: '2012-10-17', Statement: statements })
    const list = { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }
    const before = policy(
      { Effect: 'Deny', Action: 'iam:*', Resource: '*' },
      { ...list, Action: ['s3:listbucket'] },
    )
    const after = policy(list, { Effect: 'Deny', Action: ['iam:*'], Resource: 'arn:aws:s3:::acme' })
    const fields = [field({ name: 'p', before, after, document: true })]
    const text = planText(plan({ changes: [change({ action: 'update', address: 'a_b.c', fields })] }), plain)
    const changed = text.split('\n').filter((line) => /^\s+[-+] /.test(line))
    t.match(changed, [/- .*Resource.*"\*"/, /\+ .*Resource.*acme/])
    t.notMatch(changed.join('\n'), /ListBucket|listbucket/)
  },
)

t.test('what to do next depends on whether the plan was saved', async (t) => {
  t.match(nextStepText(undefined), /You didn't use the --out option/)
  t.match(nextStepText('p.plan'), /Saved the plan to: p\.plan/)
  t.notMatch(nextStepText('p.plan'), /secrets/)
  t.match(
    nextStepText('p.plan', ['keys', 'sec']),
    /rolecall apply "p\.plan"\n\n.* feed secrets.*\n.*\n - var\.keys\n - var\.sec\n$/,
  )
})
