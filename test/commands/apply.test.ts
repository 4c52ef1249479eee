import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { people } from './people.js'
import { rolecall } from './rolecall.js'

const folder = (t: Test, files: Readonly<Record<string, string>> = { 'main.hcl': people }): string =>
  t.testdir(files)

t.test('the way from plan to destroy, with the exit codes that scripts rely on', async (t) => {
  const cwd = folder(t)
  const plan = await rolecall(['plan', '-detailed-exitcode', '-out=p.plan'], { cwd })
  t.equal(plan.code, 2)
  t.match(plan.stdout, /^ {2}# trifacta_person\.jane will be created$/m)
  t.match(plan.stdout, 'Saved the plan to: p.plan')
  t.notMatch(plan.stdout, '\u001b')
  t.equal(statSync(join(cwd, 'p.plan')).mode & 0o077, 0, 'only its owner can read a plan')

  const shown = await rolecall(['show', '-json', 'p.plan'], { cwd })
  t.match(JSON.parse(shown.stdout), {
    format_version: '1.2',
    resource_changes: [{ address: 'trifacta_person.jane', change: { actions: ['create'], before: null } }],
    applyable: true,
    complete: true,
  })

  const applied = await rolecall(['apply', 'p.plan'], { cwd })
  t.equal(applied.code, 0)
  t.match(applied.stdout, /^Apply complete! Resources: 1 added, 0 changed, 0 destroyed\.$/m)
  t.match(applied.stdout, /^email = "jane@example\.com"$/m)
  t.match(applied.stdout, /^hush = <sensitive>$/m)
  t.match(applied.stderr, /^trifacta_person\.jane: Creating\.\.\.$/m)
  t.match(applied.stderr, /^trifacta_person\.jane: Creation complete after \d+s \[id=\d+\] \(1 of 1\)$/m)

  const again = await rolecall(['apply', 'p.plan'], { cwd })
  t.equal(again.code, 1, 'a plan is applied once')
  t.match(again.stderr, /^Error: /m)

  const nothing = await rolecall(['plan', '--detailed-exitcode'], { cwd })
  t.equal(nothing.code, 0)
  t.match(nothing.stdout, /^No changes\. Your infrastructure matches the configuration\.$/m)

  t.equal((await rolecall(['drift'], { cwd })).code, 0)
  const unmanaged = await rolecall(['drift', '--unmanaged', '--json'], { cwd })
  t.equal(unmanaged.code, 2)
  t.match(JSON.parse(unmanaged.stdout), {
    in_sync: false,
    drift: [{ kind: 'unmanaged', type: 'trifacta_person' }],
  })

  const changed = await rolecall(['apply', '-auto-approve', '-json', '-var', 'name=Janet'], { cwd })
  t.equal(changed.code, 0)
  const events = changed.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  t.equal(events[0]?.type, 'version')
  const types = new Set(events.map((event) => event.type))
  for (const type of ['planned_change', 'change_summary', 'apply_start', 'apply_complete', 'outputs'])
    t.ok(types.has(type), type)

  const destroyed = await rolecall(['destroy', '--auto-approve', '-no-color'], { cwd })
  t.equal(destroyed.code, 0)
  t.match(destroyed.stdout, /^Destroy complete! Resources: 1 destroyed\.$/m)
  for (const { stdout, stderr } of [plan, shown, applied, changed, destroyed])
    t.notMatch(stdout + stderr, 'hunter2', 'a secret is printed nowhere')
  t.notMatch(readFileSync(join(cwd, 'p.plan'), 'utf8'), 'hunter2')
})

t.test('what is recorded can be printed, listed, shown, moved and dropped', async (t) => {
  const cwd = folder(t)
  await rolecall(['apply', '-auto-approve'], { cwd })
  t.equal((await rolecall(['output', '-raw', 'email'], { cwd })).stdout, 'jane@example.com')
  t.equal((await rolecall(['output', '-json', 'numbers'], { cwd })).stdout, '[1,9007199254740993]\n')
  t.match(JSON.parse((await rolecall(['output', '-json'], { cwd })).stdout), {
    email: { sensitive: false, type: 'string', value: 'jane@example.com' },
    hush: { sensitive: true, type: 'string', value: null },
  })
  for (const args of [['-raw', 'hush'], ['-raw', 'numbers'], ['nope']]) {
    const { code, stdout, stderr } = await rolecall(['output', ...args], { cwd })
    t.equal(code, 1)
    t.equal(stdout, '')
    t.match(stderr, /^Error: /m)
  }
  t.match((await rolecall(['show'], { cwd })).stdout, /Outputs:\n\nemail = "jane@example\.com"/)
  t.equal((await rolecall(['state', 'list'], { cwd })).stdout, 'trifacta_person.jane\n')
  const undeclared = await rolecall(['import', 'trifacta_person.jain', '2'], { cwd })
  t.match(undeclared, {
    code: 1,
    stderr: /does not declare trifacta_person\.jain\.\n\nDid you mean trifacta_person\.jane\?/,
  })
  t.match(
    (await rolecall(['state', 'show', 'trifacta_person.jane'], { cwd })).stdout,
    /^# trifacta_person\.jane:\nresource "trifacta_person" "jane" \{\n[\s\S]* email +=/,
  )
  const dry = await rolecall(['state', 'mv', '-dry-run', 'trifacta_person.jane', 'trifacta_person.x'], {
    cwd,
  })
  t.equal(dry.stdout, 'Would move "trifacta_person.jane" to "trifacta_person.x"\n')
  const dryRemoval = await rolecall(['state', 'rm', '-dry-run', '-json', 'trifacta_person.jane'], { cwd })
  t.strictSame(JSON.parse(dryRemoval.stdout), { dry_run: true, removed: ['trifacta_person.jane'] })
  const moved = await rolecall(['state', 'mv', 'trifacta_person.jane', 'trifacta_person.x'], { cwd })
  t.equal(
    moved.stdout,
    'Move "trifacta_person.jane" to "trifacta_person.x"\nSuccessfully moved 1 object(s).\n',
  )
  const removed = await rolecall(['state', 'rm', 'trifacta_person.x'], { cwd })
  t.match(removed.stdout, 'Removed trifacta_person.x\n')
  const nothing = await rolecall(['state', 'rm', 'trifacta_person.x'], { cwd })
  t.equal(nothing.code, 1)
  t.match(nothing.stderr, /^Error: Invalid target address$/m)
  const adopting = await rolecall(['plan'], { cwd })
  t.match(adopting.stdout, /^ {2}# trifacta_person\.jane will be imported$/m)
  t.match(adopting.stdout, /^Plan: 1 to import, 0 to add, 0 to change, 0 to destroy\.$/m)
  const imported = await rolecall(['import', 'trifacta_person.jane', '2'], { cwd })
  t.match(imported.stdout, 'Import successful!')
})

t.test('a plan for another state is not applied', async (t) => {
  const both = t.testdir({ one: { 'main.hcl': people }, other: { 'main.hcl': people } })
  const cwd = join(both, 'one')
  const other = join(both, 'other')
  t.equal((await rolecall(['apply', '-auto-approve'], { cwd })).code, 0)
  t.equal((await rolecall(['apply', '-auto-approve'], { cwd: other })).code, 0)
  const change = ['-var', 'name=Janet']
  t.equal((await rolecall(['plan', `-out=${join(other, 'p.plan')}`, ...change], { cwd })).code, 0)
  const foreign = await rolecall(['apply', 'p.plan'], { cwd: other })
  t.match(foreign, { code: 1, stderr: /^Error: The saved plan is for another state$/m })
})
