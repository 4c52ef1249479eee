import type { Node } from 'yaml'
import { nearest } from '../../core/nearest.js'
import type { PolicySet, PolicyText } from './fixture.js'
import type { FixtureText } from './fixture-text.js'
import { awsPolicyNames } from './managed-policies.js'
import {
  MalformedPolicy,
  type Policy,
  type PolicyKind,
  parsePolicy,
  parsePolicyText,
} from './policy-document.js'

/** The values of a mapping's known keys. */
export type Fields = Readonly<Record<string, Node | undefined>>

/** Reads a mapping whose keys are known; others are errors. */
export function fieldsOf(
  reader: FixtureText,
  node: Node | null | undefined,
  noun: string,
  known: readonly string[],
): Fields {
  const fields: Record<string, Node | undefined> = {}
  for (const { name, key, value } of reader.entries(node, noun)) {
    if (known.includes(name)) fields[name] = value ?? undefined
    else {
      const close = nearest(name, known)
      reader.wrong(
        key,
        `${noun} has no ${JSON.stringify(name)}.`,
        close === undefined ? `It has ${known.join(', ')}.` : `Did you mean ${JSON.stringify(close)}?`,
      )
    }
  }
  return fields
}

/** `policies` (ARNs), `inline_policies` (documents by name) and `permissions_boundary` (an ARN). */
export function readPolicySet(reader: FixtureText, fields: Fields): PolicySet {
  const inline = new Map<string, PolicyText>()
  for (const { name, key, value } of reader.entries(fields.inline_policies, '"inline_policies"')) {
    const document = readDocument(reader, value ?? undefined, 'identity', key)
    if (document !== undefined) inline.set(name, document)
  }
  return {
    inline,
    attached: reader.items(fields.policies).flatMap((node) => managedPolicy(reader, node) ?? []),
    boundary: managedPolicy(reader, fields.permissions_boundary),
  }
}

function managedPolicy(reader: FixtureText, node: Node | undefined): string | undefined {
  const arn = reader.text(node, 'The ARN of a policy')
  reader.later(node, ({ policies }) =>
    arn === undefined || policies.has(arn)
      ? undefined
      : {
          problem: `The policy ${JSON.stringify(arn)} is not declared.`,
          help: `Declare it under "policies" of its account. Of AWS's own the sandbox has ${awsPolicyNames.join(', ')}.`,
        },
  )
  return arn
}

/** Policies of identities by name, which says nothing. */
export function readDocuments(reader: FixtureText, node: Node | undefined, noun: string): readonly Policy[] {
  return reader
    .entries(node, noun)
    .flatMap(({ key, value }) => readDocument(reader, value ?? undefined, 'identity', key)?.policy ?? [])
}

/** A policy document: a mapping, or JSON in a text. `place` is where a missing one is reported. */
export function readDocument(
  reader: FixtureText,
  node: Node | undefined,
  kind: PolicyKind,
  place: Node,
): PolicyText | undefined {
  if (node === undefined) {
    reader.wrong(place, `It has no ${kind === 'trust' ? 'trust policy' : 'policy document'}.`)
    return undefined
  }
  const plain = reader.plain(node)
  try {
    return typeof plain === 'string'
      ? { text: plain, policy: parsePolicyText(plain, kind) }
      : { text: JSON.stringify(plain), policy: parsePolicy(plain, kind) }
  } catch (cause) {
    if (!(cause instanceof MalformedPolicy)) throw cause
    const path = cause.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
    reader.wrong(
      node,
      `${cause.message}${path === '' ? '' : ` (at ${path.replace(/^\./, '')})`}`,
      'Write the policy as AWS documents it.',
    )
    return undefined
  }
}

export function readTags(reader: FixtureText, node: Node | undefined): ReadonlyMap<string, string> {
  return new Map(
    reader.entries(node, '"tags"').map(({ name, value }) => [name, reader.text(value, 'A tag') ?? '']),
  )
}
