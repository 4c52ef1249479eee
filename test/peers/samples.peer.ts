import t from 'tap'
import { serve } from '../../src/server/serve.js'
import { outerproductStories } from '../samples/outerproduct.js'
import { holds } from '../samples/sample.js'
import { storyPlane } from '../samples/story-plane.js'
import { tinesStories } from '../samples/tines.js'
import { trifactaStories } from '../samples/trifacta.js'
import { vaultStories } from '../samples/vault.js'

for (const story of [...trifactaStories, ...vaultStories, ...tinesStories, ...outerproductStories])
  t.test(`over a socket: ${story.name}`, async (t) => {
    const server = await serve(await storyPlane(t, story), { host: '127.0.0.1', port: 0 })
    t.teardown(() => server.close())
    await holds(t, story, (path, request) => fetch(`${server.url}${path}`, request))
  })
