import { type Inputs, type Outputs, type ResourceType, ServiceError } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { textOf } from '../inputs.js'
import { loadSchemas } from '../schemas.js'
import { type OuterproductApi, paths } from './api.js'
import { connectors } from './connector-list.js'
import { createConnector } from './create-connector.js'
import { connectorIn, type WireConnector } from './wire.js'

/** What the types of connectors differ in. */
export interface ConnectorKind {
  /** In paths and answers. */
  readonly word: 's3' | 'snowflake' | 'databricks'
  /** Attributes that are read back, each with the rest of its `verified_` name. */
  readonly verified: Readonly<Record<string, string>>
  readonly experimental: boolean
}

const experimentalNote = 'Connectors of this type are experimental: the vendor is changing how they sign in.'
const newId =
  'The connector gets a new id: connections that name it by connector_credential_id must be changed.'

/** A type of connectors. It has no update: the service has no call for it. */
export function connectorType(
  kind: ConnectorKind,
  more: Pick<ResourceType<OuterproductApi>, 'access'> = {},
): ResourceType<OuterproductApi> {
  const schema = loadSchemas('outerproduct').resources.get(`outerproduct_${kind.word}_connector`) as Schema
  const outputs = (connector: WireConnector): Outputs => ({
    id: connector.id,
    credential_name: connector.name,
    ...Object.fromEntries(
      Object.entries(kind.verified).map(([attribute, name]) => [attribute, connector.verified(name)]),
    ),
    created_at: connector.createdAt,
    updated_at: connector.updatedAt,
  })
  const ofKind = async (api: OuterproductApi, doing: string) =>
    (await connectors(api, doing)).filter(({ type }) => type === kind.word)
  const find = async (api: OuterproductApi, inputs: Inputs): Promise<Outputs | undefined> => {
    const name = textOf(inputs.credential_name)
    const doing = `looking for the ${kind.word} connector ${JSON.stringify(name)}`
    const [found, ...others] = (await ofKind(api, doing)).filter((one) => one.name === name)
    if (others.length > 0)
      throw new ServiceError(doing, {
        words: `there are ${others.length + 1} of this name`,
        help: 'A name should be unique. Delete those that are not meant in the console.',
      })
    return found === undefined ? undefined : outputs(found)
  }
  const read = async (api: OuterproductApi, id: string): Promise<Outputs | undefined> => {
    const found = (await ofKind(api, `reading the ${kind.word} connector ${id}`)).find((one) => one.id === id)
    return found === undefined ? undefined : outputs(found)
  }
  return {
    schema,
    ...more,
    async *list(api) {
      for (const one of await ofKind(api, `listing ${kind.word} connectors`)) yield outputs(one)
    },
    read,
    find,
    create: (api, inputs) =>
      createConnector(api, inputs, kind, {
        find: () => find(api, inputs),
        made: ({ body, reading }) => outputs(connectorIn(body, reading)),
      }),
    async delete(api, _, current) {
      const path = [...paths.connectors, kind.word, current.id]
      const doing = `deleting the ${kind.word} connector ${current.id}`
      try {
        await api.send({ method: 'DELETE', path, doing, accept: [200, 202, 204] })
      } catch (failed) {
        // One that is gone already is as it should be.
        if (!(failed instanceof ServiceError) || failed.facts.meaning !== 'absent') throw failed
      }
      return {}
    },
    uniqueNames: (inputs) => {
      const name = textOf(inputs.credential_name)
      return name === null ? [] : [`connector ${name}`]
    },
    consequences({ before, after, replaces }) {
      const note = { kind: 'note', text: experimentalNote } as const
      const experimental = kind.experimental && after !== undefined ? [note] : []
      if (before !== undefined && after === undefined) {
        const text = `Connections that use the connector ${JSON.stringify(textOf(before.credential_name))} lose their data.`
        return [{ kind: 'loses-access', text }]
      }
      if (replaces === undefined || before === undefined) return experimental
      const name = JSON.stringify(textOf(before.credential_name))
      const window = `From the end of the connector ${name} until its successor is proven to work there is no access. With create_before_destroy and another credential_name there would be no such time.${kind.experimental ? '' : ' "rolecall plan --probe" tries the successor now.'}`
      return [
        ...(replaces === 'old-first' ? [{ kind: 'loses-access', text: window } as const] : []),
        { kind: 'note', text: newId },
        ...experimental,
      ]
    },
    async importId(api, text) {
      const [, word, id] = /^([a-z0-9_]+)\/(.+)$/.exec(text) ?? []
      if (word === undefined || id === undefined) return read(api, text)
      if (word === kind.word) return read(api, id)
      throw new ServiceError(`importing ${text}`, {
        words: `it names a ${word} connector, and the address is for one of ${kind.word}`,
        help: `Import it to an address of type outerproduct_${word}_connector.`,
      })
    },
  }
}
