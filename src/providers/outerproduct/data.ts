import type { DataType, Plain } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { compareCodePoints } from '../../core/type.js'
import { textOf } from '../inputs.js'
import { loadSchemas } from '../schemas.js'
import type { OuterproductApi } from './api.js'
import { readSetup } from './aws-setup.js'
import { connectors } from './connector-list.js'

/** What a role's trust policy needs. */
export const awsSetupData: DataType<OuterproductApi> = {
  schema: loadSchemas('outerproduct').data.get('outerproduct_aws_setup') as Schema,

  async read(api) {
    const { principal, externalId } = await readSetup(api)
    return { principal_arn: principal, external_id: externalId }
  },
}

/** The user's connectors, or those of one type. */
export const connectorsData: DataType<OuterproductApi> = {
  schema: loadSchemas('outerproduct').data.get('outerproduct_connectors') as Schema,

  async read(api, inputs) {
    const type = textOf(inputs.connector_type)
    const found = (await connectors(api, 'listing connectors'))
      .filter((one) => type === null || one.type === type)
      .sort((a, b) => compareCodePoints(a.name, b.name))
    const entries = found.map(
      (one): ReadonlyMap<string, Plain> =>
        new Map<string, Plain>([
          ['id', one.id],
          ['credential_name', one.name],
          ['connector_type', one.type],
          ['bucket_uri', one.verified('bucket_uri')],
          ['role_arn', one.verified('role_arn')],
          ['bucket_owner_account_id', one.verified('bucket_owner_account_id')],
          ['created_at', one.createdAt],
        ]),
    )
    return { connector_type: type, connectors: entries }
  },
}
