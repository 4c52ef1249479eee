import t, { type Test } from 'tap'
import type { ControlPlane } from '../../src/server/control-plane.js'
import { openTestPlane } from '../fixtures/test-plane.js'
import { identities, openTestSandbox } from '../server/sandbox/sandbox-fixture.js'
import { holds, type Story } from './sample.js'

/** The plane of a story, with the AWS that it needs. It closes with the test. */
export async function storyPlane(t: Test, { plane: options = {}, aws }: Story): Promise<ControlPlane> {
  if (aws === undefined) return closing(t, await openTestPlane(options))
  const sandbox = await openTestSandbox(t)
  const { externalId } = aws
  const access = { ...sandbox.as(identities[aws.as]), ...(externalId !== undefined && { externalId }) }
  return closing(t, await openTestPlane({ ...options, aws: async () => access }))
}

function closing(t: Test, plane: ControlPlane): ControlPlane {
  t.teardown(() => plane.close())
  return plane
}

/** Tells stories to planes in this process. */
export function holdInProcess(stories: readonly Story[]): void {
  for (const story of stories)
    t.test(`samples: ${story.name}`, async (t) => {
      const plane = await storyPlane(t, story)
      await holds(t, story, async (path, request) =>
        plane.fetch(new Request(`http://plane.test${path}`, request)),
      )
    })
}
