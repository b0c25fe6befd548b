import { Agent, request } from 'node:http'

export type Stream = { failures: string[]; commits: Set<string>; answered: number; stop(): Promise<void> }

/** Asks without a pause, over kept connections and fresh ones, until it is stopped. */
export function startStream(port: number, { lanes = 6, path = '/who' } = {}): Stream {
  const kept = new Agent({ keepAlive: true, maxSockets: lanes })
  const stream: Stream = { failures: [], commits: new Set(), answered: 0, stop }
  let isStopping = false
  const once = (agent: Agent | false) =>
    new Promise<void>(resolve => {
      const fail = (error: Error) => {
        stream.failures.push(`${agent ? 'kept' : 'fresh'}: ${error.message}`)
        resolve()
      }
      const sent = request({ port, host: '127.0.0.1', path, agent, timeout: 10_000 }, answer => {
        let body = ''
        answer.on('data', chunk => {
          body += String(chunk)
        })
        answer.on('error', fail)
        answer.on('end', () => {
          stream.answered++
          if (answer.statusCode === 200) stream.commits.add(JSON.parse(body).commit)
          else stream.failures.push(`${answer.statusCode} ${body}`)
          resolve()
        })
      })
      sent.on('timeout', () => sent.destroy(new Error('no answer within 10 s')))
      sent.on('error', fail)
      sent.end()
    })
  const running = Array.from({ length: lanes }, async (_, lane) => {
    while (!isStopping) await once(lane % 2 === 0 ? kept : false)
  })
  async function stop() {
    isStopping = true
    await Promise.all(running)
    kept.destroy()
  }
  return stream
}
