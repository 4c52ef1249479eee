import { error, Failure } from '../core/diagnostic.js'

/** Where a server listens. */
export interface Place {
  readonly host: string
  readonly port: number
}

/** Reads `HOST:PORT` or `PORT`, which is one of this machine alone. */
export function readListen(listen: string): Place {
  const parts = /^(?:(\[[0-9a-fA-F:]+\]|[^:[\]]+):)?(\d{1,5})$/.exec(listen)
  const port = Number(parts?.[2])
  if (parts === null || port > 65535)
    throw refuse(`${JSON.stringify(listen)} is not HOST:PORT.`, 'For example 127.0.0.1:3005.')
  return { host: (parts[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port }
}

export function refuse(detail: string, help: string): Failure {
  return new Failure(error('app/listen', 'The server cannot listen', { detail, help }))
}
