import { isIPv4 } from 'node:net'
import { resolve } from 'node:path'
import type { ServerOptions, StartedServer } from '../app.js'
import { error, Failure } from '../core/diagnostic.js'
import { awsSource } from './aws.js'
import { defaultDatabase } from './planes.js'
import { random } from './system.js'

/** Runs the control plane on a socket, until `stop`. Without authentication it listens on this machine only. */
export async function startServer(options: ServerOptions): Promise<StartedServer> {
  const { folder, now, stop } = options
  const place = readListen(options.listen)
  const awsPlace = options.awsListen === undefined ? undefined : readListen(options.awsListen)
  const [{ openControlPlane }, { serve }, { formatAccessLogLine }] = await Promise.all([
    import('../server/control-plane.js'),
    import('../server/serve.js'),
    import('../server/access-log.js'),
  ])
  const aws = awsSource({ folder, env: (name) => options.env(name), now: () => now() })
  if (options.aws !== undefined) aws.declare({ text: options.aws })
  // From the last that was opened to the first.
  const closing: (() => Promise<void>)[] = [() => aws.close()]
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one()
  }
  try {
    // A mistake in a sandbox is told now, not with the first request that needs it.
    const answer = options.aws === undefined ? undefined : (await aws.open()).answer
    const plane = await openControlPlane({
      database: resolve(folder, options.database ?? defaultDatabase),
      now,
      random,
      aws: () => aws.open(),
      ...(options.generation !== undefined && { generation: options.generation }),
      log: (line) => options.log(formatAccessLogLine(line)),
    })
    closing.push(() => plane.close())
    await plane.resume()
    const listening = await serve(plane, { ...place, signal: stop })
    closing.push(() => listening.close())
    if (awsPlace === undefined) return { url: listening.url, close }
    if (answer === undefined)
      throw refuse('Only a sandbox listens, and none is named.', 'Name it as well: --aws sandbox:FILE.')
    const listeningAws = await serve({ fetch: answer }, { ...awsPlace, signal: stop })
    closing.push(() => listeningAws.close())
    return { url: listening.url, awsUrl: listeningAws.url, close }
  } catch (cause) {
    await close()
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
