import { conforms } from './conformance.js'
import { ask, outerproduct } from './outerproduct.js'

const declare = (uri: string) => `
resource "outerproduct_s3_connector" "lake" {
  credential_name                  = "lake"
  role_arn                         = "arn:aws:iam::222222222222:role/reader"
  bucket_uri                       = "${uri}"
  expected_bucket_owner_account_id = "222222222222"
}
`

conforms({
  name: 'outerproduct_s3_connector',
  address: 'outerproduct_s3_connector.lake',
  generations: ['C'],
  service: outerproduct,
  declared: declare('s3://data/in/'),
  replaced: declare('s3://data/out/'),
  vanish: (plane, id) => ask(plane, 'DELETE', `/s3/${id}`),
  importId: (id) => `s3/${id}`,
})
