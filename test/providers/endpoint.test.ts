import t from 'tap'
import { error, Failure } from '../../src/core/diagnostic.js'
import { parseEndpoint } from '../../src/providers/endpoint.js'

const form = {
  path: '/api/v1',
  example: 'https://x.example.com',
  instead: 'set token',
  refuse: (problem: string, help: string) => new Failure(error('x/endpoint', problem, { help })),
}

/** What a function throws. */
function thrown(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

t.test('the control plane in this process has the default database, or one of its own', async (t) => {
  t.strictSame(parseEndpoint('embedded', form), { kind: 'embedded', path: undefined })
  t.strictSame(parseEndpoint('embedded:a/b.db', form), { kind: 'embedded', path: 'a/b.db' })
})

t.test('one place is one text, with or without the path of the API', async (t) => {
  for (const [text, expected] of [
    ['HTTPS://X.example.com', 'https://x.example.com/'],
    ['https://x.example.com/api/v1//', 'https://x.example.com/'],
    ['https://x.example.com//api/v1', 'https://x.example.com/'],
    ['https://x.example.com:444/gate/api/v1/', 'https://x.example.com:444/gate'],
    ['https://x.example.com/other-api/v1', 'https://x.example.com/other-api/v1'],
  ] as const)
    t.match(parseEndpoint(text, form), { kind: 'url', url: { href: expected } }, text)
})

t.test('what cannot be an endpoint is refused with what to do', async (t) => {
  for (const [text, summary, help] of [
    ['embedded:', 'names no file after "embedded:"', 'Write embedded:PATH, or embedded alone.'],
    [
      'x.example.com',
      'is "x.example.com", which is not a URL',
      'Write it with its scheme, such as "https://x.example.com", or "embedded".',
    ],
    ['file:///etc/passwd', 'is "file:///etc/passwd", which is not a URL', /scheme/],
    ['https://me:pw@x.example.com', 'holds credentials', 'Take them out of the URL and set token.'],
    ['https://x.example.com/#a', 'has a query or fragment', /alone/],
  ] as const)
    t.match(
      thrown(() => parseEndpoint(text, form)),
      { diagnostics: [{ summary, help }] },
      text,
    )
})
