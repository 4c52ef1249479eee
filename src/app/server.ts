import type { ServerOptions, StartedServer } from '../app.js'
import type { ControlPlane } from '../server/control-plane.js'
import { isLoopback } from '../server/loopback.js'
import { awsSource } from './aws.js'
import { type Place, readListen, refuse } from './listen.js'
import { planeDatabase } from './plane-database.js'
import { random } from './system.js'
import { readTlsFiles } from './tls-files.js'

/** Runs the control plane on a socket, until `stop`. Other machines are let in with tokens only, and through TLS. */
export async function startServer(options: ServerOptions): Promise<StartedServer> {
  const { folder, now, stop } = options
  const place = readListen(options.listen)
  const isLocal = isLoopback(place.host)
  if (!isLocal && options.tls === undefined && options.insecureHttp !== true)
    throw refuse(
      `${place.host} is not an address of this machine alone, and tokens and secrets would go over the network in clear.`,
      'Give --tls-cert and --tls-key; or --insecure-http, if only a proxy that speaks TLS can connect. Or listen on 127.0.0.1.',
    )
  const awsPlace = options.awsListen === undefined ? undefined : readListen(options.awsListen)
  if (awsPlace !== undefined && !isLoopback(awsPlace.host))
    throw refuse(
      `${awsPlace.host} is not an address of this machine alone, and a sandbox is for trying things out.`,
      'Let it listen on 127.0.0.1.',
    )
  const tls = options.tls === undefined ? undefined : await readTlsFiles(folder, options.tls)
  const [
    { openControlPlane },
    { serve },
    { formatAccessLogLine, formatWorkLogLine },
    { pathTo },
    { systemNames },
  ] = await Promise.all([
    import('../server/control-plane.js'),
    import('../server/serve.js'),
    import('../server/access-log.js'),
    import('../server/addressed.js'),
    import('../server/system.js'),
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
      ...planeDatabase(folder, options, (name) => options.env(name)),
      now,
      random,
      aws: () => aws.open(),
      tokens: isLocal ? 'if-any' : 'required',
      ...(options.generation !== undefined && { generation: options.generation }),
      log: (line) => options.log(formatAccessLogLine(line)),
      logWork: (line) => options.log(formatWorkLogLine(line)),
    })
    closing.push(() => plane.close())
    if (!isLocal) await requireTokens(plane, place)
    await plane.resume()
    const listening = await serve(plane, { ...place, signal: stop, ...(tls !== undefined && { tls }) })
    closing.push(() => listening.close())
    const started = {
      url: listening.url,
      endpoints: new Map(
        systemNames.map((name) => [name, `${listening.url.replace(/\/$/, '')}${pathTo(name)}`] as const),
      ),
      asksForTokens: !isLocal || (await plane.hasTokens()),
      async reloadTls() {
        if (options.tls !== undefined) listening.replaceTls(await readTlsFiles(folder, options.tls))
      },
      close,
    }
    if (awsPlace === undefined) return started
    if (answer === undefined)
      throw refuse('Only a sandbox listens, and none is named.', 'Name it as well: --aws sandbox:FILE.')
    const listeningAws = await serve({ fetch: answer }, { ...awsPlace, signal: stop })
    closing.push(() => listeningAws.close())
    return { ...started, awsUrl: listeningAws.url }
  } catch (cause) {
    await close()
    throw cause
  }
}

async function requireTokens(plane: ControlPlane, { host }: Place): Promise<void> {
  if (await plane.hasTokens()) return
  throw refuse(
    `${host} is not an address of this machine alone, and nobody has a token to call with.`,
    'Make one: rolecall serve token create --system=vault --scope=read --scope=write. Or listen on 127.0.0.1.',
  )
}
