import { call } from '../fixtures/test-plane.js'
import { conforms } from './conformance.js'

conforms({
  name: 'trifacta_aws_config of a workspace',
  address: 'trifacta_aws_config.workspace',
  generations: ['C'],
  ...((text: (bucket: string) => string) => ({ declared: text('acme-all'), updated: text('acme-all-2') }))(
    (bucket) => `
resource "trifacta_aws_config" "workspace" {
  workspace_id        = "1"
  credential_provider = "temporary"
  role                = "arn:aws:iam::123456789012:role/everyone"
  default_bucket      = "${bucket}"
}
`,
  ),
  drift: (plane, id) => call(plane, 'PUT', `/awsConfigs/${id}`, { defaultBucket: 'acme-other' }),
  vanish: (plane, id) => call(plane, 'DELETE', `/awsConfigs/${id}`),
})
