import t from 'tap'
import {
  asksForHelp,
  type FlagShapes,
  findCommand,
  normalizeArguments,
  UsageError,
} from '../../../src/commands/shell/argv.js'

const commands = ['apply', 'force-unlock', 'plan', 'providers:list', 'state:list', 'state:mv', 'version']
const value = { takesValue: true, negatable: false }
const toggle = { takesValue: false, negatable: false }
const flags: FlagShapes = new Map([
  ['auto-approve', toggle],
  ['out', value],
  ['var', value],
  ['refresh', { takesValue: false, negatable: true }],
])

const found: readonly (readonly [string, readonly string[], string | undefined, readonly string[]])[] = [
  ['a command alone', ['plan'], 'plan', []],
  ['arguments after it', ['apply', 'p.plan', '-json'], 'apply', ['p.plan', '-json']],
  ['a command of two words', ['state', 'list', 'a.b'], 'state:list', ['a.b']],
  ['a topic alone', ['state'], 'state', []],
  ['a topic that is asked for help', ['state', '--help'], 'state', ['--help']],
  ['nothing', [], undefined, []],
  [
    'global flags before it',
    ['-chdir=d', '--no-color', 'plan', '-x'],
    'plan',
    ['--chdir=d', '--no-color', '-x'],
  ],
  ['a global flag and its value before it', ['-chdir', 'd', 'plan'], 'plan', ['--chdir=d']],
  ['--input=false before it', ['-input=false', 'plan'], 'plan', ['--no-input']],
  ['help in front', ['help', 'state', 'mv'], 'state:mv', ['--help']],
  ['help alone', ['help'], undefined, ['--help']],
  ['the version flag', ['-version'], undefined, ['--version']],
  ['-h', ['-h'], undefined, ['--help']],
]

for (const [name, argv, command, rest] of found)
  t.test(`a command line is taken apart: ${name}`, async (t) => {
    t.strictSame(findCommand(argv, commands), { command, rest })
  })

t.test('a command may have others below it, some words deep', async (t) => {
  const nested = ['serve', 'serve:token:create', 'serve:token:list']
  const found = (...argv: string[]) => findCommand(argv, nested)
  t.strictSame(found('serve', '--listen', '1'), { command: 'serve', rest: ['--listen', '1'] })
  t.strictSame(found('serve', 'other'), { command: 'serve', rest: ['other'] })
  t.strictSame(found('serve', 'token', 'list', '--json'), { command: 'serve:token:list', rest: ['--json'] })
  t.strictSame(found('serve', 'token'), { command: 'serve:token', rest: [] })
  t.throws(() => found('serve', 'token', 'lst'), {
    message: /named "serve token lst"\. Did you mean "serve token list"/,
  })
})

t.test('a command that does not exist is refused, and the one that was meant is named', async (t) => {
  t.throws(() => findCommand(['plna'], commands), {
    message: /no command named "plna"\. Did you mean "plan"\?/,
  })
  t.throws(() => findCommand(['state', 'lst'], commands), {
    message: /named "state lst"\. Did you mean "state list"/,
  })
  t.throws(() => findCommand(['nonsense'], commands), UsageError)
  t.throws(() => findCommand(['-nope', 'plan'], commands), { message: 'There is no flag -nope here.' })
  t.throws(() => findCommand(['__proto__'], commands), UsageError)
})

const normal: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['a single dash becomes two', ['-auto-approve'], ['--auto-approve']],
  ['a value after an equals sign stays', ['-out=f'], ['--out=f']],
  ['a value in the next word is joined, even if it looks like a flag', ['-var', '-x=1'], ['--var=-x=1']],
  ['a value may hold equals signs and line ends', ['--var', 'k=a=b\nc'], ['--var=k=a=b\nc']],
  ['an empty value stays one', ['-out='], ['--out=']],
  ['false turns a flag off that has a negative form', ['-refresh=false'], ['--no-refresh']],
  ['true leaves it on', ['-refresh=true'], ['--refresh']],
  ['false takes a flag away that has none', ['-auto-approve=false', 'x'], ['x']],
  ['the negative form stays', ['--no-refresh', '--no-color'], ['--no-refresh', '--no-color']],
  ['the negative form with a value is turned round', ['--no-refresh=false'], ['--refresh']],
  ['nothing after -- is touched', ['--', '-out'], ['--', '-out']],
  ['a lone dash is an argument', ['-'], ['-']],
  ['-h and -help are help', ['-h', '-help'], ['--help', '--help']],
  ['arguments stay', ['trifacta_person.jane[0]', '6'], ['trifacta_person.jane[0]', '6']],
]

for (const [name, argv, expected] of normal)
  t.test(`arguments are put in one form: ${name}`, async (t) => {
    t.strictSame(normalizeArguments(argv, flags), expected)
  })

t.test('what is no flag of the command is refused', async (t) => {
  t.throws(() => normalizeArguments(['-bad'], flags), { message: 'There is no flag -bad here.' })
  t.throws(() => normalizeArguments(['--no-out'], flags), UsageError)
  t.throws(() => normalizeArguments(['-refresh=maybe'], flags), { message: /must be true or false/ })
  t.throws(() => normalizeArguments(['-out'], flags), { message: 'The flag --out needs a value.' })
  t.throws(() => normalizeArguments(['--constructor'], flags), UsageError)
})

t.test('help is asked for anywhere before --, but not by the value of another flag', async (t) => {
  t.ok(asksForHelp(['x', '--help'], flags))
  t.notOk(asksForHelp(['--', '--help'], flags))
  t.notOk(asksForHelp(['--var', '--help'], flags))
  t.notOk(asksForHelp(['--var=--help'], flags))
})
