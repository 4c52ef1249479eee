import t from 'tap'
import type { IssueRequest, ServiceError } from '../../../src/core/resource.js'
import { openVaultBench } from '../../fixtures/vault-connection.js'

t.test('what is wished for reaches the server', async (t) => {
  const bench = await openVaultBench(t, {
    intercept: async (request, next) =>
      request.url.endsWith('/creds/ci')
        ? Response.json({ data: { access_key: 'ASIAX', secret_key: 's', session_token: 't', ttl: 900 } })
        : next(request),
  })
  const { issue } = bench.type('vault_aws_role')
  const wish: IssueRequest = {
    roleArn: 'arn:aws:iam::1:role/r',
    sessionName: 'jane',
    ttl: 900,
    mfaCode: '123456',
  }
  const issued = await issue?.get(bench.api(), 'aws/roles/ci', wish)
  t.equal(issued?.remark, undefined)
  await issue?.get(bench.api(), 'aws/roles/ci', {})
  t.strictSame(bench.requests, [
    'POST aws/creds/ci {"role_arn":"arn:aws:iam::1:role/r","role_session_name":"jane","ttl":"900s","mfa_code":"123456"}',
    'POST aws/creds/ci {}',
  ])
})

t.test('a refusal says what was missing, as far as the role tells it', async (t) => {
  let words = 'Error generating STS keys: AccessDenied: MultiFactorAuthentication must provide both'
  const bench = await openVaultBench(t, {
    intercept: async (request, next) =>
      request.url.endsWith('/creds/ci') ? Response.json({ errors: [words] }, { status: 400 }) : next(request),
  })
  const device = 'arn:aws:iam::123456789012:mfa/jane'
  const role = { credential_type: 'session_token', mfa_serial_number: device }
  await bench.ask('POST', 'aws/roles/ci', role)
  const { issue } = bench.type('vault_aws_role')
  const facts = (request: IssueRequest) =>
    Promise.resolve(issue?.get(bench.api(), 'aws/roles/ci', request)).catch(
      (cause: ServiceError) => cause.facts,
    )
  t.match(await facts({}), {
    words,
    help: `The role goes with the MFA device ${device}: say its code with --mfa-code.`,
  })
  t.match(await facts({ mfaCode: '123456' }), { words, help: undefined })
  words = 'did not supply a role_arn parameter and unable to determine one'
  t.match(await facts({}), { words, help: 'Say which one with --role-arn.' })
  await bench.ask('DELETE', 'aws/roles/ci')
  words = 'Role "ci" not found'
  t.match(await facts({}), { words, help: undefined })
})

t.test('a role of old gives its sessions at the other path', async (t) => {
  const bench = await openVaultBench(t, {
    intercept: async (request, next) =>
      request.url.endsWith('/sts/old')
        ? Response.json({ data: { access_key: 'ASIAX', secret_key: 's', security_token: 't' } })
        : next(request),
  })
  await bench.ask('POST', 'aws/roles/old', { arn: 'arn:aws:iam::123456789012:role/reader' })
  bench.requests.length = 0
  t.match(await bench.type('vault_aws_role').issue?.get(bench.api(), 'aws/roles/old', {}), {
    accessKeyId: 'ASIAX',
  })
  t.strictSame(bench.requests, ['POST aws/creds/old {}', 'POST aws/sts/old {}'])
})

t.test('a static role that is not there is told', async (t) => {
  const bench = await openVaultBench(t)
  const { issue } = bench.type('vault_aws_static_role')
  const refused = Promise.resolve(issue?.get(bench.api(), 'aws/static-roles/nobody', {}))
  await t.rejects(
    refused,
    /getting the key of static role nobody of aws \(HTTP 404\): there is none of this name/,
  )
})
