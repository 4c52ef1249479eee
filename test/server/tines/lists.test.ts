import t from 'tap'
import { openTestPlane } from '../../fixtures/test-plane.js'
import { addTeam, callTines, tines, tinesDetails } from '../../fixtures/tines-calls.js'

t.test('a plane starts with one personal team, which stays', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  t.match(await tines(plane, 'GET', '/teams?include_personal_teams=true'), {
    teams: [{ id: 1, name: 'Personal team' }],
    meta: { count: 1 },
  })
  t.match(await tines(plane, 'GET', '/teams'), { teams: [], meta: { count: 0 } }, 'shown when asked for')
  t.equal((await callTines(plane, 'DELETE', '/teams/1')).status, 422)
})

t.test('teams are made, renamed by PUT and PATCH, and deleted with what is in them', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const id = await addTeam(plane, 'SOC / EMEA')
  t.strictSame(await tines(plane, 'GET', `/teams/${id}`), { id, name: 'SOC / EMEA', slug: 'soc_emea' })
  t.match(await tines(plane, 'PATCH', `/teams/${id}`, { name: 'SOC' }), { id, name: 'SOC' })
  t.match(await tines(plane, 'PUT', `/teams/${id}`, { name: 'SecOps' }), { id, name: 'SecOps' })
  t.equal(tinesDetails(await callTines(plane, 'POST', '/teams', {})), 'name is required')
  await tines(plane, 'POST', '/user_credentials', { name: 'c', mode: 'TEXT', value: 'v', team_id: id })
  await tines(plane, 'DELETE', `/teams/${id}`)
  t.equal((await callTines(plane, 'GET', `/teams/${id}`)).status, 404)
  t.equal((await callTines(plane, 'GET', '/user_credentials/1')).status, 404)
})

t.test(
  'folders are of a team and a kind of content; a deleted one leaves its content in the root',
  async (t) => {
    const plane = await openTestPlane()
    t.teardown(() => plane.close())
    const team = await addTeam(plane, 'SOC')
    const make = (name: string, content_type: string, team_id: number, more: object = {}) =>
      tines(plane, 'POST', '/folders', { name, content_type, team_id, ...more })
    const outer = await make('outer', 'CREDENTIAL', team)
    t.strictSame(outer, {
      id: 1,
      name: 'outer',
      content_type: 'CREDENTIAL',
      team_id: team,
      size: 0,
      parent_folder_id: null,
    })
    await make('inner', 'CREDENTIAL', team, { parent_folder_id: outer.id })
    await make('stories', 'STORY', team)
    await make('elsewhere', 'CREDENTIAL', 1)
    const names = async (query: string) => {
      const { folders } = await tines(plane, 'GET', `/folders${query}`)
      return Array.isArray(folders) ? folders.map((folder) => folder.name) : folders
    }
    t.strictSame(await names(`?team_id=${team}&content_type=CREDENTIAL`), ['outer', 'inner'])
    t.strictSame(await names(''), ['outer', 'inner', 'stories', 'elsewhere'])
    t.equal((await callTines(plane, 'GET', '/folders?content_type=X')).status, 400)
    const wrong = { name: 'x', content_type: 'STORY', team_id: team, parent_folder_id: outer.id ?? null }
    t.equal((await callTines(plane, 'POST', '/folders', wrong)).status, 422)
    await tines(plane, 'POST', '/user_credentials', {
      name: 'c',
      mode: 'TEXT',
      value: 'v',
      team_id: team,
      folder_id: outer.id ?? null,
    })
    t.equal((await tines(plane, 'GET', '/folders/1')).size, 1)
    t.equal((await tines(plane, 'PUT', '/folders/1', { name: 'renamed' })).name, 'renamed')
    t.equal((await callTines(plane, 'DELETE', '/folders/1')).status, 204)
    t.equal((await callTines(plane, 'GET', '/folders/1')).status, 404)
    t.equal((await tines(plane, 'GET', '/user_credentials/1')).folder_id, null)
    t.equal((await tines(plane, 'GET', '/folders/2')).parent_folder_id, null)
  },
)

t.test('a list has 20 items to a page unless asked, and links to its other pages', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  for (let n = 1; n <= 21; n += 1) {
    const body = { name: `c${n}`, mode: 'TEXT', value: 'v', team_id: 1 }
    await tines(plane, 'POST', '/user_credentials', body)
  }
  const page = async (query: string) => {
    const { user_credentials: items, meta } = await tines(plane, 'GET', `/user_credentials${query}`)
    return { ids: Array.isArray(items) ? items.map((item) => Number(item.id)) : [], meta }
  }
  const base = 'http://plane.test/api/v1/user_credentials'
  const first = await page('?team_id=1')
  t.strictSame(
    first.ids,
    [...Array(20).keys()].map((n) => n + 1),
  )
  t.strictSame(first.meta, {
    current_page: `${base}?team_id=1&per_page=20&page=1`,
    previous_page: null,
    next_page: `${base}?team_id=1&per_page=20&page=2`,
    next_page_number: 2,
    per_page: 20,
    pages: 2,
    count: 21,
  })
  const last = await page('?page=2')
  t.strictSame(last.ids, [21])
  t.match(last.meta, { next_page: null, next_page_number: null, previous_page: `${base}?page=1&per_page=20` })
  t.strictSame((await page('?per_page=5&page=5')).ids, [21])
  t.strictSame((await page('?page=9')).ids, [])
  t.match((await page('?per_page=9999')).meta, { per_page: 500 })
  for (const query of ['page=0', 'page=x', 'per_page=-1', 'team_id=x', 'filter=ALL'])
    t.equal((await callTines(plane, 'GET', `/user_credentials?${query}`)).status, 400, query)
})

t.test('credentials are filtered by team, folder and restriction', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const team = await addTeam(plane, 'SOC')
  const folder = await tines(plane, 'POST', '/folders', {
    name: 'f',
    content_type: 'CREDENTIAL',
    team_id: team,
  })
  const make = (name: string, more: object) =>
    tines(plane, 'POST', '/user_credentials', { name, mode: 'TEXT', value: 'v', team_id: 1, ...more })
  await make('personal', {})
  await make('filed', { team_id: team, folder_id: folder.id })
  await make('restricted', { team_id: team, allowed_hosts: ['example.com'] })
  const names = async (query: string) => {
    const { user_credentials: items, meta } = await tines(plane, 'GET', `/user_credentials?${query}`)
    const found = Array.isArray(items) ? items.map((item) => item.name) : []
    t.match(meta, { count: found.length })
    return found
  }
  t.strictSame(await names(`team_id=${team}`), ['filed', 'restricted'])
  t.strictSame(await names(`folder_id=${folder.id}`), ['filed'])
  t.strictSame(await names('filter=RESTRICTED'), ['restricted'])
  t.strictSame(await names('filter=UNRESTRICTED'), ['personal', 'filed'])
  t.strictSame(await names('filter=UNUSED_IN_ACTIONS'), ['personal', 'filed', 'restricted'])
})

t.test('references are shown when they are asked for', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  await tines(plane, 'POST', '/user_credentials', { name: 'c', mode: 'TEXT', value: 'v', team_id: 1 })
  const shown = await tines(plane, 'GET', '/user_credentials/1?include_references=true')
  t.match(shown, { referencing_story_ids: [], referencing_action_ids: [] })
  t.notOk('referencing_story_ids' in (await tines(plane, 'GET', '/user_credentials/1')))
})
