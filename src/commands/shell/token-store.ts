import type { TokenStore } from '../../app.js'
import { planeChoice } from './plane-flags.js'
import type { Session } from './session.js'

/** Opens the tokens of the control plane that the flags name, for the body. */
export async function withTokens(
  session: Session,
  flags: Parameters<typeof planeChoice>[0],
  body: (tokens: TokenStore) => Promise<number>,
): Promise<number> {
  const { openTokens } = await import('../../app.js')
  const { cwd, env, now } = session.ambient
  const tokens = await openTokens({ folder: cwd, env: (name) => env[name], now, ...planeChoice(flags) })
  try {
    return await body(tokens)
  } finally {
    await tokens.close()
  }
}
