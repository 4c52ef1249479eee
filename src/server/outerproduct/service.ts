import type { Kysely } from 'kysely'
import type { SystemContext } from '../system.js'
import type { Tables } from '../tables.js'
import type { OuterproductTables } from './tables.js'

/** What the routes work with. */
export interface Service {
  readonly context: SystemContext
  readonly tables: Kysely<Tables & OuterproductTables>
  /** One for the organisation, made with the database: a role must demand it of us. */
  readonly externalId: string
}

/** Opens this part of the database, and makes the organisation with its first use. */
export async function openService(context: SystemContext): Promise<Service> {
  const { database } = context
  const { outerproductSteps } = await import('./tables.js')
  await database.prepare(outerproductSteps)
  const tables = database.tables.withTables<OuterproductTables>()
  const { externalId: chosen } = await context.aws()
  const externalId = await tables.transaction().execute(async (write) => {
    const known = await write.selectFrom('outerproduct_organisation').select('external_id').executeTakeFirst()
    if (known !== undefined) return known.external_id
    const external_id = chosen ?? `op-${Buffer.from(context.random(16)).toString('hex')}`
    await write.insertInto('outerproduct_organisation').values({ external_id }).execute()
    return external_id
  })
  return { context, tables, externalId }
}
