import { conforms } from './conformance.js'
import { ask, outerproduct } from './outerproduct.js'

const snowflake = (database: string) => `
resource "outerproduct_snowflake_connector" "sales" {
  credential_name = "sales"
  username        = "loader"
  password        = env("AWS_SECRET")
  account         = "acme-eu"
  database        = "${database}"
  schema_name     = "PUBLIC"
}
`

conforms({
  name: 'outerproduct_snowflake_connector',
  address: 'outerproduct_snowflake_connector.sales',
  generations: ['C'],
  service: outerproduct,
  declared: snowflake('SALES'),
  replaced: snowflake('RETURNS'),
  vanish: (plane, id) => ask(plane, 'DELETE', `/snowflake/${id}`),
})

const databricks = (path: string) => `
resource "outerproduct_databricks_connector" "bricks" {
  credential_name = "bricks"
  access_token    = env("AWS_SECRET")
  server_hostname = "adb.example.com"
  http_path       = "${path}"
}
`

conforms({
  name: 'outerproduct_databricks_connector',
  address: 'outerproduct_databricks_connector.bricks',
  generations: ['C'],
  service: outerproduct,
  declared: databricks('/sql/1'),
  replaced: databricks('/sql/2'),
  vanish: (plane, id) => ask(plane, 'DELETE', `/databricks/${id}`),
  importId: (id) => `databricks/${id}`,
})
