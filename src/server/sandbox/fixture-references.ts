import type { Node } from 'yaml'
import type { Fixture, PolicySet } from './fixture.js'
import type { FixtureText } from './fixture-text.js'
import { awsPolicyNames } from './managed-policies.js'

/** Checks that what a fixture names is declared in it, and that no access key is declared twice. */
export function checkReferences(reader: FixtureText, fixture: Fixture, controlPlane: Node | undefined): void {
  const wrong = (detail: string, help?: string): void => reader.wrong(reader.root, detail, help)
  const checkPolicies = (arn: string, { attached, boundary }: PolicySet): void => {
    for (const policy of boundary === undefined ? attached : [...attached, boundary])
      if (!fixture.policies.has(policy))
        wrong(
          `${arn} has the policy ${JSON.stringify(policy)}, which is not declared.`,
          `Declare it under "policies" of its account. Of AWS's own there are ${awsPolicyNames.join(', ')}.`,
        )
  }
  for (const identities of [fixture.users, fixture.groups, fixture.roles])
    for (const [arn, { policies }] of identities) checkPolicies(arn, policies)
  const keys = new Set<string>()
  for (const { arn, account, groups, keys: own } of fixture.users.values()) {
    for (const name of groups)
      if (![...fixture.groups.values()].some((group) => group.account === account && group.name === name))
        wrong(`${arn} is in the group ${JSON.stringify(name)}, which is not declared.`)
    for (const { id } of own) {
      if (keys.has(id)) wrong(`The access key ${id} is declared twice.`)
      keys.add(id)
    }
  }
  const arn = fixture.controlPlane
  if (arn === undefined) return
  const user = fixture.users.get(arn)
  if (user === undefined)
    reader.wrong(
      controlPlane,
      `No user ${JSON.stringify(arn)} is declared.`,
      'control_plane is the ARN of a user in this file.',
    )
  else if (!user.keys.some(({ status }) => status === 'Active'))
    reader.wrong(
      controlPlane,
      `The user ${arn} has no active access key.`,
      'Give it one under "access_keys".',
    )
}
