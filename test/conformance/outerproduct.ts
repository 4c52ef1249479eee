import type { ControlPlane } from '../../src/server/control-plane.js'
import type { Service } from '../fixtures/plane-folder.js'

/** The AWS of the tests: a plane that may assume roles, and a customer's roles, which ask for no external id, and buckets. */
export const awsFixture = `
control_plane: arn:aws:iam::111111111111:user/backend
accounts:
  "111111111111":
    users:
      backend:
        access_keys: [{ id: AKIAIOSFODNN7BACKEND, secret: backend-secret }]
        inline_policies:
          assume: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: sts:AssumeRole, Resource: "*" }] }
  "222222222222":
    roles:
      reader:
        trust: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::111111111111:user/backend" }, Action: sts:AssumeRole }] }
        inline_policies:
          list: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: s3:ListBucket, Resource: "*" }] }
    buckets:
      data: { region: eu-west-1, objects: { in/a.csv: "1", out/b.csv: "1" } }
`

export const outerproduct: Service = {
  name: 'outerproduct',
  files: { 'aws.yaml': awsFixture },
  aws: 'aws.yaml',
  preamble: (endpoint) => `rolecall {
  aws = "sandbox:aws.yaml"
}

provider "outerproduct" {
  endpoint = "${endpoint}"
  token    = "sk-test"
}
`,
  contents: (plane) => ask(plane, 'GET', '').then((response) => response.json()),
}

export function ask(plane: ControlPlane, method: string, path: string): Promise<Response> {
  return plane.fetch(new Request(`http://plane.test/outerproduct/v1/connectors${path}`, { method }))
}
