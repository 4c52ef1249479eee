import type { TokenOptions, TokenStore } from '../app.js'
import { error, Failure } from '../core/diagnostic.js'
import { openDatabase } from '../server/database.js'
import { createToken, listTokens, revokeToken } from '../server/tokens.js'
import { planeDatabase } from './plane-database.js'
import { random } from './system.js'

/** Opens the tokens of a control plane, whether a server runs over its database or not. */
export async function openTokens(options: TokenOptions): Promise<TokenStore> {
  const { database: path, keyFile } = planeDatabase(options.folder, options, (name) => options.env(name))
  const now = (): Date => options.now()
  const database = await openDatabase({ path, now, random, ...(keyFile !== undefined && { keyFile }) })
  return {
    create: ({ days, ...token }) =>
      createToken(
        database,
        {
          ...token,
          expiresAt: days === undefined ? undefined : new Date(now().getTime() + days * 86_400_000),
        },
        { now, random },
      ),
    list: () => listTokens(database),
    async revoke(id) {
      if (await revokeToken(database, id, now())) return
      throw new Failure(
        error('app/token-unknown', 'There is no such token', {
          detail: `No token of this control plane has the id ${JSON.stringify(id)}.`,
          help: 'rolecall serve token list shows the ids. A token itself is not an id: of rolecall_ID_SECRET it is the part in the middle.',
        }),
      )
    },
    close: () => database.close(),
  }
}
