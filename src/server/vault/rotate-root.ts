import { absent, failed, invalid, VaultError } from './api-error.js'
import { awsOf, refusal } from './mount-aws.js'
import { keysOf, replaceKey } from './replace-key.js'
import type { Reply } from './reply.js'
import { storedRoot, storeRoot } from './root.js'
import type { MountCall } from './route.js'

/** Gives the user of `config/root` a new key that nobody but this server knows, and takes away the old one. */
export async function rotateRoot({ service, mount }: MountCall): Promise<Reply> {
  const root = await storedRoot(service, service.tables, mount.id)
  if (root === undefined) throw failed('no configuration found for config/root')
  if (root.settings.access_key === '' || root.secretKey === '')
    throw invalid('Cannot call config/rotate-root when either access_key or secret_key is empty')
  const aws = await awsOf(service, mount.id, root)
  const old = root.settings.access_key
  try {
    const { GetUserCommand } = await import('@aws-sdk/client-iam')
    const { User: user } = await aws.iam((client) => client.send(new GetUserCommand({})))
    const username = user?.UserName
    if (username === undefined) throw invalid('error calling GetUser: AWS named no user')
    const keys = await keysOf(aws, username)
    if (keys.length > 1)
      throw invalid(
        `error calling CreateAccessKey: the user ${username} has ${keys.length} access keys, and must have exactly one`,
      )
    const { accessKeyId } = await replaceKey(service, {
      mountId: mount.id,
      username,
      aws,
      async store(write, key) {
        const now = await storedRoot(service, write, mount.id)
        if (now === undefined) throw absent()
        if (now.settings.access_key !== old)
          throw invalid('config/root was written while its key was rotated')
        const settings = { ...now.settings, access_key: key.accessKeyId }
        await storeRoot(service, write, mount.id, { settings, secretKey: key.secretAccessKey })
        return old
      },
    })
    return { data: { access_key: accessKeyId } }
  } catch (cause) {
    throw cause instanceof VaultError ? cause : refusal('error rotating root credentials: ', cause)
  }
}
