import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Libsql from 'libsql'
import t from 'tap'
import type { JsonObject } from '../../src/core/json.js'
import { openControlPlane } from '../../src/server/control-plane.js'
import { remotePlane, startPlane } from '../fixtures/start-plane.js'
import { call, list } from '../fixtures/test-plane.js'

/** Creates people with configs, as fast as it goes, until the plane is gone; notes what was answered with 201. */
async function hammer(url: string, name: string, made: JsonObject[]): Promise<void> {
  const plane = remotePlane(url)
  try {
    for (let i = 0; ; i++) {
      const email = `${name}-${i}@example.com`
      const person = await call(plane, 'POST', '/people', {
        accept: 'accept',
        email,
        name: email,
        password: 'p',
        password2: 'p',
      })
      const config = await call(plane, 'POST', '/awsConfigs', {
        credentialProvider: 'default',
        key: `canary-key-${name}-${i}`,
        secret: `canary-secret-${name}-${i}`,
        defaultBucket: name,
        personId: Number(person.body.id),
      })
      if (config.status !== 201) return
      made.push({ person: person.body.id ?? null, config: config.body.id ?? null })
    }
  } catch {
    // The plane is gone.
  }
}

t.test('two processes share a database, and each may die while they write', async (t) => {
  const folder = t.testdir({})
  const database = join(folder, 'plane.db')
  const answered: JsonObject[] = []
  const until = async (many: number) => {
    while (answered.length < many) await new Promise((resolve) => setTimeout(resolve, 2))
  }
  for (const round of ['one', 'two']) {
    const planes = await Promise.all([startPlane({ database }), startPlane({ database })])
    const work = planes.flatMap(({ url }, i) => [
      hammer(url, `${round}${i}a`, answered),
      hammer(url, `${round}${i}b`, answered),
    ])
    const before = answered.length
    await until(before + 20)
    await planes[0]?.kill()
    await until(before + 30)
    await planes[1]?.kill()
    await Promise.all(work)
  }

  const raw = new Libsql(database)
  t.match(raw.prepare('pragma integrity_check').all(), [{ integrity_check: 'ok' }])
  raw.close()
  const plane = await openControlPlane({ database, now: () => new Date(), random: randomBytes })
  t.teardown(() => plane.close())
  const people: JsonObject[] = []
  for (let offset = 0; ; offset += 1000) {
    const page = await list(plane, `/people?limit=1000&offset=${offset}`)
    if (page.length === 0) break
    people.push(...page)
  }
  const configOf = new Map(people.map((person) => [person.id, person.awsConfig]))
  for (const { person, config } of answered) t.same(configOf.get(person ?? null), { id: config })
  // Its key opens what the processes that died had sealed.
  const one = answered[0]?.config
  t.equal((await call(plane, 'PUT', `/awsConfigs/${one}`, { key: 'another' })).status, 200)
  for (const file of readdirSync(folder))
    t.notMatch(readFileSync(join(folder, file), 'latin1'), 'canary-', file)
})
