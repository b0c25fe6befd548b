import { connect, createServer } from 'node:net'

export const LOOPBACK = '127.0.0.1'

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, LOOPBACK, resolve)
  })
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}

/** Sends bytes to a local port and gathers the answer until `enough` says so; null when nobody answers in time. */
export function ask(
  port: number,
  question: Buffer | string,
  enough: (answer: string) => boolean,
  withinMs = 2000,
): Promise<string | null> {
  return new Promise(resolve => {
    let answer = ''
    const socket = connect({ host: LOOPBACK, port })
    const settle = (result: string | null) => {
      socket.destroy()
      resolve(result)
    }
    socket.setTimeout(withinMs, () => settle(null))
    socket.on('error', () => settle(null))
    socket.on('close', () => settle(null))
    socket.on('connect', () => socket.write(question))
    socket.on('data', chunk => {
      answer += chunk.toString('latin1')
      if (enough(answer)) settle(answer)
    })
  })
}
