import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { JsonObject } from '../../src/core/json.js'
import type { Python } from './python.js'

/** A client that is written in Python, in a process of its own: hvac, or boto3. */
export interface ClientCalls {
  /**
   * Calls a method, such as `secrets.aws.read_role` or `iam.list_users`; `keys` say in whose name at AWS, or the one of them a profile. Rejects with what was
   * refused.
   */
  call(method: string, given?: JsonObject, keys?: readonly string[]): Promise<JsonObject>
  close(): Promise<void>
}

/** Starts a client: `['hvac', URL, TOKEN]` or `['boto3', URL]`. Calls are made one after the other. */
export function startClient(
  { program }: Python,
  client: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ClientCalls {
  const script = join(process.cwd(), 'test', 'peers', 'client-calls.py')
  const child = spawn(program, [script, ...client], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async call(method, given = {}, keys = ['any', 'any']) {
      child.stdin.write(`${JSON.stringify({ method, arguments: given, keys })}\n`)
      const { value, done } = await lines.next()
      if (done === true) throw new Error(`the client ended at ${method}`)
      const told = JSON.parse(value) as { readonly answer?: JsonObject | null; readonly refused?: string }
      if (told.refused !== undefined) throw new Error(`${method}: ${told.refused}`)
      return told.answer ?? {}
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
