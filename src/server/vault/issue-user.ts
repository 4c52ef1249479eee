import { VaultError } from './api-error.js'
import { cleanUp } from './cleanup.js'
import type { CredentialPath } from './creds.js'
import { makeUser, makingTime } from './iam-users.js'
import { beginLease, concludeLease, userLease } from './leases.js'
import { awsOf } from './mount-aws.js'
import type { Reply } from './reply.js'
import type { RoleSettings } from './role-settings.js'
import { unsetRoot } from './root-settings.js'
import type { MountCall } from './route.js'
import { randomName, type VaultService } from './service.js'
import { type NameKind, nameFor } from './username-template.js'

/**
 * Makes an IAM user for the caller. The lease is written before the first request to AWS and counts only after the last; what
 * cannot be finished is removed, by this process or by the next.
 */
export async function issueUser(
  { service, mount, caller }: MountCall,
  path: CredentialPath,
  name: string,
  role: RoleSettings,
): Promise<Reply> {
  const aws = await awsOf(service, mount.id)
  const template = aws.root?.settings.username_template ?? unsetRoot.username_template
  const username = nameOrFail(service, template, 'IAM', caller.grant.name, name)
  const id = `${mount.path}/${path}/${name}/${randomName(service, 24)}`
  const { duration } = userLease(mount)
  await beginLease(service, { id, mountId: mount.id, username, token: caller.child, duration }, makingTime)
  const until = service.now().getTime() + makingTime / 2
  try {
    const key = await makeUser(aws, username, role, name, () => {
      if (service.now().getTime() > until)
        throw new VaultError(400, ['Error creating IAM user: it took too long'])
    })
    if (!(await concludeLease(service, id, duration)))
      throw new VaultError(500, ['failed to commit the lease: another server took it for abandoned'])
    service.wake()
    return {
      data: { access_key: key.accessKeyId, secret_key: key.secretAccessKey, security_token: null },
      lease: { id, renewable: true, duration: Math.floor(duration) },
    }
  } catch (cause) {
    await abandon(service, id)
    throw cause
  }
}

/** Throws the vendor's 500 for a template that cannot be evaluated, or makes too long a name. */
export function nameOrFail(
  service: VaultService,
  template: string,
  kind: NameKind,
  displayName: string,
  policyName: string,
): string {
  try {
    return nameFor(service, template, kind, { displayName, policyName })
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new VaultError(500, [`unable to generate username: ${cause.message}`], { cause })
  }
}

async function abandon(service: VaultService, id: string): Promise<void> {
  await service.tables
    .updateTable('vault_leases')
    .set({ state: 'revoking', retry_at: service.now().toISOString() })
    .where('id', '=', id)
    .where('state', '!=', 'revoking')
    .execute()
  await cleanUp(service, id)
  service.wake()
}
