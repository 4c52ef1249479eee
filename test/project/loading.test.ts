import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

const source = join(process.cwd(), 'src')

/** What a file needs before its first line runs: its own imports and those of what it imports, types aside. */
function loadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const text = readFileSync(join(source, file), 'utf8')
  for (const [, from] of text.matchAll(/^(?:import|export)\s+(?!type\s)[^'"]*?from\s*'([^']+)'/gm)) {
    if (from === undefined) continue
    if (from.startsWith('.')) loadedBy(normalize(join(dirname(file), from)).replace(/\.js$/, '.ts'), seen)
    else seen.add(from)
  }
  return seen
}

const packagesOf = (file: string): readonly string[] =>
  [...loadedBy(file)].filter((name) => !name.startsWith('node:') && !existsSync(join(source, name))).sort()

const commands = readdirSync(join(source, 'commands'), { recursive: true, encoding: 'utf8' })
  // Of the shell only what starts the program: commands load the rest of it when they get there.
  .filter((name) => name.endsWith('.ts') && (!name.startsWith('shell') || name.endsWith('main.ts')))
  .map((name) => join('commands', name))

t.test(
  'a command starts with the command line parser alone, and only with the parts that it uses',
  async (t) => {
    const allowed = [
      '@oclif/core/args',
      '@oclif/core/command',
      '@oclif/core/config',
      '@oclif/core/errors',
      '@oclif/core/flags',
    ]
    for (const command of commands)
      t.strictSame(
        packagesOf(command).filter((name) => !allowed.includes(name)),
        [],
        command,
      )
    t.ok(packagesOf('commands/plan.ts').includes('@oclif/core/command'), 'what is loaded was found')
  },
)

t.test('opening a folder and checking it loads no network, no database and no YAML', async (t) => {
  for (const file of ['app.ts', 'app/workspace.ts', 'lang/validate.ts', 'app/planning.ts'])
    t.strictSame(
      packagesOf(file).filter((name) => name !== 'decimal.js'),
      [],
      file,
    )
})
