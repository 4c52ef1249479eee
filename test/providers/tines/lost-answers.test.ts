import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openControlPlane } from '../../../src/server/control-plane.js'
import { serve } from '../../../src/server/serve.js'
import { addTeams, text, tinesService } from '../../conformance/tines-texts.js'
import { openFolder } from '../../fixtures/plane-folder.js'
import { tines } from '../../fixtures/tines-calls.js'

/** A folder whose requests go through a plane that carries out the first one of a method, and closes the connection unanswered. */
async function openCutting(t: Test, method: string) {
  const folder = await openFolder(t, {
    generation: 'C',
    transport: 'in process',
    service: tinesService,
  })
  await addTeams(folder.plane)
  const cuts: string[] = []
  const plane = await openControlPlane({
    database: join(folder.path, '.rolecall', 'plane.db'),
    now: () => new Date(),
    random: randomBytes,
    async intercept(request, next) {
      const response = await next(request)
      if (request.method !== method || cuts.length > 0) return response
      cuts.push(request.url)
      throw new Error('cut after the commit')
    },
  })
  const server = await serve(plane, { host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await server.close()
    await plane.close()
  })
  const provider = `
provider "tines" {
  alias    = "cut"
  endpoint = "${server.url.replace(/\/$/, '')}/tines"
  token    = "t0ken"
}
`
  const declare = (more: string) => folder.declare(provider + text(`provider = tines.cut\n  ${more}`))
  return { folder, declare, cuts, nothing: () => folder.declare(provider) }
}

for (const method of ['POST', 'PUT', 'DELETE'])
  t.test(`a ${method} whose answer is lost is found out about, and done once`, async (t) => {
    const { folder, declare, cuts, nothing } = await openCutting(t, method)
    declare('description = "one"')
    t.match((await folder.apply()).counts, { add: 1, failed: 0 })
    declare('description = "two"')
    t.match((await folder.apply()).counts, { change: 1, failed: 0 })
    t.match(await tines(folder.plane, 'GET', '/user_credentials'), {
      user_credentials: [{ id: 1, description: 'two' }],
      meta: { count: 1 },
    })
    nothing()
    t.match((await folder.apply()).counts, { destroy: 1, failed: 0 })
    t.match(await tines(folder.plane, 'GET', '/user_credentials'), { meta: { count: 0 } })
    t.equal(cuts.length, 1, 'an answer was lost')
  })
