import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A door before a server: open, shut (nobody gets in and who was in is thrown out), or frozen (nothing moves). */
export type Gate = {
  port: number
  /** The same URL, through this door. */
  through(url: string): string
  shut(): Promise<void>
  open(): Promise<void>
  freeze(): void
  thaw(): void
  /** Those who are in stay, and never hear or say anything again; who comes now gets through. */
  strand(): number
  close(): Promise<void>
}

export async function openGate(target: string): Promise<Gate> {
  const { hostname, port: targetPort } = new URL(target)
  const pairs = new Set<Socket[]>()
  const stranded = new Set<Socket>()
  let isFrozen = false
  let server = await listening(0)
  const port = (server.address() as AddressInfo).port

  async function listening(at: number): Promise<Server> {
    const made = createServer(inward => {
      const outward = connect(Number(targetPort), hostname)
      const pair = [inward, outward]
      pairs.add(pair)
      for (const [here, there] of [
        [inward, outward],
        [outward, inward],
      ] as const) {
        here.on('error', () => there.destroy())
        here.on('close', () => {
          if (!stranded.has(here)) there.destroy()
          pairs.delete(pair)
        })
        here.on('data', chunk => {
          if (!stranded.has(here)) there.write(chunk)
        })
        if (isFrozen) here.pause()
      }
    })
    await new Promise<void>((resolve, reject) => made.once('error', reject).listen(at, '127.0.0.1', resolve))
    return made
  }
  const sockets = () => [...pairs].flat()

  return {
    port,
    through(url) {
      const inside = new URL(url)
      inside.hostname = '127.0.0.1'
      inside.port = String(port)
      return inside.href
    },
    async shut() {
      const closed = new Promise(resolve => server.close(resolve))
      for (const socket of sockets()) socket.destroy()
      await closed
    },
    async open() {
      server = await listening(port)
    },
    freeze() {
      isFrozen = true
      for (const socket of sockets()) socket.pause()
    },
    thaw() {
      isFrozen = false
      for (const socket of sockets()) socket.resume()
    },
    strand() {
      const before = sockets()
      for (const socket of before) stranded.add(socket)
      return before.length / 2
    },
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      for (const socket of sockets()) socket.destroy()
      await closed
    },
  }
}
