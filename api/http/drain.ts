import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export type Drain = {
  /** From now on every answer says that it is its connection's last. What is idle stays open: its next request is on its way, maybe. */
  begin(): void
  /** Traffic may come again. Connections that were told to close do. */
  cancel(): void
  /** Resolves as soon as no connection is left, but for those of the door. */
  empty(): Promise<void>
}

/**
 * Lets clients go without a failed request. A connection that is closed while it is idle may meet a request that was
 * just sent on it, and the client cannot tell whether that was done; one that was told so in an answer is not used
 * again (RFC 9112, 9.6).
 */
export function createDrain(server: Server): Drain {
  let isDraining = false
  let whenEmpty: (() => void)[] = []
  const sockets = new Set<Socket>()
  const answers = new Set<ServerResponse>()
  const settle = () => {
    if (sockets.size > 0) return
    for (const tell of whenEmpty) tell()
    whenEmpty = []
  }
  server.on('connection', (socket: Socket) => {
    // a connection without an address came through the door, from this machine's supervisor
    if (socket.remoteAddress === undefined) return
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      settle()
    })
  })
  server.prependListener('request', (_request, answer: ServerResponse) => {
    answers.add(answer)
    answer.once('close', () => answers.delete(answer))
    if (isDraining) answer.shouldKeepAlive = false
  })
  return {
    begin() {
      isDraining = true
      // an answer whose head is out already cannot say it any more; the next on its connection will
      for (const answer of answers) answer.shouldKeepAlive = false
    },
    cancel() {
      isDraining = false
    },
    empty: () =>
      new Promise(resolve => {
        whenEmpty.push(resolve)
        settle()
      }),
  }
}
