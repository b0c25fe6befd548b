import { createServer, type Server, type Socket } from 'node:net'
import type { Member } from './member.js'

export type Gate = ReturnType<typeof createGate>

/** So many may wait while no process is up; a client that finds the queue full is turned away at once. */
const MOST_WAITING = 4_096
const LONGEST_WAIT_MS = 30_000

/**
 * Holds the port, and hands every connection to a process of the release that is live. While none is up (all of them
 * died) connections wait instead of being refused.
 */
export function createGate({ port, host }: { port: number; host: string }) {
  let members: readonly Member[] = []
  let turn = 0
  const waiting = new Set<Socket>()
  let server: Server | undefined

  function pass(socket: Socket): void {
    if (socket.destroyed) return
    const up = members.filter(member => member.isUp())
    const next = up[turn++ % up.length]
    if (next) next.give(socket, pass)
    else hold(socket)
  }

  function hold(socket: Socket): void {
    if (waiting.size >= MOST_WAITING) return void socket.destroy()
    waiting.add(socket)
    const forget = () => {
      clearTimeout(late)
      waiting.delete(socket)
    }
    const late = setTimeout(() => socket.destroy(), LONGEST_WAIT_MS)
    socket.once('close', forget)
    socket.once('given', forget)
    socket.on('error', () => undefined)
  }

  function release(): void {
    if (!members.some(member => member.isUp())) return
    for (const socket of waiting) {
      waiting.delete(socket)
      socket.emit('given')
      pass(socket)
    }
  }

  return {
    waiting: () => waiting.size,
    isOpen: () => server !== undefined,
    port: () => {
      const address = server?.address()
      return address && typeof address === 'object' ? address.port : port
    },

    /** From now on every new connection goes to these. Opens the port where it is not open yet. */
    async sendTo(to: readonly Member[]): Promise<void> {
      members = to
      for (const member of to) member.onChange(release)
      if (!server) server = await open(port, host, pass)
      release()
    },

    close(): void {
      members = []
      // the port is free at once; the end of it would come when the last connection ended, in whichever process
      server?.close()
      server = undefined
      for (const socket of waiting) socket.destroy()
    },
  }
}

function open(port: number, host: string, onConnection: (socket: Socket) => void): Promise<Server> {
  // not a byte is read here: it would be lost for the process that answers
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, onConnection)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // systemd may have opened the port already and keeps it while we start again (sd_listen_fds(3))
    server.listen(port === SYSTEMD ? { fd: 3 } : { port, host, backlog: 1_024 }, () => resolve(server))
  })
}

/** `port` for a socket that systemd hands over. */
export const SYSTEMD = -1
