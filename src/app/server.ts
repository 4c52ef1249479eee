import { isIPv4 } from 'node:net'
import { resolve } from 'node:path'
import type { ServerOptions, StartedServer } from '../app.js'
import { error, Failure } from '../core/diagnostic.js'
import { defaultDatabase } from './planes.js'
import { random } from './system.js'

/** Runs the control plane on a socket, until `stop`. Without authentication it listens on this machine only. */
export async function startServer(options: ServerOptions): Promise<StartedServer> {
  const { host, port } = readListen(options.listen)
  const [{ openControlPlane }, { serve }, { formatAccessLogLine }] = await Promise.all([
    import('../server/control-plane.js'),
    import('../server/serve.js'),
    import('../server/access-log.js'),
  ])
  const plane = await openControlPlane({
    database: resolve(options.folder, options.database ?? defaultDatabase),
    now: options.now,
    random,
    ...(options.generation !== undefined && { generation: options.generation }),
    log: (line) => options.log(formatAccessLogLine(line)),
  })
  try {
    const { url, close } = await serve(plane, { host, port, signal: options.stop })
    return {
      url,
      async close() {
        await close()
        await plane.close()
      },
    }
  } catch (cause) {
    await plane.close()
    throw cause
  }
}

function readListen(listen: string): { readonly host: string; readonly port: number } {
  const parts = /^(?:(\[[0-9a-fA-F:]+\]|[^:[\]]+):)?(\d{1,5})$/.exec(listen)
  const port = Number(parts?.[2])
  if (parts === null || port > 65535)
    throw refuse(`${JSON.stringify(listen)} is not HOST:PORT.`, 'For example 127.0.0.1:3005.')
  const host = (parts[1] ?? '127.0.0.1').replace(/^\[|\]$/g, '')
  // A name that only begins like such an address may lead anywhere.
  const loopback = host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
  if (!loopback)
    throw refuse(
      `${host} is not an address of this machine alone, and this server does not ask who calls.`,
      'Listen on 127.0.0.1, and put a proxy that authenticates in front.',
    )
  return { host, port }
}

function refuse(detail: string, help: string): Failure {
  return new Failure(error('app/listen', 'The server cannot listen', { detail, help }))
}
