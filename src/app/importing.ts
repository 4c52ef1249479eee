import type { PlanOptions } from '../app.js'
import { blockOf, formatAddress, parseAddress } from '../core/address.js'
import { error, Failure, hasErrors } from '../core/diagnostic.js'
import { nearest } from '../core/nearest.js'
import { type ResourceType, ServiceError } from '../core/resource.js'
import type { Row } from '../core/state.js'
import { metadataOf } from '../engine/apply-context.js'
import { resourceType } from '../engine/connections.js'
import { isFixed } from '../engine/diff.js'
import { keyOfOutputs } from '../engine/natural-key.js'
import type { Desired, Node } from '../engine/node.js'
import { fingerprintsWith, recordAttributes, toObject } from '../engine/record.js'
import { createWalkContext, walk } from '../engine/walk.js'
import { diagnosticsOf } from '../engine/walk-context.js'
import { withLease } from './applying.js'
import { storeOf } from './planning.js'
import { readSoundProject } from './project.js'
import { freshKey, type Session, walkInput, walkOptions } from './session.js'

/** Records that an object which exists belongs to a declared address. Writes nothing at the service. */
export async function importObject(
  session: Session,
  text: string,
  id: string,
  options: PlanOptions,
): Promise<{ readonly row: Row }> {
  const parts = parseAddress(text)
  if (parts === undefined || parts.mode === 'data') {
    throw refuse(
      `${text} is not the address of a resource.`,
      'An address is TYPE.NAME, TYPE.NAME["key"] or TYPE.NAME[0]; in a shell put single quotes around it.',
    )
  }
  const address = formatAddress(parts)
  const project = await readSoundProject(session, options)
  if (!project.configuration.resources.has(blockOf(address))) {
    const near = nearest(blockOf(address), project.configuration.resources.keys())
    throw refuse(
      `The configuration does not declare ${blockOf(address)}.`,
      near === undefined ? 'Write its resource block first.' : `Did you mean ${near}?`,
    )
  }
  const store = await storeOf(session, project.configuration)
  const need = { operation: 'import', lockTimeout: options.lockTimeout ?? 0, fingerprintKey: freshKey() }
  return withLease(session, store, need, async (lease) => {
    const recorded = lease.state.rows.get(address)
    if (recorded !== undefined) throw refuse(`${address} is in the state already, with id ${recorded.id}.`)
    const fingerprintKey = lease.state.fingerprintKey ?? ''
    const context = createWalkContext(
      await walkInput(session, {
        configuration: project.configuration,
        variables: project.variables,
        state: { ...lease.state, rows: new Map(lease.state.rows) },
        fingerprintKey,
        options: { ...walkOptions({ ...options, targets: [text] }), guarded: false },
      }),
    )
    try {
      const walked = await walk(context)
      const node = context.nodes.get(address)
      if (node?.desired === undefined) {
        if (hasErrors(walked.diagnostics)) throw new Failure(walked.diagnostics)
        throw refuse(`The configuration does not declare ${address}.`, 'Write its resource block first.')
      }
      const type = resourceType(context.input.providers, node.block.type)
      if (type === undefined) throw new Error(`no provider has the type ${node.block.type}`)
      const connection = await context.connections.get(node.block.provider)
      const api = connection.api({ readOnly: true, snapshot: false })
      const out = await (type.importId === undefined ? type.read(api, id) : type.importId(api, id))
      if (out === undefined)
        throw refuse(
          `There is no ${node.block.type} with the id ${id}.`,
          'Check the id; "rolecall drift --unmanaged" lists what is there.',
        )
      for (const row of lease.state.rows.values()) {
        if (row.type === node.block.type && row.id === out.id && row.endpoint === connection.endpoint) {
          throw refuse(`The object with id ${out.id} belongs to ${row.address} already.`)
        }
      }
      const key = keyOfOutputs(type, out)
      if (node.desired.naturalKey !== undefined && node.desired.naturalKey !== key) {
        throw refuse(
          `${address} declares ${node.desired.naturalKey}, and the object with id ${out.id} is ${key}.`,
        )
      }
      const attributes = recordAttributes(
        node.schema,
        out,
        fingerprintsWith(fingerprintKey),
        node.desired.sealed,
      )
      // What the service does not tell is not known: the next apply sends it.
      const inputs = Object.entries(attributes).filter(([name]) => {
        const attribute = node.schema.attributes.get(name)
        return attribute?.readOnly === false && !attribute.writeOnly
      })
      const row: Row = {
        address,
        type: node.block.type,
        schemaVersion: node.schema.version,
        endpoint: connection.endpoint,
        id: out.id,
        naturalKey: key,
        inputs: toObject([...inputs, ...takenToBeRight(type, node, node.desired)]),
        attributes,
        origin: 'imported',
        ...metadataOf(node, node.desired),
      }
      await lease.append([{ event: 'done', address, row }])
      return { row }
    } catch (cause) {
      if (cause instanceof ServiceError) throw new Failure(diagnosticsOf(cause, address), { cause })
      throw cause
    } finally {
      await context.connections.close()
    }
  })
}

/** What can neither be seen nor sent again is taken to be as declared, as in an adoption: it would replace the object otherwise. */
function takenToBeRight(type: ResourceType, node: Node, { record, pending }: Desired) {
  return Object.entries(record).filter(([name]) => {
    const attribute = node.schema.attributes.get(name)
    return attribute?.writeOnly === true && isFixed(type, attribute) && !pending.has(name)
  })
}

function refuse(detail: string, help?: string): Failure {
  return new Failure(
    error('app/import', 'The object cannot be imported', { detail, ...(help !== undefined && { help }) }),
  )
}
