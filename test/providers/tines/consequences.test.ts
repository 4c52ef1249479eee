import t from 'tap'
import type { JsonObject } from '../../../src/core/json.js'
import type { Outputs } from '../../../src/core/resource.js'
import { credential } from '../../../src/providers/tines/credential.js'
import { openTinesBench, tinesInputs } from '../../fixtures/tines-connection.js'

/** A credential, read from a service that says this of its use. */
async function used(t: Parameters<typeof openTinesBench>[0], references: JsonObject): Promise<Outputs> {
  const wire = { id: 7, name: 'Old name', mode: 'TEXT', team_id: 2, slug: 'old_name', ...references }
  const bench = await openTinesBench(t, async () => Response.json(wire))
  return (await credential.read(bench.api(), '7')) as Outputs
}

t.test('who uses a credential that goes is told, in whichever form the service says it', async (t) => {
  for (const [references, text] of [
    [
      { referencing_story_ids: [3], referencing_action_ids: [] },
      'Story 3 uses it as CREDENTIAL.old_name; it goes.',
    ],
    [
      { story_ids: [3, 4], action_ids: [5] },
      'Stories 3, 4 and action 5 use it as CREDENTIAL.old_name; it goes.',
    ],
    [
      { references: { stories: [], actions: [{ id: 5 }, { id: 6 }] } },
      'Actions 5, 6 use it as CREDENTIAL.old_name; it goes.',
    ],
  ] as const) {
    const before = await used(t, references)
    t.strictSame(credential.consequences!({ before }), [{ kind: 'loses-access', text }])
  }
  for (const references of [{}, { story_ids: [], action_ids: [] }])
    t.strictSame(credential.consequences!({ before: await used(t, references) }), [])
})

t.test('who uses it is told too where it is renamed or replaced', async (t) => {
  const before = await used(t, { story_ids: [3] })
  const renamed = tinesInputs({ name: 'New', mode: 'TEXT' })
  t.match(credential.consequences!({ before, after: renamed }), [
    {
      kind: 'loses-access',
      text: /^Its slug follows the name\. Story 3 must be changed: CREDENTIAL\.old_name is/,
    },
  ])
  const after = tinesInputs({ name: 'Old name', mode: 'TEXT', team_id: '3' })
  t.match(credential.consequences!({ before, after, replaces: 'old-first' }), [
    { kind: 'loses-access', text: /until that is done they fail\.$/ },
  ])
})
