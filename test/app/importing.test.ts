import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { rolecall } from '../commands/rolecall.js'

const provider = 'provider "trifacta" {\n  endpoint = "embedded"\n}\n'
const jane = 'resource "trifacta_person" "jane" {\n  email = "jane@example.com"\n}\n'
const other = 'resource "trifacta_person" "other" {\n  email = "other@example.com"\n}\n'
const each = `resource "trifacta_person" "each" {
  for_each = { "a \\"b\\"" = "jane@example.com" }
  email    = each.value
}
`

t.test(
  'what exists is recorded under a declared address, once, and only what that address declares',
  async (t) => {
    const cwd = t.testdir()
    const write = (text: string) => writeFileSync(join(cwd, 'main.hcl'), `${provider}${text}`)
    const refused = async (address: string, id: string, why: RegExp) =>
      t.match(
        await rolecall(['import', address, id], { cwd }),
        { code: 1, stdout: '', stderr: why },
        `${address} ${id}`,
      )

    write(`${jane}${other}`)
    t.equal((await rolecall(['apply', '-auto-approve'], { cwd })).code, 0)
    await refused('trifacta_person.jane', '2', /trifacta_person\.jane is in the state already, with id 2\./)
    await rolecall(['state', 'rm', 'trifacta_person.jane'], { cwd })
    await refused(
      'trifacta_person.jane',
      '3',
      /The object with id 3 belongs to trifacta_person\.other already\./,
    )
    await refused('trifacta_person.jane', '99', /There is no trifacta_person with the id 99\./)
    await refused(
      'trifacta_person.jane',
      '1',
      /declares [\s\S]*jane@example\.com, and the object with id 1 is/,
    )
    await refused('trifacta_person.nobody', '2', /does not declare trifacta_person\.nobody\./)
    await refused('trifacta_person.jane["x"]', '2', /does not declare trifacta_person\.jane\["x"\]\./)
    await refused('trifacta_person', '2', /is not the address of a resource\./)

    write(`${each}${other}`)
    const done = await rolecall(['import', 'trifacta_person.each["a \\"b\\""]', '2'], { cwd })
    t.match(done, { code: 0, stdout: /email += "jane@example\.com"[\s\S]*Import successful!/ })
    t.match(await rolecall(['plan', '-detailed-exitcode'], { cwd }), { code: 0, stdout: /^No changes\./m })
    const moved = await rolecall(['state', 'list'], { cwd })
    t.equal(
      moved.stdout.trimEnd().split('\n').sort().join('\n'),
      'trifacta_person.each["a \\"b\\""]\ntrifacta_person.other',
    )
  },
)
