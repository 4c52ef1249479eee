import { type Inputs, type Outputs, ServiceError } from '../../core/resource.js'
import { Secret } from '../../core/secret.js'
import type { Answer, Body } from '../../http/client.js'
import { textOf } from '../inputs.js'
import { type OuterproductApi, paths } from './api.js'
import type { ConnectorKind } from './connector.js'
import { isDenial, isThrottled } from './refusal.js'

/**
 * Creates a connector. The service tries the access first, and has no connector if that fails: what is denied is worth trying
 * again for a while. One of the same name may be what an interrupted run of this verb made, and is taken only if it is exactly
 * what is wanted.
 */
export async function createConnector(
  api: OuterproductApi,
  inputs: Inputs,
  kind: ConnectorKind,
  own: {
    find(): Promise<Outputs | undefined>
    made(answer: Answer): Outputs
  },
): Promise<Outputs> {
  const name = JSON.stringify(textOf(inputs.credential_name))
  const doing = `creating the ${kind.word} connector ${name}`
  const left = await own.find()
  if (left !== undefined) return requireEqual(left, inputs, kind, doing)
  try {
    const answer = await api.send({
      method: 'POST',
      path: [...paths.connectors, kind.word],
      body: bodyOf(inputs, kind),
      doing,
      accept: [200, 201],
    })
    return own.made(answer)
  } catch (failed) {
    if (!(failed instanceof ServiceError)) throw failed
    throw explained(failed, api, name)
  }
}

function requireEqual(left: Outputs, inputs: Inputs, kind: ConnectorKind, doing: string): Outputs {
  const differs = Object.keys(kind.verified).filter((name) => textOf(left[name]) !== textOf(inputs[name]))
  if (differs.length === 0) return left
  throw new ServiceError(doing, {
    words: `there is one of this name already (id ${left.id}), with another ${differs.join(', ')}`,
    help: 'It appeared after the plan was made, or belongs to somebody else: plan again, or take another credential_name.',
  })
}

function bodyOf(inputs: Inputs, kind: ConnectorKind): Body {
  const members: Record<string, string | Secret | null> = { connector_type: kind.word }
  for (const [name, value] of Object.entries(inputs))
    if (typeof value === 'string' || value instanceof Secret) members[name] = value
  return members
}

/** What the service refuses, with what to do about it. */
function explained(failed: ServiceError, { shared }: OuterproductApi, name: string): ServiceError {
  const { facts, doing } = failed
  const words = facts.words ?? ''
  if (facts.status === 409 || (facts.status === 400 && /already|taken|unique|duplicate/i.test(words)))
    return new ServiceError(
      doing,
      {
        ...facts,
        help: `The name ${name} is taken, perhaps by a connector of another type: names are unique for each user. Take another credential_name, or delete that connector first.`,
      },
      { cause: failed },
    )
  if (isThrottled(facts.status, words)) {
    const help =
      'AWS slowed the service down while it tried the access. Create fewer connectors at a time: --parallelism.'
    return new ServiceError(doing, { ...facts, passing: shared.patience, help }, { cause: failed })
  }
  if (!isDenial(facts.status, words)) return failed
  return new ServiceError(
    doing,
    {
      ...facts,
      passing: shared.patience,
      help: 'The role must trust the principal of data outerproduct_aws_setup under its external_id, and allow s3:ListBucket. "rolecall plan --probe --confirm-owner" tries it from here, and tells a wrong owner from a lack of permission.',
    },
    { cause: failed },
  )
}
