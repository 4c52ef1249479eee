import type { AccessRunOptions } from '../app.js'
import { type AccessObject, type AccessPath, accessPaths, hiddenText, isAsked } from '../core/access-path.js'
import { failOnErrors } from '../core/diagnostic.js'
import type { Json } from '../core/json.js'
import type { Schema } from '../core/schema.js'
import type { Row } from '../core/state.js'
import { resourceType } from '../engine/connections.js'
import type { Observed } from '../engine/node.js'
import { fingerprintOf } from '../engine/record.js'
import { createWalkContext, type Walk, walk } from '../engine/walk.js'
import { readStateOf, storeOf } from './planning.js'
import { readSoundProject, schemaSource } from './project.js'
import { freshKey, type Session, walkInput, walkOptions } from './session.js'

/** The ways to data through all objects that are recorded and there, as the services have them. Writes nothing. */
export async function findAccess(
  session: Session,
  options: AccessRunOptions,
): Promise<readonly AccessPath[]> {
  const project = await readSoundProject(session, options)
  const { state } = await readStateOf(session, await storeOf(session, project.configuration))
  const context = createWalkContext(
    await walkInput(session, {
      ...project,
      state,
      fingerprintKey: state.fingerprintKey ?? freshKey(),
      options: { ...walkOptions(options), guarded: false },
    }),
  )
  try {
    const walked = await walk(context)
    failOnErrors(walked.diagnostics)
    const schemas = schemaSource(session.ambient.test?.providers)
    return accessPaths(existing(walked, (type) => schemas.resource(type))).filter((path) =>
      isAsked(path, options),
    )
  } finally {
    await context.connections.close()
  }
}

function existing(
  { context, deletions }: Walk,
  schemaOf: (type: string) => Schema | undefined,
): readonly AccessObject[] {
  const declared = [...context.nodes.values()].flatMap(({ block, schema, row, observed }) =>
    block.mode === 'data' || row === undefined || observed === undefined
      ? []
      : [objectOf(schema, row, observed)],
  )
  const leaving = deletions.flatMap(({ row, observed }) => {
    const schema = schemaOf(row.type)
    return observed === undefined || schema === undefined ? [] : [objectOf(schema, row, observed)]
  })
  const { providers } = context.input
  return [...declared, ...leaving].map((object) => ({
    ...object,
    issues: resourceType(providers, object.schema.type)?.issue !== undefined,
  }))
}

/** What never reads back is as it was last applied; what is sensitive is there, and hidden. */
function objectOf(schema: Schema, row: Row, { record }: Observed): AccessObject {
  const attributes: Record<string, Json | undefined> = {}
  for (const { name, writeOnly } of schema.attributes.values())
    attributes[name] = shown((writeOnly ? row.inputs : record)[name])
  return { address: row.address, schema, endpoint: row.endpoint, attributes }
}

function shown(json: Json | undefined): Json | undefined {
  if (fingerprintOf(json) !== undefined) return hiddenText
  return Array.isArray(json) ? json.map((item: Json) => shown(item) ?? null) : json
}
