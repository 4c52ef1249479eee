import type { Access, Inputs } from '../../core/resource.js'
import { Secret } from '../../core/secret.js'
import { revealed, textOf } from '../inputs.js'

/** How an AWS credential reaches AWS. To which buckets is for the policies of its role or user to say. */
export function accessesOf(attributes: Inputs): readonly (Access | { readonly missing: string })[] {
  if (textOf(attributes.mode) !== 'AWS') return []
  const role = textOf(attributes.aws_assumed_role_arn)
  switch (textOf(attributes.aws_authentication_type)) {
    case 'ROLE': {
      if (role === null) return [{ missing: 'the role is not at hand: Tines does not give it back' }]
      const externalId = textOf(attributes.aws_assumed_role_external_id)
      return [{ role, assumedBy: 'Tines', ...(externalId !== null && { externalId }) }]
    }
    case 'INSTANCE_PROFILE':
      return [{ missing: 'it is the profile of the machine that Tines runs on' }]
    default: {
      const id = revealed(attributes.aws_access_key)
      const secret = attributes.aws_secret_key
      if (id === undefined || !(secret instanceof Secret))
        return [{ missing: 'access key and secret are not at hand: Tines does not give them back' }]
      const keys = { id, secret }
      if (role === null) return [{ keys }]
      const externalId = textOf(attributes.aws_assumed_role_external_id)
      return [{ keys, role, ...(externalId !== null && { externalId }) }]
    }
  }
}
