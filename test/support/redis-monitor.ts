import { connect } from 'node:net'
import { createInterface } from 'node:readline'

export type Command = { source: string; args: string[] }

/**
 * What Redis is asked by anybody, until somebody names `end`. By a socket of its own: commands that come in the same
 * piece as the answer to MONITOR are too early for ioredis.
 */
export async function startMonitor(url: string, end: string): Promise<{ seen: Promise<Command[]> }> {
  const { hostname, port, username, password } = new URL(url)
  const socket = connect(Number(port), hostname)
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  if (password) socket.write(command('AUTH', ...(username ? [username] : []), decodeURIComponent(password)))
  socket.write(command('MONITOR'))
  for (let expected = password ? 2 : 1; expected > 0; expected--) {
    const { value } = await lines.next()
    if (value !== '+OK') throw new Error(`Redis answered ${value}`)
  }
  return { seen: untilEnd() }

  async function untilEnd(): Promise<Command[]> {
    const seen: Command[] = []
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error('Redis went away')
      const read = commandIn(String(value))
      if (read.args.includes(end)) break
      seen.push(read)
    }
    socket.destroy()
    return seen
  }
}

const command = (...words: string[]): string =>
  `*${words.length}\r\n${words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`

/** `+1795782700.670462 [0 127.0.0.1:5000] "GET" "key"` */
function commandIn(line: string): Command {
  const source = /\[\d+ ([^\]]+)\]/.exec(line)?.[1] ?? ''
  return { source, args: [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(match => match[1] as string) }
}
