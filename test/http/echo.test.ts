import { inspect } from 'node:util'
import t from 'tap'
import { LostAnswer, ServiceError } from '../../src/core/resource.js'
import { Secret } from '../../src/core/secret.js'
import { createClient, type HttpRequest } from '../../src/http/client.js'
import { fetchExchange } from '../../src/http/fetch-exchange.js'

/*
 * A service that repeats what it was sent: in the words of its errors, in pages, in headers, cut off and laid out anew.
 */

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfi"CYEXAMPLEKEY'
const token = 'tok-0123456789'

const put: HttpRequest = {
  method: 'PUT',
  path: ['v4', 'awsConfigs', '6'],
  body: { secret: new Secret(secret) },
  doing: 'updating awsConfig 6',
  accept: [200],
}

async function said(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  request: HttpRequest = put,
) {
  const lines: string[] = []
  const client = createClient({
    exchange: fetchExchange(async () => new Response(body, { status, headers }), 100_000),
    base: new URL('http://service.test'),
    headers: { authorization: `Bearer ${token}` },
    secrets: [token],
    api: 'the API of people',
    requestIdHeader: 'x-request-id',
    words: (json) => {
      const words = (json as { exception?: { details?: unknown } } | null)?.exception?.details
      return words === undefined ? undefined : typeof words === 'string' ? words : JSON.stringify(words)
    },
    unauthorizedHelp: '',
    timeout: 5_000,
    concurrency: 1,
    timing: { now: () => 0, sleep: () => new Promise(() => {}), random: () => 0 },
    trace: (line) => lines.push(line),
  })
  const error = await client.send(request, { readOnly: false, snapshot: false }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ServiceError) && !(error instanceof LostAnswer)) throw error
  return { error, all: `${error.message}\n${inspect(error, { depth: 10 })}\n${lines.join('\n')}` }
}

const json = (details: unknown) => JSON.stringify({ exception: { name: 'ValidationFailed', details } })

for (const [how, status, body] of [
  ['in its words', 400, json(`secret ${secret} is too short`)],
  ['with escaped slashes', 400, json(`secret ${secret} is too short`).replaceAll('/', '\\/')],
  ['in an object', 400, json({ fields: [{ secret, token }] })],
  ['where its words are cut off', 400, json(`${'x'.repeat(180)}${secret}`)],
  ['in a text that is cut off', 400, `${'x'.repeat(180)}${secret}`],
  ['in a page', 502, `<html><body><p>No: ${secret.replace('"', '&quot;')} ${token}</p></body></html>`],
  ['in what is no JSON', 200, `{"secret": ${secret}}`],
  ['where broken JSON is cut off', 200, `${'x'.repeat(180)}${secret}`],
  ['in the error of a server', 500, json(`cannot save ${secret} for ${token}`)],
] as const)
  t.test(`a secret that a service repeats ${how} is not shown`, async (t) => {
    const { all } = await said(status, body)
    t.match(all, /updating awsConfig 6/)
    for (const hidden of [secret, token, secret.slice(0, 12), secret.slice(-12)]) t.notMatch(all, hidden)
  })

t.test('not in a request id, and not where it goes on to', async (t) => {
  const { all } = await said(400, json('no'), { 'x-request-id': `r7 ${token}` })
  t.match(all, /\[request r7 \(sensitive value\)\]/)
  t.notMatch(all, token)
  const moved = await said(302, '', { location: `https://elsewhere.test/login/${token}?t=${token}` })
  t.match(moved.error.message, /redirects to https:\/\/elsewhere.test\/login\//)
  t.notMatch(moved.all, token)
})

t.test('what an error means does not depend on which texts are secret', async (t) => {
  const short: HttpRequest = { ...put, body: { secret: new Secret('e') } }
  const { error } = await said(404, json('resource'), {}, short)
  t.match(error, { cause: { exception: { name: String } } })
})
