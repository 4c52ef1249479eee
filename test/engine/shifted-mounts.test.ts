import t from 'tap'
import { vault } from '../conformance/vault.js'
import { openFolder } from '../fixtures/plane-folder.js'

const mounts = (...paths: readonly string[]) => `
resource "vault_aws_mount" "m" {
  count = ${paths.length}
  path  = ${JSON.stringify(paths)}[count.index]
}
resource "vault_aws_role" "r" {
  count           = ${paths.length}
  mount           = vault_aws_mount.m[count.index].path
  name            = "ci"
  credential_type = "iam_user"
  iam_groups      = ["readers-\${vault_aws_mount.m[count.index].path}"]
}`

t.test('mounts whose indexes shift stay where they are, with the roles in them', async (t) => {
  const folder = await openFolder(t, { generation: 'C', transport: 'in process', service: vault })
  folder.declare(mounts('x', 'y'))
  await folder.apply()
  folder.declare(mounts('new', 'x', 'y'))
  t.match((await folder.apply()).counts, { add: 2, move: 4, change: 0, destroy: 0, failed: 0 })
  folder.declare(mounts('x', 'y'))
  const { changes } = await folder.plan()
  t.strictSame(
    changes
      .map(({ action, address, previousAddress = '' }) => `${action} ${address} ${previousAddress}`.trim())
      .sort(),
    [
      'delete vault_aws_mount.m[0]',
      'forget vault_aws_role.r[0]',
      'move vault_aws_mount.m[0] vault_aws_mount.m[1]',
      'move vault_aws_mount.m[1] vault_aws_mount.m[2]',
      'move vault_aws_role.r[0] vault_aws_role.r[1]',
      'move vault_aws_role.r[1] vault_aws_role.r[2]',
    ],
  )
  t.match((await folder.apply()).counts, { add: 0, move: 4, change: 0, destroy: 1, forget: 1, failed: 0 })
  t.strictSame(
    (await folder.plan()).changes.filter(({ action }) => action !== 'keep'),
    [],
  )
})
