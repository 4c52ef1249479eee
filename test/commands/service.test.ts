import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { rolecall } from './rolecall.js'

const configuration = `
variable "endpoint" { type = string }
provider "trifacta" {
  endpoint = var.endpoint
  token    = env("TOKEN")
}
resource "trifacta_person" "a" { email = "a@example.com" }
resource "trifacta_person" "b" { email = "b@example.com" }
resource "trifacta_person" "c" { email = "c@example.com" }
resource "trifacta_aws_config" "a" {
  person_id           = trifacta_person.a.id
  credential_provider = "temporary"
  role                = "arn:aws:iam::123456789012:role/a"
  default_bucket      = "aaa"
}
`

/** What a plan says against a service that answers so. */
async function planAgainst(t: Test, answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const cwd = t.testdir({ 'main.hcl': configuration })
  const env = { TOKEN: 'canary-token', ROLECALL_VAR_endpoint: `http://127.0.0.1:${port}` }
  const { code, stdout, stderr } = await rolecall(['plan'], { cwd, env })
  server.closeAllConnections()
  server.close()
  t.equal(code, 1)
  t.equal(stdout, '')
  t.notMatch(stderr, 'canary')
  t.equal(stderr.match(/^Error: /gm)?.length, 1, 'one error for one cause')
  return stderr
}

const json =
  (status: number, body: unknown): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

t.test('a service that refuses is told of once, in its own words, harmless for a terminal', async (t) => {
  t.match(
    await planAgainst(t, json(401, { exception: { name: 'Unauthorized', message: 'Invalid token' } })),
    /The service refuses the credentials[\s\S]*\(HTTP 401\): Invalid token[\s\S]*Check token/,
  )
  const evil = await planAgainst(t, json(403, { exception: { message: 'no \u001b]0;evil\u0007 way' } }))
  t.match(evil, '(HTTP 403): no \\u001b]0;evil\\u0007 way')
})

t.test('a web page in place of the API is called that', async (t) => {
  const page = await planAgainst(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Please log in</body></html>')
  })
  t.match(page, /a web page came instead of JSON: "Please log in"[\s\S]*no login page or proxy/)
})

t.test('a service that is not there is told of once', async (t) => {
  const cwd = t.testdir({ 'main.hcl': configuration })
  const env = { TOKEN: 'canary-token', ROLECALL_VAR_endpoint: 'http://127.0.0.1:1' }
  for (const command of ['plan', 'drift', 'apply -auto-approve']) {
    const { code, stderr } = await rolecall(command.split(' '), { cwd, env })
    t.equal(code, 1, command)
    t.equal(stderr.match(/^Error: /gm)?.length, 1, command)
    t.match(stderr, /nothing listens at 127\.0\.0\.1:1/)
  }
})
