import t from 'tap'
import { UsageError } from '../../../src/commands/shell/argv.js'
import { parseDuration, planOptions, variablesOf } from '../../../src/commands/shell/flags.js'
import { isOpen } from '../../../src/commands/shell/open-expression.js'
import { fileDifference } from '../../../src/views/file-difference.js'
import { plain } from '../../../src/views/style.js'

t.test('durations are read as people write them', async (t) => {
  t.strictSame(
    ['0', '0s', '30s', '5m', '1m30s', '500ms', '1.5s', '2h'].map(parseDuration),
    [0, 0, 30_000, 300_000, 90_000, 500, 1500, 7_200_000],
  )
  for (const wrong of ['', 's', '10', '10x', '5 m', '-5s', '5s,'])
    t.throws(() => parseDuration(wrong), UsageError)
})

t.test('values for variables keep the order of the command line', async (t) => {
  const raw = [
    { type: 'flag', flag: 'var', input: 'a=1' },
    { type: 'flag', flag: 'out', input: 'f' },
    { type: 'flag', flag: 'var-file', input: 'x.hcl' },
    { type: 'arg', input: 'var' },
    { type: 'flag', flag: 'var', input: 'a=b=c' },
  ]
  t.strictSame(variablesOf(raw), [{ flag: 'a=1' }, { file: 'x.hcl' }, { flag: 'a=b=c' }])
  t.throws(() => variablesOf([{ type: 'flag', flag: 'var', input: 'nothing' }]), UsageError)
})

t.test('flags become options, and those that exclude each other are refused', async (t) => {
  t.strictSame(
    planOptions({ destroy: true, target: ['a.b'], 'lock-timeout': '5s', 'allow-deletes': 3 }, []),
    {
      mode: 'destroy',
      refresh: true,
      adopt: true,
      rebind: false,
      variables: [],
      targets: ['a.b'],
      allowDeletes: 3,
      lockTimeout: 5000,
    },
  )
  t.throws(() => planOptions({ destroy: true, 'refresh-only': true }, []), UsageError)
  t.throws(() => planOptions({ refresh: false, 'refresh-only': true }, []), UsageError)
})

t.test('an expression is open while a bracket, a template or a heredoc is', async (t) => {
  for (const open of [
    '[',
    '{ a = [1,',
    'f(',
    '"${',
    '"a${b["',
    '/* x',
    '<<EOT',
    '<<-EOT\n a',
    '[ # ]',
    '"${"',
    '( "]"',
  ])
    t.ok(isOpen(open), open)
  for (const closed of [
    '',
    '1',
    '[1]',
    '"["',
    '"\\"["',
    '"$${"',
    '# [',
    '// [',
    '/* [ */ 1',
    '<<EOT\n[\nEOT',
    '<<-EOT\n  [\n  EOT',
    ']',
    '"${a["x"]}"',
    '"unfinished',
  ])
    t.notOk(isOpen(closed), closed)
})

t.test('a difference of files is a unified diff, harmless for a terminal', async (t) => {
  t.equal(
    fileDifference('a.hcl', 'a=1\nb = 2\n', 'a = 1\nb = 2\n\u001b', plain),
    '--- old/a.hcl\n+++ new/a.hcl\n@@ -1,2 +1,3 @@\n-a=1\n+a = 1\n b = 2\n+\\u001b\n\\ No newline at end of file\n',
  )
})
