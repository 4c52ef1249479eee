import { invalid } from './api-error.js'
import type { Write } from './service.js'

/**
 * Gives a config to a person. Whoever had it before is left with none; the config that the person had before, if any, is
 * nobody's from now on.
 */
export async function assignToPerson(write: Write, configId: number, personId: number): Promise<void> {
  await unassignFromPeople(write, configId)
  const result = await write
    .updateTable('trifacta_people')
    .set({ aws_config_id: configId })
    .where('id', '=', personId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) throw invalid(`personId: person ${personId} doesn't exist`)
}

export async function unassignFromPeople(write: Write, configId: number): Promise<void> {
  await write
    .updateTable('trifacta_people')
    .set({ aws_config_id: null })
    .where('aws_config_id', '=', configId)
    .execute()
}

/** The same for a workspace. */
export async function assignToWorkspace(write: Write, configId: number, workspaceId: number): Promise<void> {
  await unassignFromWorkspaces(write, configId)
  const result = await write
    .updateTable('trifacta_workspaces')
    .set({ aws_config_id: configId })
    .where('id', '=', workspaceId)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) throw invalid(`workspaceId: workspace ${workspaceId} doesn't exist`)
}

export async function unassignFromWorkspaces(write: Write, configId: number): Promise<void> {
  await write
    .updateTable('trifacta_workspaces')
    .set({ aws_config_id: null })
    .where('aws_config_id', '=', configId)
    .execute()
}

/** The config of the workspace or person that a request names, by default of the caller. */
export async function configOfOwner(
  write: Write,
  owner: { readonly personId: number } | { readonly workspaceId: number },
): Promise<number> {
  if ('workspaceId' in owner) {
    const id = owner.workspaceId
    const row = await write
      .selectFrom('trifacta_workspaces')
      .select('aws_config_id')
      .where('id', '=', id)
      .executeTakeFirst()
    if (row === undefined) throw invalid(`workspaceId: workspace ${id} doesn't exist`)
    if (row.aws_config_id === null) throw invalid(`workspaceId: workspace ${id} has no awsConfig`)
    return row.aws_config_id
  }
  const id = owner.personId
  const row = await write
    .selectFrom('trifacta_people')
    .select('aws_config_id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) throw invalid(`personId: person ${id} doesn't exist`)
  if (row.aws_config_id === null) throw invalid(`personId: person ${id} has no awsConfig`)
  return row.aws_config_id
}
