import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseConnection, Driver } from 'kysely'
import { bindable } from './bindable.js'
import { isConnectionLost, lockNotAvailable } from './database-error.js'
import { CompiledQuery } from './query-builder.js'

/** Milliseconds that a transaction waits for those of this plane and of others. */
const patience = 10_000
/** Milliseconds that a statement waits for a server that was there before. */
const reconnecting = 5_000

/**
 * What begins a transaction: the lock that makes it the only writer of its schema, held until it ends, so that what it has
 * read is still so when it writes. A plane that stops in the middle (a frozen machine) loses it after half a minute. All in
 * one message, and with settings of the transaction rather than of the connection, which a pooler may hand to others.
 */
const begin = `begin;
set local lock_timeout = ${patience};
set local idle_in_transaction_session_timeout = 30000;
select pg_advisory_xact_lock(724015, hashtext(coalesce(current_schema(), '')))`

/** A connection that is taken from the pool when it is first used, so that nothing waits for its turn with one in hand. */
interface Held {
  inner: DatabaseConnection | undefined
  /** Ends the turn; undefined outside of a transaction. */
  done: (() => void) | undefined
}

/**
 * Makes of a driver one whose transactions happen one after the other, in this process and in all that use the same schema,
 * and so does each single statement that writes; and that survives a restart of the database.
 */
export function oneWriterDriver(driver: Driver): Driver {
  const held = new WeakMap<DatabaseConnection, Held>()
  const take = turns()
  let wasConnected = false

  const release = async (hold: Held): Promise<void> => {
    const { inner } = hold
    hold.inner = undefined
    // The pool drops those that are broken.
    if (inner !== undefined) await driver.releaseConnection(inner)
  }
  const run = async (hold: Held, query: CompiledQuery) => {
    hold.inner ??= await driver.acquireConnection()
    wasConnected = true
    return await hold.inner.executeQuery<never>(query)
  }
  /** For what may be said again: nothing of it has happened when the connection is lost. */
  const runAgain = async (hold: Held, query: CompiledQuery) => {
    for (let waited = 0, pause = 10; ; waited += pause, pause = Math.min(pause * 2, 500)) {
      try {
        return await run(hold, query)
      } catch (error) {
        if (!isConnectionLost(error)) throw error
        await release(hold)
        if (!wasConnected || waited >= reconnecting) throw error
        await sleep(pause)
      }
    }
  }
  const beginIn = async (hold: Held): Promise<void> => {
    const done = await take()
    try {
      await runAgain(hold, CompiledQuery.raw(begin))
      hold.done = done
    } catch (error) {
      done()
      await abandon(hold)
      throw error
    }
  }
  const endIn = async (hold: Held, word: 'commit' | 'rollback'): Promise<void> => {
    try {
      await run(hold, CompiledQuery.raw(word))
    } finally {
      hold.done?.()
      hold.done = undefined
    }
  }
  const abandon = async (hold: Held): Promise<void> => {
    if (hold.inner === undefined) return
    // Without a connection it has rolled back already; the error that led here is the one to tell.
    await endIn(hold, 'rollback').catch(() => undefined)
  }
  const execute = async (hold: Held, query: CompiledQuery) => {
    bindable(query.parameters)
    if (hold.done !== undefined) return await run(hold, query)
    if (!writes(query)) return await runAgain(hold, query)
    await beginIn(hold)
    try {
      const result = await run(hold, query)
      await endIn(hold, 'commit')
      return result
    } catch (error) {
      await abandon(hold)
      throw error
    }
  }
  const holdOf = (connection: DatabaseConnection): Held => {
    const hold = held.get(connection)
    if (hold === undefined) throw new Error('the connection is not one of this driver')
    return hold
  }

  return {
    init: () => driver.init(),
    async acquireConnection() {
      const hold: Held = { inner: undefined, done: undefined }
      const connection: DatabaseConnection = {
        executeQuery: (query) => execute(hold, query),
        streamQuery() {
          throw new Error('results are not streamed here')
        },
      }
      held.set(connection, hold)
      return connection
    },
    beginTransaction: (connection) => beginIn(holdOf(connection)),
    commitTransaction: (connection) => endIn(holdOf(connection), 'commit'),
    rollbackTransaction: (connection) => abandon(holdOf(connection)),
    releaseConnection: (connection) => release(holdOf(connection)),
    destroy: () => driver.destroy(),
  }
}

/** Whether a statement may change something. What is written by hand is looked at by its first word. */
function writes({ query, sql }: CompiledQuery): boolean {
  if (query.kind === 'SelectQueryNode') return false
  return query.kind !== 'RawNode' || !/^\s*(select|show)\b/i.test(sql)
}

/** Lets one caller at a time go on: each gets the turn when the one before has given it back. */
function turns(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve()
  return async () => {
    const before = last
    let end = (): void => {}
    last = new Promise<void>((resolve) => {
      end = resolve
    })
    const started = performance.now()
    await before
    if (performance.now() - started <= patience) return end
    end()
    // As the database says it to those who wait for a transaction of another plane.
    throw Object.assign(new Error('the transactions before this one took too long'), {
      code: lockNotAvailable,
    })
  }
}
