import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openWorkspace } from '../../src/app.js'
import { valueToConsoleText } from '../../src/core/console-text.js'

function folderOf(t: Test): string {
  const parent = t.testdir({
    f: {
      '.hid': '',
      'x.txt': '',
      'y.json': '',
      'U.TXT': '',
      '{w}.txt': '',
      '.h': { 'z.txt': '' },
      a: { '1.txt': '', b: { '2.txt': '', '.d': '' } },
      c: { ab: '', 'é.txt': '', '[q].txt': '' },
    },
  })
  const folder = join(parent, 'f')
  symlinkSync('../x.txt', join(folder, 'c/lnk.txt'))
  symlinkSync('a', join(folder, 'adir'))
  execFileSync('mkfifo', [join(folder, 'pipe.txt')])
  return folder
}

/** What each call gives: the paths, or what is wrong. */
async function answers(folder: string, calls: readonly string[]): Promise<readonly unknown[]> {
  const workspace = await openWorkspace({
    cwd: folder,
    env: {},
    now: () => new Date(0),
    stop: new AbortController().signal,
    progress: () => {},
  })
  const console = await workspace.console({})
  const found = calls.map((call) => {
    const result = console.evaluate(`jsonencode(${call})`)
    if ('diagnostics' in result) return result.diagnostics[0]?.detail
    return JSON.parse(JSON.parse(valueToConsoleText(result.value)) as string)
  })
  await workspace.close()
  return found
}

/** By the call, what terraform 1.11.4 gives. */
const recorded: Readonly<Record<string, readonly string[]>> = {
  'fileset(".", "*")': ['.hid', 'U.TXT', 'x.txt', 'y.json', '{w}.txt'],
  'fileset(".", "*.{txt,json}")': ['x.txt', 'y.json', '{w}.txt'],
  'fileset(".", "**/*.txt")': [
    '.h/z.txt',
    'a/1.txt',
    'a/b/2.txt',
    'adir/1.txt',
    'adir/b/2.txt',
    'c/[q].txt',
    'c/lnk.txt',
    'c/é.txt',
    'x.txt',
    '{w}.txt',
  ],
  'fileset("a", "../*.txt")': ['../x.txt', '../{w}.txt'],
  'fileset(".", "**.txt")': ['x.txt', '{w}.txt'],
  'fileset(".", "./*.txt")': ['x.txt', '{w}.txt'],
  'fileset(".", "a/**")': ['a/1.txt', 'a/b/.d', 'a/b/2.txt'],
  'fileset("a", "**/**")': ['1.txt', 'b/.d', 'b/2.txt'],
  'fileset(".", "a**")': [],
  'fileset(".", "?.txt")': ['x.txt'],
  'fileset(".", "[^x].*")': ['U.TXT', 'y.json'],
  'fileset(".", "[x-z].*")': ['x.txt', 'y.json'],
  'fileset(".", "[!x].*")': ['x.txt'],
  'fileset(".", "c/\\\\[q\\\\].txt")': ['c/[q].txt'],
  'fileset(".", "{a,c}/*")': ['a/1.txt', 'c/[q].txt', 'c/ab', 'c/lnk.txt', 'c/é.txt'],
  'fileset(".", "{,x}.txt")': ['x.txt'],
  'fileset(".", "{[xy],U}.*")': ['U.TXT', 'x.txt', 'y.json'],
  'fileset(".", "**/b/*")': ['a/b/.d', 'a/b/2.txt', 'adir/b/.d', 'adir/b/2.txt'],
  'fileset(".", "c/../*.txt")': ['x.txt', '{w}.txt'],
  'fileset(".", "/a//*")': ['a/1.txt'],
  'fileset("adir", "*")': ['1.txt'],
  'fileset(".", "a")': [],
  'fileset(".", "")': [],
  'fileset("nope", "*")': [],
  'fileset("x.txt", "*")': [],
}

t.test('fileset finds what Terraform finds', async (t) => {
  const folder = folderOf(t)
  const calls = Object.keys(recorded)
  const found = await answers(folder, calls)
  for (const [i, call] of calls.entries()) t.strictSame(found[i], recorded[call], call)
})

const version = spawnSync('terraform', ['version', '-json'], { encoding: 'utf8' }).stdout ?? ''
const skip = version.includes('"1.11.4"') ? false : 'terraform 1.11.4 is not on the PATH'

t.test('what was recorded is what terraform says', { skip }, async (t) => {
  const calls = Object.keys(recorded)
  // It locks a state in the folder in which it runs.
  const all = calls.join(', ').replaceAll('fileset("', 'fileset("f/')
  const { stdout } = spawnSync('terraform', ['console', '-no-color'], {
    cwd: join(folderOf(t), '..'),
    input: `jsonencode([${all}])\n`,
    encoding: 'utf8',
  })
  const said = JSON.parse(JSON.parse(stdout.trim().split('\n').at(-1) as string) as string)
  t.strictSame(said, Object.values(recorded))
})

t.test('fileset says what is wrong with a pattern, and does not go in circles', async (t) => {
  const folder = folderOf(t)
  symlinkSync('..', join(folder, 'c/loop'))
  symlinkSync('nope', join(folder, 'a/dangling.md'))
  const [cycle, dangling, bracket, brace, dash, star] = await answers(folder, [
    'fileset(".", "c/**/*.txt")',
    'fileset(".", "a/*.md")',
    'fileset(".", "[")',
    'fileset(".", "{a")',
    'fileset(".", "[a-]*")',
    'fileset(".", "*a*a*a*a*a*a*a*a*a*b")',
  ])
  t.ok((cycle as string[]).includes('c/loop/x.txt'))
  t.notOk((cycle as string[]).some((path) => path.includes('loop/c/loop')))
  t.match(dangling, /"a\/dangling\.md" is a link that leads to nothing/)
  t.match(bracket, /Argument 2 \("pattern"\) of fileset\(\): a "\[" in it is never closed/)
  t.match(brace, /a "\{" in it is never closed/)
  t.match(dash, /without an end of its range/)
  t.strictSame(star, [])
})

t.test('fileset has a limit for how deep it goes', async (t) => {
  const folder = t.testdir({})
  mkdirSync(join(folder, Array.from({ length: 120 }, () => 'd').join('/')), { recursive: true })
  t.match(await answers(folder, ['fileset(".", "**")']), [/nested more than 100 deep/])
})
