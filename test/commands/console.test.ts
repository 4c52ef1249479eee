import t, { type Test } from 'tap'
import { people } from './people.js'
import { rolecall } from './rolecall.js'

const folder = (t: Test, files: Readonly<Record<string, string>> = { 'main.hcl': people }): string =>
  t.testdir(files)

t.test('the console reads expressions from stdin, over several lines where a bracket is open', async (t) => {
  const cwd = folder(t)
  const ran = await rolecall(['console'], { cwd, input: 'upper(var.name)\n[1,\n2]\n\nexit\nnever' })
  t.equal(ran.stdout, '"JANE"\n[\n  1,\n  2,\n]\n')
  t.equal(ran.code, 0)
  const json = await rolecall(['console', '-json', '-var', 'name=x'], {
    cwd,
    input: '{ a = var.name }\n0.1 + 0.2\n',
  })
  t.equal(json.stdout, '{"a":"x"}\n0.3\n')
  const heredoc = await rolecall(['console'], { cwd, input: '<<EOT\none\ntwo\nEOT\n1 + 1\n' })
  t.match(heredoc, { code: 0, stdout: '<<-EOT\n  one\n  two\nEOT\n2\n' })
  const wrong = await rolecall(['console'], { cwd, input: 'nosuch.thing\n1\n' })
  t.equal(wrong.code, 1)
  t.equal(wrong.stdout, '')
  t.match(wrong.stderr, /^Error: /m)
})

t.test('the console shows what is recorded, without secrets, and needs no values of variables', async (t) => {
  const cwd = folder(t, {
    'main.hcl': `
provider "trifacta" { endpoint = "embedded" }
variable "bucket" { type = string }
resource "trifacta_person" "joe" { email = "joe@example.com" }
resource "trifacta_aws_config" "joe" {
  person_id           = trifacta_person.joe.id
  credential_provider = "default"
  key                 = env("KEY")
  secret              = env("SECRET")
  default_bucket      = var.bucket
}`,
  })
  const env = { KEY: 'canary-key', SECRET: 'canary-secret', ROLECALL_VAR_bucket: 'joes' }
  t.equal((await rolecall(['apply', '-auto-approve'], { cwd, env })).code, 0)
  const input = 'trifacta_aws_config.joe.secret\ntrifacta_aws_config.joe.default_bucket\nvar.bucket\n'
  t.match(await rolecall(['console'], { cwd, input }), {
    code: 0,
    stdout: '(sensitive value)\n"joes"\n(known after apply)\n',
    stderr: '',
  })
})
