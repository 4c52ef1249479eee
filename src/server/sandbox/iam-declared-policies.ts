import type { Group, PolicySet, Role } from './fixture.js'
import { checkForm } from './form.js'
import type { IamCall, IamRequest } from './iam.js'
import { noSuchEntity } from './iam-named-user.js'
import { page } from './iam-page.js'
import { inUrl, policyNameRule } from './iam-policies.js'
import { members } from './xml.js'

/** Where the policies of a kind of identity stand that only the fixture makes. */
interface Holder {
  /** In the names of calls and parameters. */
  readonly word: 'Group' | 'Role'
  readonly resource: IamCall['resource']
  /** Throws if there is no such one. */
  readonly find: (request: IamRequest) => (Group | Role) & { readonly policies: PolicySet }
}

/** The calls that read the policies of groups, or of roles. */
export function declaredPolicyCalls({ word, resource, find }: Holder): Readonly<Record<string, IamCall>> {
  return {
    [`List${word}Policies`]: {
      resource,
      run: async (request) => {
        const { items, rest } = page([...find(request).policies.inline.keys()].sort(), request.form)
        return { PolicyNames: members(items), ...rest }
      },
    },
    [`Get${word}Policy`]: {
      resource,
      run: async (request) => {
        checkForm(request.form, { PolicyName: policyNameRule })
        const { name, policies } = find(request)
        const policy = request.form.get('PolicyName') ?? ''
        const found = policies.inline.get(policy)
        if (found === undefined)
          throw noSuchEntity(`The ${word.toLowerCase()} policy with name ${policy} cannot be found.`)
        return { [`${word}Name`]: name, PolicyName: policy, PolicyDocument: inUrl(found.text) }
      },
    },
    [`ListAttached${word}Policies`]: {
      resource,
      run: async (request) => {
        const { items, rest } = page([...new Set(find(request).policies.attached)].sort(), request.form)
        const policies = items.map((arn) => ({
          PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
          PolicyArn: arn,
        }))
        return { AttachedPolicies: members(policies), ...rest }
      },
    },
  }
}
