import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * What stands for the verb `LIST` between the socket and the server: as long as it, known to Node's parser, and used by
 * nobody.
 */
export const listStandIn = 'LINK'

const list = Buffer.from('LIST ')

/**
 * Lets a server take the verb `LIST`, which clients of Vault send and Node's parser refuses before anybody can be asked. The
 * first bytes of a request are rewritten on their way from the socket to the parser; where a request begins is known because
 * the one before it has been read and answered in full. So a `LIST` that is sent behind another request without waiting for
 * its answer is still refused.
 */
export function acceptListVerb(server: Server): void {
  const busy = new WeakSet<Socket>()
  const watch = (socket: Socket) => {
    let head = Buffer.alloc(0)
    const push = socket.push.bind(socket)
    socket.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
      if (!Buffer.isBuffer(chunk) || busy.has(socket)) return push(chunk, encoding)
      head = Buffer.concat([head, chunk])
      // The verb may arrive in pieces.
      if (head.length < list.length && list.subarray(0, head.length).equals(head)) return true
      busy.add(socket)
      if (head.subarray(0, list.length).equals(list)) head.write(listStandIn)
      const whole = head
      head = Buffer.alloc(0)
      return push(whole)
    }
    // Otherwise the parser reads from the system itself, past the socket.
    socket.on('data', () => {})
  }
  // Below TLS the bytes are no requests.
  server.on('setSecureContext' in server ? 'secureConnection' : 'connection', watch)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    const free = () => busy.delete(socket)
    response.once('close', () => {
      if (request.complete) free()
      else request.once('end', free)
    })
  })
}
