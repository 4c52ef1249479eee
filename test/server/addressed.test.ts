import t from 'tap'
import { addressed } from '../../src/server/addressed.js'
import { openTestPlane } from '../fixtures/test-plane.js'

const to = (path: string) => {
  const request = new Request(`http://plane.test${path}`)
  const { system, inner } = addressed(request)
  const { pathname, search } = new URL(inner(request).url)
  return [system, `${pathname}${search}`]
}

t.test('each service is reached below its name', (t) => {
  t.same(to('/trifacta/v4/people?limit=1'), ['trifacta', '/v4/people?limit=1'])
  t.same(to('/vault/v1/sys/mounts'), ['vault', '/v1/sys/mounts'])
  t.same(to('/tines/api/v1/teams'), ['tines', '/api/v1/teams'])
  t.same(to('/outerproduct/v1/connectors'), ['outerproduct', '/v1/connectors'])
  t.same(to('/vault'), ['vault', '/'])
  t.end()
})

t.test('at the root stand the paths that one service alone has', (t) => {
  t.same(to('/v4/people'), ['trifacta', '/v4/people'])
  t.same(to('/v1/sys/mounts'), ['vault', '/v1/sys/mounts'])
  t.same(to('/api/v1/teams'), ['tines', '/api/v1/teams'])
  t.same(to('/v1/connectors'), ['vault', '/v1/connectors'], 'a mount may be called connectors')
  t.same(to('/vaults/v1'), ['trifacta', '/vaults/v1'], 'what nobody has')
  t.end()
})

t.test('a request below the name of its service arrives whole', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const response = await plane.fetch(
    new Request('http://plane.test/trifacta/v4/people', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        accept: 'accept',
        email: 'a@b.example',
        name: 'a',
        password: 'p',
        password2: 'p',
      }),
    }),
  )
  t.equal(response.status, 201)
  t.match(await response.json(), { email: 'a@b.example' })
})
